from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .common import MarginCase


@tagged("post_install", "-at_install")
class TestMarginBasis(MarginCase):
    def _trade(self):
        """Who buys most brings least."""
        self.rich = self._partner("Rich")
        for day in ("2026-03-10", "2026-05-10"):
            self._sell(self.buyer, day, 1000, cost=990)
            self._sell(self.rich, day, 100, cost=20)
        for number in range(5):
            other = self._partner(f"Other {number}")
            self._sell(other, "2026-04-10", 300 + number, cost=260)

    def test_value_goes_by_margin(self):
        self._trade()
        self._recompute()
        self.assertEqual(self._facts(self.buyer, "rfm_monetary"), (5,))
        self.assertEqual(self._facts(self.rich, "rfm_monetary"), (1,))
        run = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertFalse(run)
        self.company.lifecycle_value_basis = "margin"
        run = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertEqual((run.company_id, run.quiet), (self.company, True))
        self._process_pending()
        names = ("revenue_total", "clv_historic", "rfm_revenue", "rfm_margin")
        self.assertEqual(self._facts(self.buyer, *names), (2000, 20, 2000, 20))
        self.assertEqual(self._facts(self.rich, *names), (200, 160, 200, 160))
        self.assertEqual(self._facts(self.rich, "rfm_monetary"), (5,))
        self.assertEqual(self._facts(self.buyer, "rfm_monetary"), (1,))

    def test_a_refresh_and_a_night_go_by_it_too(self):
        self._trade()
        self.company.lifecycle_value_basis = "margin"
        self._recompute()
        self._recompute()
        self._sell(self.rich, TODAY, 100, cost=90)
        self._refresh()
        names = ("revenue_total", "clv_historic", "margin_total")
        self.assertEqual(self._facts(self.rich, *names), (300, 170, 170))
        with self.at("2026-06-16"):
            run = self.env["lifecycle.run"]._request(
                self.company, "nightly", full=False
            )
            self._process_pending()
        self.assertTrue(run.partial)
        self.assertEqual(self._facts(self.rich, *names), (300, 170, 170))
        self.assertEqual(self._facts(self.buyer, *names), (2000, 20, 20))

    def test_a_first_purchase_at_a_loss_is_a_contact(self):
        self._sell(self.buyer, "2026-03-10", 100, cost=150)
        self.company.lifecycle_value_basis = "margin"
        self._recompute()
        first = self._facts(self.buyer, "first_contact_date", "first_order_date")
        self.assertEqual(first[0], first[1])
        self.assertEqual(self._facts(self.buyer, "clv_historic"), (-50,))

    def test_expected_value_learns_margins(self):
        if "churn.model" not in self.env:
            self.skipTest("no model of the expected value here")
        self._trade()
        self.company.lifecycle_value_basis = "margin"
        self.assertEqual(self.company._get_value_basis(), "margin")
        engine = self.env["lifecycle.engine"].with_company(self.company)
        self.env.flush_all()
        purchases = engine._read_purchases(self.company, TODAY)
        self.assertEqual(
            purchases.amount[purchases.customer == self.rich.id].tolist(), [8000, 8000]
        )
        trainings = self.env["churn.model"].search(
            [("company_id", "=", self.company.id), ("state", "=", "pending")]
        )
        self.assertTrue(trainings)

    def test_other_companies_count_as_they_do(self):
        other = self._create_company("Other Company")
        self.company.lifecycle_value_basis = "margin"
        self._sell(self.buyer, "2026-05-10", 100, cost=60)
        self._sell(self.buyer, "2026-05-10", 100, cost=60, company=other)
        self._recompute(self.company | other)
        self.assertEqual(self._facts(self.buyer, "clv_historic"), (40,))
        self.assertEqual(self._facts(self.buyer, "clv_historic", company=other), (100,))
