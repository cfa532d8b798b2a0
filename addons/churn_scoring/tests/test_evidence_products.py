"""Evidence in what a customer buys: silent categories, higher prices."""

from datetime import date, timedelta

from odoo.tests import tagged

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestCategory(EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desks, cls.pens = cls._category("Desks"), cls._category("Pens")
        cls.desk = cls._product("Desk", cls.desks)
        cls.pen = cls._product("Pen", cls.pens)

    def _buy(self, day, desk=0, pen=0, **values):
        lines = [(self.desk, desk)] * bool(desk) + [(self.pen, pen)] * bool(pen)
        return self._sale(self.customer, day, *lines, **values)

    def test_silent(self):
        for month in (1, 2, 3):
            last = self._buy(date(2025, month, 1), 450, 550)
        self._buy("2025-09-01", 0, 550)
        line = self._found("category")
        # 59 days between three purchases: a gap of 29.5, silent after 59
        self.assertEqual(line.date, date(2025, 3, 1) + timedelta(60))
        self.assertEqual((line.amount, line.weight), (1350, 0.45))
        self.assertEqual((line.res_model, line.res_id), ("sale.order", last.id))
        self.assertEqual(
            line.sentence, "Silent in Desks for 15 months; it was 45 % of spend"
        )

    def test_border_of_the_gap(self):
        for day in ("2025-01-01", "2025-02-10", "2025-03-22"):  # 40 days apart
            self._buy(day, 500, 500)
        self._buy(date(2025, 3, 22) + timedelta(80), 0, 500)
        self.assertFalse(self._found("category"))
        self._buy(date(2025, 3, 22) + timedelta(81), 0, 500)
        self.assertTrue(self._found("category"))

    def test_customer_silent_altogether(self):
        for month in (1, 2, 3):
            self._buy(date(2025, month, 1), 450, 550)
        self.assertFalse(self._found("category"))

    def test_share(self):
        for share, found in ((199, False), (200, True)):
            partner = self._customer(f"Share {share}")
            for month in (1, 2, 3):
                self._sale(
                    partner,
                    date(2025, month, 1),
                    (self.desk, share),
                    (self.pen, 1000 - share),
                )
            self._sale(partner, "2025-09-01", (self.pen, 10))
            self.assertEqual(bool(self._found("category", partner)), found, share)

    def test_one_gap_only(self):
        self._buy("2025-01-01", 500, 500)
        self._buy("2025-01-11", 500, 500)
        self._buy(date(2025, 1, 11) + timedelta(180), 0, 500)
        self.assertFalse(self._found("category"))
        self._buy(date(2025, 1, 11) + timedelta(181), 0, 500)
        self.assertTrue(self._found("category"))

    def test_bought_again(self):
        for month in (1, 2, 3):
            self._buy(date(2025, month, 1), 450, 550)
        self._buy("2025-09-01", 0, 550)
        self.assertTrue(self._found("category"))
        self._buy("2026-01-01", 450, 0)
        self.assertFalse(self._found("category"))

    def test_bought_once_is_no_habit(self):
        self._buy("2024-09-01", 5000, 0)
        self._buy("2025-09-01", 0, 550)
        self.assertFalse(self._found("category"))

    def test_companies(self):
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        for month in (1, 2, 3):
            self._buy(date(2025, month, 1), 450, 550, company=other)
        self._buy("2025-09-01", 0, 550)  # in mine
        self.assertFalse(self._found("category"))
        self.assertFalse(self._found("category", company=other))


@tagged("post_install", "-at_install")
class TestPrice(EvidenceCase):
    def test_rise(self):
        self._sale(self.customer, "2026-01-01", (self.product, 100))
        order = self._sale(
            self.customer, "2026-02-01", (self.product, 110, {"product_uom_qty": 3})
        )
        line = self._found("price")
        self.assertEqual((line.date, line.amount), (date(2026, 2, 1), 30))
        self.assertEqual(line.weight, 0.2)
        self.assertEqual(line.res_id, order.id)
        self.assertEqual(
            line.sentence,
            "Lifecycle Test Product cost 10 % more on February 1, 2026 than the "
            "time before ($\xa030.00)",
        )

    def test_border(self):
        self._sale(self.customer, "2026-01-01", (self.product, 100))
        self._sale(self.customer, "2026-02-01", (self.product, 105))
        self.assertFalse(self._found("price"))
        self._sale(self.customer, "2026-02-02", (self.product, 110.26))
        self.assertTrue(self._found("price"))

    def test_fall(self):
        self._sale(self.customer, "2026-01-01", (self.product, 110))
        self._sale(self.customer, "2026-02-01", (self.product, 100))
        self.assertFalse(self._found("price"))

    def test_discount_does_not_hide_it(self):
        self._sale(self.customer, "2026-01-01", (self.product, 100))
        self._sale(self.customer, "2026-02-01", (self.product, 200, {"discount": 50}))
        self.assertEqual(self._found("price").weight, 1)

    def test_less_discount_is_none(self):
        self._sale(self.customer, "2026-01-01", (self.product, 100, {"discount": 50}))
        self._sale(self.customer, "2026-02-01", (self.product, 100))
        self.assertFalse(self._found("price"))

    def test_last_two_only(self):
        for day, price in (
            ("2026-01-01", 50),
            ("2026-02-01", 100),
            ("2026-03-01", 100),
        ):
            self._sale(self.customer, day, (self.product, price))
        self.assertFalse(self._found("price"))
        past = self._found("price", as_of=date(2026, 2, 15))
        self.assertEqual(past.amount, 50)

    def test_another_currency_tells_nothing(self):
        euro = self._currency("EUR")
        self._rate(euro, "2024-01-01", 0.5)
        self._order(self.customer, "2026-01-01", 100)
        self._order(self.customer, "2026-02-01", 120, currency=euro)
        self.assertFalse(self._found("price"))
        self._order(self.customer, "2026-03-01", 150, currency=euro)
        self.assertEqual(self._found("price").amount, 60)  # 30 euros

    def test_another_unit_tells_nothing(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._sale(self.customer, "2026-01-01", (self.product, 100))
        self._sale(
            self.customer,
            "2026-02-01",
            (self.product, 1100, {"product_uom_id": dozen.id}),
        )
        self.assertFalse(self._found("price"))

    def test_three_products(self):
        products = [self._product(f"Product {n}") for n in range(4)]
        for n, product in enumerate(products, 1):
            self._sale(self.customer, "2026-01-01", (product, 100))
            self._sale(self.customer, "2026-02-01", (product, 100 + 10 * n))
        self.assertEqual(self._found("price").mapped("amount"), [40, 30, 20])

    def test_companies(self):
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        self._sale(self.customer, "2026-01-01", (self.product, 100))
        self._sale(self.customer, "2026-02-01", (self.product, 200), company=other)
        self.assertFalse(self._found("price"))
        self.assertFalse(self._found("price", company=other))

    def test_invoices_as_source(self):
        self.company.lifecycle_source = "invoice"
        self._invoice(self.customer, "2026-01-01", 100)
        self._invoice(self.customer, "2026-02-01", 125)
        self.assertEqual(self._found("price").amount, 25)
