from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .common import MarginCase

NAMES = (
    "margin_total",
    "margin_months",
    "order_discount_share",
    "margin_discount_share",
    "return_amount",
    "return_margin",
    "sold_recent",
    "uncosted_recent",
)


@tagged("post_install", "-at_install")
class TestMarginFacts(MarginCase):
    def _found(self, partner=None):
        return dict(zip(NAMES, self._facts(partner or self.buyer, *NAMES), strict=True))

    def test_margin_ever_and_of_24_months(self):
        self._sell(self.buyer, "2024-01-10", 100, cost=40)
        self._sell(self.buyer, "2026-05-10", 100, cost=70)
        self._recompute()
        found = self._found()
        self.assertEqual(found["margin_total"], 90)
        self.assertEqual(found["margin_months"], 30)
        self.assertEqual(found["sold_recent"], 100)
        self.assertEqual(found["uncosted_recent"], 0)
        # revenue stays what it is
        self.assertEqual(
            self._facts(self.buyer, "revenue_total", "clv_historic"), (200, 200)
        )

    def test_under_discount(self):
        self._sell(self.buyer, "2026-05-10", 90, cost=60, discount=10)
        self._sell(self.buyer, "2026-05-11", 100, cost=60)
        self._sell(self.buyer, "2026-05-12", 150, cost=60)
        self._recompute()
        found = self._found()
        self.assertAlmostEqual(found["order_discount_share"], 1 / 3, 3)
        self.assertAlmostEqual(found["margin_discount_share"], 30 / 160, 2)

    def test_loss_making_customers_are_found(self):
        good = self._partner("Good")
        self._sell(self.buyer, "2026-05-10", 100, cost=130)
        self._sell(good, "2026-05-10", 100, cost=30)
        self._recompute()
        profiles = self.env["lifecycle.profile"].search([("margin_months", "<", 0)])
        self.assertEqual(profiles.partner_id, self.buyer)

    def test_returns_take_their_margin(self):
        order = self._sell(self.buyer, "2026-05-10", 100, cost=60)
        invoice = self._invoice_order(order)
        self._refund(invoice, "2026-05-20", 50)
        self._recompute()
        found = self._found()
        self.assertEqual(found["return_amount"], 50)
        self.assertEqual(found["return_margin"], 20)
        self.assertEqual(found["margin_total"], 20)
        self.assertEqual(self._facts(self.buyer, "return_share"), (0.5,))

    def test_what_has_no_cost_is_told(self):
        self._sell(self.buyer, "2026-05-10", 100, cost=0)
        self._sell(self.buyer, "2026-05-11", 50, cost=20)
        past = self.env["lifecycle.import"].create(
            {"name": "Past", "company_id": self.company.id}
        )
        self.env["lifecycle.history"].create(
            {
                "import_id": past.id,
                "partner_id": self.buyer.id,
                "company_id": self.company.id,
                "date": "2026-04-01",
                "amount": 10,
                "amount_company": 10,
                "currency_id": self.usd.id,
            }
        )
        self._recompute()
        found = self._found()
        self.assertEqual(found["margin_total"], 140)
        self.assertEqual(found["uncosted_recent"], 110)
        settings = self.env["res.config.settings"].create({})
        self.assertAlmostEqual(settings.lifecycle_uncosted, 110 / 160, 4)

    def test_other_currency_in_that_of_the_company(self):
        eur = self._currency("EUR")
        self._rate(eur, "2026-05-01", 0.5)
        self._sell(self.buyer, "2026-05-10", 100, cost=60, currency=eur)
        self._recompute()
        self.assertEqual(self._found()["margin_total"], 80)

    def test_invoices_by_the_cost_of_their_orders(self):
        self.company.lifecycle_source = "invoice"
        order = self._sell(self.buyer, "2026-05-10", 100, cost=30)
        self._invoice_order(order)
        self._invoice(self.buyer, "2026-05-12", 100)  # the product costs 60
        loose = self._invoice(self.buyer, "2026-05-13", 100)
        self._refund(loose, "2026-05-14")
        self._recompute()
        found = self._found()
        self.assertEqual(found["margin_total"], 110)
        self.assertEqual(found["return_margin"], 40)

    def test_companies_apart(self):
        other = self._create_company("Other Company")
        self._sell(self.buyer, "2026-05-10", 100, cost=60)
        self._sell(self.buyer, "2026-05-10", 500, cost=60, company=other)
        self._recompute()
        self.assertEqual(self._found()["margin_total"], 40)

    def test_at_once_and_at_night_the_same(self):
        self._sell(self.buyer, "2024-06-15", 80, cost=60, discount=20)
        other = self._partner("Other")
        self._sell(other, "2026-05-10", 80, cost=60, discount=20)
        self._recompute(reason="install", quiet=True)
        self._recompute()
        self._sell(other, TODAY, 100, cost=60)
        self._refresh()
        refreshed = self._found(other)
        self.assertEqual(refreshed["order_discount_share"], 0.5)
        with self.at("2026-06-16"):
            run = self.env["lifecycle.run"]._request(
                self.company, "nightly", full=False
            )
            self._process_pending()
            self.assertTrue(run.partial)
            partial = [self._found(partner) for partner in (self.buyer, other)]
            # the old order has left the 24 months by then
            self.assertFalse(partial[0]["sold_recent"])
            self._recompute()
            full = [self._found(partner) for partner in (self.buyer, other)]
        self.assertEqual(partial, full)

    def test_what_did_not_change_is_not_written(self):
        self._sell(self.buyer, "2026-05-10", 90, cost=50, discount=7)
        self._recompute()
        run = self._recompute()
        self.assertFalse(run.changed_count)
