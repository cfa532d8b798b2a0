from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestLedgerSecurity(PointsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other Company")
        cls.theirs = cls._program("Their Club", company=cls.other)
        cls.seller = cls._user("ledger_seller", "sales_team.group_sale_salesman")
        cls.boss = cls._user("ledger_boss", "sales_team.group_sale_manager")
        cls.plain = cls._user("ledger_plain", "base.group_user")

    @classmethod
    def _user(cls, login, group):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "group_ids": [Command.set(cls.env.ref(group).ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    def test_each_company_its_own(self):
        self._give(self.ann, 30)
        self._give(self.ann, 40, program=self.theirs)
        self.env.flush_all()
        for model in ("loyalty.ledger", "loyalty.lot"):
            seen = self.env[model].with_user(self.seller).search([])
            self.assertEqual(seen.mapped("points"), [30], model)

    def test_who_reads_what(self):
        card = self._give(self.ann, 30)
        entry = self._entries(card, "manual")
        entry.with_user(self.seller).read(["points", "kind", "order_id"])
        for model in ("loyalty.ledger", "loyalty.lot", "loyalty.ledger.difference"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.plain).search([])
        with self.assertRaises(AccessError):
            self.env["loyalty.ledger.difference"].with_user(self.seller).search([])
        self.env["loyalty.ledger.difference"].with_user(self.boss).search([])

    def test_nobody_writes_it_by_hand(self):
        card = self._give(self.ann, 30)
        for user in (self.seller, self.boss):
            ledger = self.ledger.with_user(user)
            with self.assertRaises(AccessError):
                ledger.create(self.ledger._record(card, 1000, kind="manual"))
            with self.assertRaises(UserError):
                self._entries(card, "manual").with_user(user).write({"points": 1})

    def test_seller_confirms_and_cancels(self):
        order = self._buy(self.ann, 100, confirm=False, user_id=self.seller.id)
        order = order.with_user(self.seller)
        order.action_confirm()
        card = self._card(self.ann)
        entry = self._entries(card, "earn")
        self.assertEqual((entry.points, entry.user_id), (100, self.seller))
        order.with_user(self.boss)._action_cancel()
        self.assertEqual(card.points, 0)
        self._assert_balanced(card)

    def test_only_the_boss_accepts_a_difference(self):
        card = self._give(self.ann, 30)
        difference = self.env["loyalty.ledger.difference"].create(
            {"card_id": card.id, "ledger_points": 30, "card_points": 30}
        )
        with self.assertRaises(UserError):
            difference.with_user(self.seller).action_accept()
        difference.with_user(self.boss).action_accept()

    def test_client_cannot_forge_the_reason(self):
        """What a client puts into the context explains nothing, and hides nothing."""
        card = self._give(self.ann, 30)
        bob = self._give(self._partner("Bob"), 20)
        for number, forged in enumerate(
            (
                False,
                {"kept": True},
                {"kind": "earn", "values": {"user_id": self.boss.id}},
                {
                    "parts": {
                        str(card.id): [{"points": 1, "kind": "earn"}],
                        card.id: [{"points": 1, "kind": "earn", "card_id": bob.id}],
                    }
                },
            )
        ):
            mine = card.with_user(self.seller).with_context(loyalty_ledger=forged)
            mine.points += 1
            [*_first, last] = self._entries(card, "manual")
            self.assertEqual(len(_first), number + 1)
            self.assertEqual((last.points, last.user_id), (1, self.seller))
        self.assertEqual(len(self.ledger.search([("card_id", "=", bob.id)])), 1)
        self._assert_balanced(card, bob)

    def test_client_cannot_borrow_a_card(self):
        """The context that widens the search shows no card that rules would hide."""
        self._give(self._partner("Foreign"), 40, program=self.theirs)
        cards = self.env["loyalty.card"].with_user(self.seller)
        foreign = self.env["res.partner"].search([("name", "=", "Foreign")])
        forged = cards.with_context(loyalty_card_owner=(self.ann.id, foreign.id))
        self.assertFalse(forged.search([("partner_id", "=", self.ann.id)]))
