"""Recurring revenue is kept out of the purchases."""

from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from .recurring_common import RecurringCase


@tagged("post_install", "-at_install")
class TestRecurring(RecurringCase):
    def test_orders(self):
        self._mixed("2026-01-01", 100, 0)
        self._mixed("2026-01-02", 100, 30)
        self._mixed("2026-01-03", 0, 30)
        self.assertEqual([row[1] for row in self._rows()], [100, 130, 30])
        self._mark()
        self.assertEqual(
            self._rows(), [("2026-01-01", 100, True), ("2026-01-02", 100, True)]
        )
        self.contract.product_tmpl_id.recurring_revenue = False
        self.assertEqual([row[1] for row in self._rows()], [100, 130, 30])

    def test_orders_in_another_currency(self):
        euro = self._currency("EUR")
        self._rate(euro, "2020-01-01", 0.5)
        self._mixed("2026-01-02", 100, 30, currency=euro)
        self._mark()
        self.assertEqual(self._rows(), [("2026-01-02", 200, True)])

    def test_credit_notes(self):
        order = self._mixed("2026-01-02", 100, 30)
        invoice = self._invoice_order(order)
        self._refund(invoice, date(2026, 2, 1))
        self._mark()
        # the recurring part of neither counts; the rest was returned in full
        self.assertEqual(
            self._rows(), [("2026-01-02", 100, False), ("2026-02-01", -100, False)]
        )

    def test_credit_note_of_the_recurring_part_only(self):
        order = self._mixed("2026-01-02", 100, 30)
        refund = self._refund(self._invoice_order(order), date(2026, 2, 1), post=False)
        refund.invoice_line_ids.filtered(
            lambda line: line.product_id == self.product
        ).unlink()
        refund.action_post()
        self._mark()
        self.assertEqual(self._rows(), [("2026-01-02", 100, True)])
        # nor does the order count twice on earlier days, where all are read at once
        engine = self.env["lifecycle.engine"]
        history = engine._read_history(self.company, self.today)
        for day in (date(2026, 1, 31), date(2026, 2, 1), self.today):
            for reading in (history, None):
                engine._stage_company(self.company, day, history=reading)
                [row] = self.env.execute_query(
                    SQL(
                        """SELECT order_count, revenue_total::float
                        FROM lifecycle_profile_new WHERE partner_id = %s""",
                        self.partner.id,
                    )
                )
                self.assertEqual(row, (1, 100), f"{day} {bool(reading)}")

    def test_invoices(self):
        self.company.lifecycle_source = "invoice"
        kept = self._invoice_order(self._mixed("2026-01-02", 100, 30))
        self._invoice_order(self._mixed("2026-01-03", 0, 30))
        back = self._invoice_order(self._mixed("2026-01-04", 50, 20))
        self._refund(back, date(2026, 2, 1))
        self._mark()
        self.assertEqual(
            self._rows(),
            [
                ("2026-01-02", 100, True),
                ("2026-01-04", 50, False),
                ("2026-02-01", -50, False),
            ],
        )
        self.assertTrue(kept)

    def test_other_company_is_untouched(self):
        other = self._create_company("Second Company")
        self.contract.product_tmpl_id.company_id = self.company
        self._mark()
        transactions = self.env["lifecycle.transaction"]
        self.assertTrue(transactions._sells_recurring(self.company.id))
        self.assertFalse(transactions._sells_recurring(other.id))
        self.contract.product_tmpl_id.company_id = False
        self.assertTrue(transactions._sells_recurring(other.id))

    def test_costs_nothing_where_there_is_none(self):
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(self.company)
        transactions._select_sale_order(scope)  # what is read once
        with self.assertQueryCount(0):
            query = transactions._select_sale_order(scope)
        self.assertNotIn("recurring", query.code)

    def test_change_is_a_quiet_change_of_rules(self):
        self._recompute()
        runs = self.env["lifecycle.run"]
        domain = [("company_id", "=", self.company.id), ("state", "=", "pending")]
        self.contract.product_tmpl_id.recurring_revenue = False
        self.assertFalse(runs.search(domain))
        self._mark()
        run = runs.search(domain)
        self.assertEqual((run.reason, run.quiet, run.full), ("rules", True, True))

    def test_engine_reads_without_it(self):
        self._mixed("2026-01-01", 100, 10)
        self._mixed("2026-01-15", 0, 10)
        self._mark()
        self._recompute()
        self.assertEqual(
            self._facts(self.partner, "order_count", "revenue_total"), (1, 100)
        )
