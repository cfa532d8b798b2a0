from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestCredits(LifecycleCase):
    """What comes back: credit notes on orders, and the invoices as a source."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")
        cls.eur = cls._currency("EUR")

    def _assert_figures(self, orders, revenue, last=None, as_of=None, history=None):
        """What the profile says on a day, by way of the staging table."""
        engine = self.env["lifecycle.engine"]
        engine._stage_company(self.company, as_of, history=history)
        self.env.cr.execute(
            """SELECT order_count, revenue_total, last_order_date
            FROM lifecycle_profile_new WHERE partner_id = %s""",
            [self.partner.id],
        )
        [[order_count, revenue_total, last_order_date]] = self.env.cr.fetchall()
        self.assertEqual((order_count, float(revenue_total)), (orders, revenue))
        if last:
            self.assertEqual(str(last_order_date), last)

    # -- credit notes on orders --------------------------------------------------

    def test_invoice_does_not_count_beside_its_order(self):
        self._invoice_order(self._order(self.partner, "2026-06-01", 100))
        self._assert_figures(1, 100)

    def test_partial_credit(self):
        order = self._order(self.partner, "2026-06-01", 100)
        self._refund(self._invoice_order(order), "2026-06-05", 30)
        self._assert_figures(1, 70, "2026-06-01")
        # it was not known before
        self._assert_figures(1, 100, as_of=date(2026, 6, 4))

    def test_full_credit(self):
        self._order(self.partner, "2026-05-01", 40)
        order = self._order(self.partner, "2026-06-01", 100)
        self._refund(self._invoice_order(order), "2026-06-05")
        self._assert_figures(1, 40, "2026-05-01")
        self._assert_figures(2, 140, "2026-06-01", as_of=date(2026, 6, 4))

    def test_only_order_credited_in_full(self):
        order = self._order(self.partner, "2026-06-01", 100)
        self._refund(self._invoice_order(order), "2026-06-05")
        self._recompute()
        profile = self._profile(self.partner)
        self.assertEqual((profile.order_count, profile.revenue_total), (0, 0))
        self.assertFalse(profile.last_order_date)
        self.assertFalse(profile.rfm_code)
        self.assertEqual(profile.stage_id, self._stage("lead"))

    def test_two_credits_make_a_full_one(self):
        order = self._order(self.partner, "2026-06-01", 100)
        invoice = self._invoice_order(order)
        self._refund(invoice, "2026-06-05", 30)
        self._refund(invoice, "2026-06-10", 70)
        self._assert_figures(0, 0)
        self._assert_figures(1, 70, as_of=date(2026, 6, 9))

    def test_draft_and_cancelled_credits_do_not_count(self):
        order = self._order(self.partner, "2026-06-01", 100)
        invoice = self._invoice_order(order)
        self._refund(invoice, "2026-06-05", post=False)
        cancelled = self._refund(invoice, "2026-06-05")
        cancelled.button_draft()
        cancelled.button_cancel()
        self._assert_figures(1, 100)

    def test_credited_and_invoiced_again_is_a_correction(self):
        order = self._order(self.partner, "2026-06-01", 100)
        self._refund(self._invoice_order(order), "2026-06-05")
        again = self._invoice_order(order, date(2026, 6, 6))
        self.assertEqual(again.amount_untaxed, 100)
        self._assert_figures(1, 100, "2026-06-01")
        self._assert_figures(0, 0, as_of=date(2026, 6, 5))

    def test_invoiced_again_for_less(self):
        order = self._order(self.partner, "2026-06-01", 100)
        self._refund(self._invoice_order(order), "2026-06-05")
        again = order._create_invoices()
        again.invoice_line_ids.price_unit = 60
        again.invoice_date = "2026-06-06"
        again.action_post()
        self._assert_figures(1, 60)

    def test_foreign_currency(self):
        self._rate(self.eur, "2026-01-01", 0.5)
        order = self._order(self.partner, "2026-06-01", 100, self.eur)
        invoice = self._invoice_order(order)
        self._refund(invoice, "2026-06-05", 25)
        self._assert_figures(1, 150)
        self._refund(invoice, "2026-06-06", 75)
        self._assert_figures(0, 0)

    def test_foreign_currency_after_the_rate_moved(self):
        self._rate(self.eur, "2026-01-01", 0.5)
        self._rate(self.eur, "2026-06-05", 0.8)
        order = self._order(self.partner, "2026-06-01", 100, self.eur)
        self._refund(self._invoice_order(order), "2026-06-05")
        # 200 sold, 125 given back: the order is none all the same
        self._assert_figures(0, 75)

    def test_down_payment(self):
        order = self._order(self.partner, "2026-06-01", 100)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30,
            }
        )
        wizard.create_invoices()
        deposit = order.invoice_ids
        deposit.invoice_date = "2026-06-02"
        deposit.action_post()
        self._assert_figures(1, 100)
        rest = order._create_invoices(final=True)
        rest.invoice_date = "2026-06-03"
        rest.action_post()
        self.assertEqual(rest.amount_untaxed, 70)
        self._assert_figures(1, 100)
        # all of it given back
        self._refund(rest, "2026-06-04")
        self._refund(deposit, "2026-06-04")
        self._assert_figures(0, 0)

    def test_down_payment_given_back_is_no_return(self):
        order = self._order(self.partner, "2026-06-01", 100)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30,
            }
        )
        wizard.create_invoices()
        deposit = order.invoice_ids
        deposit.invoice_date = "2026-06-02"
        deposit.action_post()
        self._refund(deposit, "2026-06-03")
        self._assert_figures(1, 100)
        # nor does it count twice on earlier days, where all days are read at once
        history = self.env["lifecycle.engine"]._read_history(self.company, self.today)
        for day in (date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3), self.today):
            self._assert_figures(1, 100, as_of=day, history=history)
            self._assert_figures(1, 100, as_of=day)

    def test_refund_that_belongs_to_no_order(self):
        # nobody can tell what it takes back: in this source it does not count
        self._order(self.partner, "2026-06-01", 100)
        self._invoice(self.partner, "2026-06-05", 40, move_type="out_refund")
        self._assert_figures(1, 100)

    # -- invoices as the source ----------------------------------------------------

    def _by_invoice(self):
        self.company.lifecycle_source = "invoice"

    def test_invoices(self):
        self._by_invoice()
        self._order(self.partner, "2026-06-01", 7)
        self._invoice(self.partner, "2026-06-02", 100)
        self._invoice(self.partner, "2026-06-03", 20, move_type="out_receipt")
        self._invoice(self.partner, "2026-06-04", 1000, post=False)
        self._invoice(self.partner, "2026-06-05", 1000).button_cancel()
        self._invoice(self.partner, "2026-06-16", 1000)
        self._assert_figures(2, 120, "2026-06-03")

    def test_invoice_of_a_contact(self):
        self._by_invoice()
        self.partner.is_company = True
        contact = self._partner("Contact", parent_id=self.partner.id)
        self._invoice(contact, "2026-06-02", 100)
        self._assert_figures(1, 100)

    def test_partial_and_full_refund_of_an_invoice(self):
        self._by_invoice()
        invoice = self._invoice(self.partner, "2026-06-01", 100)
        self._refund(invoice, "2026-06-02", 99)
        self._assert_figures(1, 1, "2026-06-01")
        self._refund(invoice, "2026-06-03", 1)
        self._assert_figures(0, 0)
        self._assert_figures(1, 1, as_of=date(2026, 6, 2))
        self._assert_figures(1, 100, as_of=date(2026, 6, 1))

    def test_reversal_wizard(self):
        self._by_invoice()
        invoice = self._invoice(self.partner, "2026-06-01", 100)
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        wizard = self.env["account.move.reversal"].with_context(**context)
        wizard = wizard.create(
            {"date": "2026-06-02", "journal_id": invoice.journal_id.id}
        )
        wizard.modify_moves()  # reversed, and a new draft to correct
        self._assert_figures(0, 0)
        draft = wizard.new_move_ids.filtered(lambda move: move.state == "draft")
        draft.write({"invoice_date": "2026-06-03"})
        draft.invoice_line_ids.price_unit = 80
        draft.action_post()
        self._assert_figures(1, 80, "2026-06-03")

    def test_standalone_refund(self):
        self._by_invoice()
        self._invoice(self.partner, "2026-06-01", 100)
        self._invoice(self.partner, "2026-06-02", 130, move_type="out_refund")
        self._assert_figures(1, -30, "2026-06-01")

    def test_bill_is_no_purchase(self):
        self._by_invoice()
        self._invoice(self.partner, "2026-06-01", 100)
        account = self.company.income_currency_exchange_account_id
        purchase = self.env["account.journal"].create(
            {
                "name": "Bills",
                "code": "BILL",
                "type": "purchase",
                "default_account_id": account.id,
            }
        )
        self._invoice(
            self.partner,
            "2026-06-02",
            500,
            move_type="in_invoice",
            journal_id=purchase.id,
            post=False,
        )
        self._assert_figures(1, 100)

    def test_foreign_invoice(self):
        self._by_invoice()
        self._rate(self.eur, "2026-01-01", 0.5)
        self._invoice(self.partner, "2026-06-01", 100, self.eur)
        self._assert_figures(1, 200)

    def test_foreign_invoice_credited_after_the_rate_moved(self):
        self._by_invoice()
        self._rate(self.eur, "2026-01-01", 0.5)
        self._rate(self.eur, "2026-06-05", 0.8)
        invoice = self._invoice(self.partner, "2026-06-01", 100, self.eur)
        self._refund(invoice, "2026-06-05", 50)
        self._assert_figures(1, 137.5)
        self._refund(invoice, "2026-06-05", 50)
        self._assert_figures(0, 75)
