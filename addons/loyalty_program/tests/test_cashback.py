from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestCashback(PointsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wallet = cls._program("Test Wallet", "ewallet", cashback_percent=5)

    def _invoiced(self, amount=200):
        order = self._order(self.ann, self.today, amount, state="draft")
        order.action_confirm()
        return order, self._invoice_order(order, self.today)

    def _credit(self):
        return self._card(self.ann, self.wallet).points

    def test_paid_invoice_gives_credit_once(self):
        _order, invoice = self._invoiced()
        self.assertFalse(self._card(self.ann, self.wallet))
        self._pay(invoice)
        self.assertEqual(self._credit(), 10)
        invoice._invoice_paid_hook()
        self.assertEqual(self._credit(), 10)
        [entry] = self._entries(self._card(self.ann, self.wallet), "cashback")
        self.assertEqual((entry.move_id, entry.cashback_percent), (invoice, 5))
        self._assert_balanced(self._card(self.ann, self.wallet))

    def test_no_message_of_its_own(self):
        template = self.env.ref("loyalty.mail_template_loyalty_card")
        self.wallet.mail_template_id = template
        self.ann.email = "ann@example.com"
        before = self.env["mail.mail"].search_count([])
        self._pay(self._invoiced()[1])
        self.assertEqual(self._credit(), 10)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_tier_gives_more(self):
        self.club.cashback_program_id = self.wallet
        gold = self.env["loyalty.tier"].create(
            {
                "program_id": self.club.id,
                "name": "Gold",
                "threshold": 100,
                "cashback_percent": 8,
            }
        )
        self.env["loyalty.membership"].search(
            [("partner_id", "=", self.ann.id)]
        ).sudo().unlink()
        self.env["loyalty.membership"].create(
            {
                "partner_id": self.ann.id,
                "program_id": self.club.id,
                "company_id": self.company.id,
                "tier_id": gold.id,
            }
        )
        _order, invoice = self._invoiced()
        self._pay(invoice)
        self.assertEqual(self._credit(), 16)
        # the rate of a tier that is lowered later is not taken back with a return
        gold.cashback_percent = 1
        self._refund(invoice, self.today, 50)
        self.assertEqual(self._credit(), 12)

    def test_return_takes_credit_in_proportion(self):
        order, invoice = self._invoiced()
        self._pay(invoice)
        self._refund(invoice, self.today, 50)
        self.assertEqual(self._credit(), 7.5)
        self._refund(invoice, self.today, 50)
        self.assertEqual(self._credit(), 5)
        note = self._refund(invoice, self.today)
        self.assertEqual(self._credit(), 0)
        note.button_draft()
        self.assertEqual(self._credit(), 5)
        self._assert_balanced(self._card(self.ann, self.wallet))
        self.assertTrue(order)

    def test_payment_taken_back(self):
        _order, invoice = self._invoiced()
        payment = self._pay(invoice)
        self.assertEqual(self._credit(), 10)
        invoice.line_ids.remove_move_reconcile()
        payment.action_cancel()
        self.assertEqual(invoice.payment_state, "not_paid")
        with self._no_commit():
            self.env["loyalty.lot"]._cron_expire()
        self.assertEqual(self._credit(), 0)
        self._pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self._credit(), 10)
        self._assert_balanced(self._card(self.ann, self.wallet))

    def test_credited_before_it_was_paid(self):
        _order, invoice = self._invoiced()
        note = self._refund(invoice, self.today, 50)
        (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(invoice.payment_state, "partial")
        self._pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self._credit(), 7.5)
        self._refund(invoice, self.today, 150)
        self.assertEqual(self._credit(), 0)
        self._assert_balanced(self._card(self.ann, self.wallet))

    def test_posted_again_for_less(self):
        invoice = self._invoice(self.ann, self.today, 200)
        self._pay(invoice)
        self.assertEqual(self._credit(), 10)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 100
        invoice.action_post()
        self._pay(invoice)
        self.assertEqual(self._credit(), 5)
        self._assert_balanced(self._card(self.ann, self.wallet))

    def test_a_night_asks_no_more_for_what_was_taken(self):
        _order, invoice = self._invoiced()
        payment = self._pay(invoice)
        invoice.line_ids.remove_move_reconcile()
        payment.action_cancel()
        ledger = self.env["loyalty.ledger"]
        ledger._take_unpaid_cashback()
        self.assertEqual(self._credit(), 0)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            ledger._take_unpaid_cashback()

    def test_topping_up_is_no_purchase(self):
        top_up = self.env["product.product"].create(
            {
                "name": "Top-up",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )
        self.wallet.rule_ids = [
            Command.create({"product_ids": [Command.set(top_up.ids)]})
        ]
        invoice = self._invoice(self.ann, self.today, 100, post=False)
        invoice.invoice_line_ids.product_id = top_up
        invoice.invoice_line_ids.write({"price_unit": 100})
        invoice.action_post()
        self._pay(invoice)
        self.assertFalse(self._card(self.ann, self.wallet))

    def test_other_currency(self):
        euro = self._currency("EUR")
        self._rate(euro, "2026-01-01", 0.5)
        invoice = self._invoice(self.ann, self.today, 100, currency=euro)
        self._pay(invoice)
        self.assertEqual(self._credit(), 10)  # 5% of 200 dollars
        self._refund(invoice, self.today, 50)
        self.assertEqual(self._credit(), 5)

    def test_other_company_and_archived_wallet(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        invoice = self._invoice(self.ann, self.today, 100, company=other)
        self._pay(invoice)
        self.assertFalse(self._card(self.ann, self.wallet))
        self.wallet.active = False
        self._pay(self._invoice(self.ann, self.today, 100))
        self.assertFalse(self._card(self.ann, self.wallet))

    def test_bad_settings(self):
        with self.assertRaisesRegex(ValidationError, "Cashback Goes To"):
            self.club.cashback_program_id = self._program("No Wallet")
        other = self._create_company("Other Company")
        with self.assertRaisesRegex(ValidationError, "Other Company"):
            self.club.cashback_program_id = self._program(
                "Theirs", "ewallet", company=other
            )

    def test_ready_made_programmes(self):
        programs = self.env["loyalty.program"].with_company(self.company)
        for menu, names in (
            ("gift_ewallet", ["cashback"]),
            (None, ["points_club", "punch_card"]),
        ):
            menu_programs = programs.with_context(menu_type=menu)
            for name in names:
                self.assertIn(name, menu_programs.get_program_templates())
                action = menu_programs.create_from_template(name)
                program = programs.browse(action["res_id"])
                self.assertTrue(program.reward_ids, name)
                if name == "points_club":
                    self.assertEqual(len(program.tier_ids), 4)
                    self.assertEqual(program.point_life_months, 12)
                if name == "cashback":
                    self.assertEqual(program.cashback_percent, 3)
                if name == "punch_card":
                    self.assertEqual(program.reward_ids.required_points, 9)
                    self.assertEqual(program.rule_ids.reward_point_mode, "unit")

    def test_ready_made_programmes_by_menu(self):
        for name, program_type in (
            ("points_club", "loyalty"),
            ("punch_card", "loyalty"),
            ("cashback", "ewallet"),
        ):
            action = self.env.ref(f"loyalty_program.action_new_{name}").run()
            program = self.env["loyalty.program"].browse(action["res_id"])
            self.assertEqual(program.program_type, program_type)
            self.assertTrue(program.active)

    def test_invoice_put_back_to_draft_takes_credit_at_once(self):
        _order, invoice = self._invoiced()
        self._pay(invoice)
        self.assertEqual(self._credit(), 10)
        invoice.button_draft()
        self.assertEqual(self._credit(), 0)
        # the payment was kept
        invoice.action_post()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self._credit(), 10)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self._credit(), 0)
        self._assert_balanced(self._card(self.ann, self.wallet))

    def test_a_branch_gives_cashback_of_its_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.assertTrue(self.wallet._is_used_by(branch))
        self.assertFalse(self.wallet._is_used_by(self._create_company("Stranger")))
        self.wallet.company_id = branch
        self.assertFalse(self.wallet._is_used_by(self.company))
