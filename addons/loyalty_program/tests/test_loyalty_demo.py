"""The club of the demo company, a small one: every screen has something to show."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestLoyaltyDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # where the demo company is, its small sister stands beside it
        cls.env["ir.model.data"].search(
            [
                ("module", "in", ("lifecycle_crm", "loyalty_program")),
                ("name", "=like", "demo\\_%"),
            ]
        ).unlink()
        cls.env["res.company"].search(
            [("name", "in", ["Blue Heron Europe", "Blue Heron America"])]
        ).name = "Old"
        for user in cls.env["res.users"].search(
            [("login", "in", ["sara", "mei", "jonas"])]
        ):
            user.login = f"old_{user.login}"
        cls.env["loyalty.program"].search([("tier_ids", "!=", False)]).active = False
        cls.before = cls._count()
        cls.env["lifecycle.demo"]._generate(0.02)
        cls.loaded = cls.env["loyalty.demo"]._generate()
        cls.club = cls.env.ref("loyalty_program.demo_club")

    @classmethod
    def _count(cls):
        models = ("mail.mail", "mail.activity", "mail.notification")
        return {model: cls.env[model].search_count([]) for model in models}

    def test_nothing_is_sent(self):
        self.assertTrue(self.loaded)
        self.assertEqual(self._count(), self.before)

    def test_once(self):
        self.assertFalse(self.env["loyalty.demo"]._generate())

    def test_members_of_every_tier_and_what_moved_them(self):
        members = self.env["loyalty.membership"].search(
            [("program_id", "=", self.club.id)]
        )
        self.assertEqual(members.tier_id, self.club.tier_ids)
        self.assertEqual(len(members.filtered("pinned_tier_id")), 1)
        moves = self.env["lifecycle.transition"].search(
            [("loyalty_program_id", "=", self.club.id)]
        )
        self.assertTrue(moves.filtered(lambda move: move.cause == "purchase"))
        self.assertTrue(moves.filtered(lambda move: move.cause == "manual"))

    def test_ledger_has_every_reason_and_proves_the_cards(self):
        ledger = self.env["loyalty.ledger"].search([("program_id", "=", self.club.id)])
        self.assertLessEqual(
            {"earn", "redeem", "expire", "manual"}, set(ledger.mapped("kind"))
        )
        differences = self.env["loyalty.ledger.difference"].search(
            [("program_id", "=", self.club.id)]
        )
        self.assertEqual(len(differences.filtered("closed_on")), 1)
        self.assertEqual(len(differences.filtered(lambda d: not d.closed_on)), 2)
        open_cards = differences.filtered(lambda d: not d.closed_on).card_id
        for card in ledger.card_id:
            total = sum(card.ledger_ids.mapped("points"))
            with self.subTest(card=card.id):
                if card in open_cards:
                    self.assertGreater(abs(card.points - total), 1)
                else:
                    self.assertAlmostEqual(card.points, total, 4)

    def test_every_screen_has_rows(self):
        wallet = self.env.ref("loyalty_program.demo_wallet")
        for model, domain in (
            ("loyalty.lot", [("program_id", "=", self.club.id)]),
            ("loyalty.ledger", [("program_id", "=", wallet.id)]),
            ("loyalty.perk.report", [("program_id", "=", self.club.id)]),
            ("loyalty.tier.simulation", [("program_id", "=", self.club.id)]),
        ):
            with self.subTest(model=model):
                self.assertTrue(self.env[model].search_count(domain))
        kinds = self.env["loyalty.perk.report"].search([]).mapped("kind")
        self.assertLessEqual({"sales", "points", "cashback"}, set(kinds))
