"""Evidence in what a customer buys: smaller orders, discounts."""

from datetime import date, timedelta

from odoo.tests import tagged

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestOrderValue(EvidenceCase):
    def _orders(self, *amounts, **values):
        return [
            self._order(
                self.customer, date(2025, 1, 1) + timedelta(30 * n), amount, **values
            )
            for n, amount in enumerate(amounts)
        ]

    def test_smaller(self):
        orders = self._orders(100, 100, 100, 60, 70, 80)
        line = self._found("order_value")
        self.assertEqual(
            (line.date, line.amount, line.weight),
            (orders[-1].date_order.date(), 30, 0.3),
        )
        self.assertEqual((line.res_model, line.res_id), ("sale.order", orders[-1].id))
        self.assertEqual(
            line.sentence,
            "The last 3 orders were 30 % smaller than those before: "
            "$\xa070.00 on average instead of $\xa0100.00",
        )

    def test_border(self):
        self._orders(100, 100, 100, 70, 70, 70.03)
        self.assertFalse(self._found("order_value"))

    def test_needs_three_before(self):
        self._orders(100, 100, 10, 10, 10)
        self.assertFalse(self._found("order_value"))

    def test_larger(self):
        self._orders(100, 100, 100, 170, 170, 170)
        self.assertFalse(self._found("order_value"))

    def test_returned_order_is_none(self):
        orders = self._orders(100, 100, 100, 10, 10, 10)
        self.assertTrue(self._found("order_value"))
        self._refund(self._invoice_order(orders[0]), "2026-01-01")
        self.assertFalse(self._found("order_value"))  # two before only

    def test_what_was_known(self):
        orders = self._orders(100, 100, 100, 10, 10, 10)
        day = orders[-1].date_order.date()
        self.assertFalse(self._found("order_value", as_of=day - timedelta(1)))
        self.assertTrue(self._found("order_value", as_of=day))

    def test_currency_and_companies(self):
        euro = self._currency("EUR")
        self._rate(euro, "2024-01-01", 0.5)
        self._orders(100, 100, 100)
        self._orders(40, 40, 40, currency=euro)  # 80 each: not 30 % less
        self.assertFalse(self._found("order_value"))
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        self._orders(100, 100, 100, 50, 50, 50, company=other)
        self.assertFalse(self._found("order_value"))
        self.assertEqual(self._found("order_value", company=other).weight, 0.5)

    def test_invoices_as_source(self):
        self.company.lifecycle_source = "invoice"
        for n, amount in enumerate((100, 100, 100, 50, 50, 50)):
            day = date(2025, 1, 1) + timedelta(30 * n)
            move = self._invoice(self.customer, day, amount)
        line = self._found("order_value")
        self.assertEqual((line.res_model, line.res_id), ("account.move", move.id))


@tagged("post_install", "-at_install")
class TestDiscount(EvidenceCase):
    def _orders(self, *discounts, first=date(2026, 1, 1), **values):
        return [
            self._sale(
                self.customer,
                first + timedelta(10 * n),
                (self.product, 100, {"discount": discount}),
                **values,
            )
            for n, discount in enumerate(discounts)
        ]

    def test_always(self):
        orders = self._orders(10, 20, 10, 50)
        line = self._found("discount")
        self.assertEqual((line.amount, line.weight), (90, 1))
        self.assertEqual(line.res_id, orders[-1].id)
        self.assertEqual(
            line.sentence,
            "Buys at a discount only: 4 of the last 4 orders ($\xa090.00 given)",
        )

    def test_four_of_five(self):
        orders = self._orders(10, 10, 10, 10, 0)
        line = self._found("discount")
        self.assertEqual(line.weight, 0.8)
        # the latest that had one
        self.assertEqual(
            (line.res_id, line.date), (orders[3].id, orders[3].date_order.date())
        )

    def test_not_often_enough(self):
        self._orders(10, 10, 10, 0)
        self.assertFalse(self._found("discount"))

    def test_too_few(self):
        self._orders(10, 10, 10)
        self.assertFalse(self._found("discount"))

    def test_two_years(self):
        self._orders(10, first=date(2024, 6, 14))
        self._orders(10, 10, 10)
        self.assertFalse(self._found("discount"))

    def test_line_of_a_negative_price(self):
        voucher = self._product("Voucher")
        for month in (1, 2, 3, 4):
            self._sale(
                self.customer,
                date(2026, month, 1),
                (self.product, 100),
                (voucher, -15),
            )
        self.assertEqual(self._found("discount").amount, 60)

    def test_returned_goods_are_no_discount(self):
        for month in (1, 2, 3, 4):
            self._sale(
                self.customer,
                date(2026, month, 1),
                (self.product, 100),
                (self.product, 15, {"product_uom_qty": -1}),
            )
        self.assertFalse(self._found("discount"))

    def test_companies(self):
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        self._orders(10, 10, company=other)
        self._orders(10, 10)
        self.assertFalse(self._found("discount"))
        self.assertFalse(self._found("discount", company=other))

    def test_invoices_as_source(self):
        self.company.lifecycle_source = "invoice"
        for month in (1, 2, 3, 4):
            move = self._invoice(self.customer, date(2026, month, 1), 100, post=False)
            move.invoice_line_ids.discount = 25
            move.action_post()
        self.assertEqual(self._found("discount").amount, 100)
