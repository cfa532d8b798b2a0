from datetime import datetime

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .common import PosCase


@tagged("post_install", "-at_install")
class TestPosTransactions(PosCase):
    def test_what_is_paid_counts_untaxed(self):
        self._sell(self.buyer, "2026-05-04", 100, tax=20)
        self._sell(self.buyer, "2026-05-05", 50, pay=False)
        self._sell(None, "2026-05-05", 70)
        cancelled = self._sell(self.buyer, "2026-05-06", 30, pay=False)
        cancelled.state = "cancel"
        self.assertEqual(self._rows(), [("2026-05-04", 100, True)])

    def test_day_in_the_time_zone_of_the_company(self):
        self.company.lifecycle_tz = "Asia/Tokyo"
        self._sell(self.buyer, datetime(2026, 5, 4, 20), 100)
        self.assertEqual(self._rows(), [("2026-05-05", 100, True)])

    def test_an_invoiced_order_counts_once(self):
        order = self._sell(self.buyer, "2026-05-04", 100)
        order.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self.assertEqual(order.account_move.state, "posted")
        for source in ("sale_order", "invoice"):
            self.company.lifecycle_source = source
            self.assertEqual(self._rows(), [("2026-05-04", 100, True)], source)
        # other invoices still count
        self._invoice(self.buyer, "2026-05-06", 40)
        self.assertEqual(len(self._rows()), 2)

    def test_an_invoiced_return_counts_once(self):
        order = self._sell(self.buyer, "2026-05-04", 100)
        refund = self._take_back(order, "2026-05-08")
        for document in (order, refund):
            document.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self.assertEqual(refund.account_move.move_type, "out_refund")
        for source in ("sale_order", "invoice"):
            self.company.lifecycle_source = source
            self.assertEqual(
                self._rows(),
                [("2026-05-04", 100, False), ("2026-05-08", -100, False)],
                source,
            )

    def test_a_credit_note_on_the_invoice_takes_back(self):
        order = self._sell(self.buyer, "2026-05-04", 100)
        order.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self._refund(order.account_move, "2026-05-10", 40)
        for source in ("sale_order", "invoice"):
            self.company.lifecycle_source = source
            self.assertEqual(
                self._rows(),
                [("2026-05-04", 100, True), ("2026-05-10", -40, False)],
                source,
            )
        self._refund(order.account_move, "2026-05-12", 60)
        for source in ("sale_order", "invoice"):
            self.company.lifecycle_source = source
            self.assertEqual(self._rows()[0], ("2026-05-04", 100, False), source)
            # as it was known before the second one
            rows = self._rows(day=datetime(2026, 5, 11).date())
            self.assertEqual(rows[0], ("2026-05-04", 100, True), source)

    def test_returns_net_into_the_order(self):
        order = self._sell(
            self.buyer, "2026-05-04", 100, lines=[{"qty": 4, "price_unit": 25}]
        )
        self._take_back(order, "2026-05-08", quantity=1)
        self.assertEqual(
            self._rows(), [("2026-05-04", 100, True), ("2026-05-08", -25, False)]
        )
        self._take_back(order, "2026-05-09")
        self.assertEqual(
            self._rows(),
            [
                ("2026-05-04", 100, False),
                ("2026-05-08", -25, False),
                ("2026-05-09", -75, False),
            ],
        )
        before = self._rows(day=datetime(2026, 5, 8).date())
        self.assertEqual(before[0], ("2026-05-04", 100, True))

    def test_a_return_counts_for_who_had_bought(self):
        order = self._sell(self.buyer, "2026-05-04", 100)
        refund = self._take_back(order, "2026-05-08")
        refund.partner_id = self._partner("Somebody Else")
        self.env.flush_all()
        self.assertEqual(self._rows()[1], ("2026-05-08", -100, False))
        self.assertFalse(self._rows(refund.partner_id))

    def test_an_exchange_is_a_return_and_an_order(self):
        order = self._sell(self.buyer, "2026-05-04", 100)
        line = order.lines
        self._sell(
            self.buyer,
            "2026-05-08",
            50,
            lines=[
                {"qty": -1, "price_unit": 100, "refunded_orderline_id": line.id},
                {"qty": 1, "price_unit": 150},
            ],
        )
        self.assertEqual(
            self._rows(),
            [
                ("2026-05-04", 100, False),
                ("2026-05-08", -100, False),
                ("2026-05-08", 150, True),
            ],
        )

    def test_a_reward_that_is_returned_comes_back_to_the_shop(self):
        order = self._sell(
            self.buyer,
            "2026-05-04",
            90,
            lines=[{"price_unit": 100}, {"price_unit": -10}],
        )
        self._take_back(order, "2026-05-08")
        self.assertEqual(
            self._rows(), [("2026-05-04", 90, False), ("2026-05-08", -90, False)]
        )

    def test_what_settles_a_sales_order_counts_there(self):
        if "sale_order_origin_id" not in self.env["pos.order.line"]._fields:
            self.skipTest("sales orders cannot be settled here")
        sale = self._order(self.buyer, "2026-05-03", 100)
        self._sell(
            self.buyer,
            "2026-05-04",
            130,
            lines=[
                {"price_unit": 100, "sale_order_origin_id": sale.id},
                {"price_unit": 30},
            ],
        )
        self.assertEqual(
            self._rows(), [("2026-05-03", 100, True), ("2026-05-04", 30, True)]
        )
        self.company.lifecycle_source = "invoice"
        self.assertEqual(self._rows(), [("2026-05-04", 130, True)])

    def test_another_currency(self):
        eur = self._currency("EUR")
        self._rate(eur, "2026-05-01", 0.5)
        self._rate(eur, "2026-05-06", 0.8)
        shop = self._create_shop(self.company, eur)
        order = self._sell(self.buyer, "2026-05-04", 100, shop=shop)
        self.assertEqual(order.currency_id, eur)
        self._take_back(order, "2026-05-08")
        self.assertEqual(
            self._rows(), [("2026-05-04", 200, False), ("2026-05-08", -125, False)]
        )

    def test_two_companies(self):
        other = self._create_company("Other Company")
        shop = self._create_shop(other)
        self._sell(self.buyer, "2026-05-04", 100)
        self._sell(self.buyer, "2026-05-05", 30, shop=shop)
        self.assertEqual(self._rows(), [("2026-05-04", 100, True)])
        self._sell(other.partner_id, "2026-05-04", 10)
        self.assertFalse(self._rows(other.partner_id))

    def test_contacts_share_the_customer(self):
        firm = self._partner("Firm", is_company=True)
        person = self._partner("Person", parent_id=firm.id)
        self._sell(person, "2026-05-04", 100)
        self.assertEqual(self._rows(firm), [("2026-05-04", 100, True)])

    def test_listed_with_its_document(self):
        order = self._sell(self.buyer, "2026-05-04", 100)
        refund = self._take_back(order, "2026-05-08")
        self.env.flush_all()
        rows = self.env["lifecycle.transaction"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assertEqual(len(set(rows.ids)), 2)
        self.assertEqual(rows.mapped("source"), ["pos_return", "pos_order"])
        self.assertEqual(rows.mapped("res_id"), [refund.id, order.id])
        self.assertEqual(rows[1].action_open_document()["res_model"], "pos.order")

    def test_history_says_what_was_known(self):
        """Days of the past from one reading: as if each had been asked by itself."""
        order = self._sell(self.buyer, "2026-03-02", 100)
        self._sell(self.buyer, "2026-04-02", 60)
        self._take_back(order, "2026-05-08")
        self.env.flush_all()
        engine = self.env["lifecycle.engine"].with_company(self.company)
        history = engine._read_history(self.company, TODAY)
        for day, orders, revenue in (
            ("2026-03-31", 1, 100),
            ("2026-04-30", 2, 160),
            ("2026-05-31", 1, 60),
        ):
            day = datetime.fromisoformat(day).date()
            facts, _context = engine._score_reading(self.company, day, history)
            row = facts[facts["partner_id"] == self.buyer.id].iloc[0]
            self.assertEqual(row["order_count"], orders, day)
            self.assertEqual(row["revenue_total"], revenue, day)

    def test_customers_are_found_by_index(self):
        """The orders of one customer are not found by reading those of all."""
        query = self.env["lifecycle.transaction"]._get_query(
            self.company, None, [self.buyer.id]
        )
        self.env.cr.execute(SQL("SET LOCAL enable_seqscan = off"))
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        plan = "\n".join(line for (line,) in rows)
        self.assertNotIn("Seq Scan on pos_order", plan)
        self.assertNotIn("Seq Scan on pos_order_line", plan)

    def test_discount_of_a_line(self):
        """A discount of the line is in the amount, and in what comes back of it."""
        order = self._sell(
            self.buyer,
            "2026-05-04",
            180,
            lines=[
                {"qty": 2, "price_unit": 100, "discount": 10, "price_subtotal": 180}
            ],
        )
        self._take_back(order, "2026-05-08", quantity=1)
        self.assertEqual(
            self._rows(), [("2026-05-04", 180, True), ("2026-05-08", -90, False)]
        )
