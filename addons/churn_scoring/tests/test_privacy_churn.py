from odoo.tests import tagged
from odoo.tools import SQL

from .save_common import SaveCase


@tagged("post_install", "-at_install")
class TestPrivacyChurn(SaveCase):
    """Predictions, evidence, save lists and losses go, and do not come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner, cls.other = cls._at_risk("Shy", 200), cls._at_risk("Open", 100)

    def _count(self, partner):
        self.env.flush_all()
        models = self.env["lifecycle.privacy"]._get_scored_models()
        return {
            name: self.env[name]
            .with_context(active_test=False)
            .search_count([(field, "=", partner.id)])
            for name, field in models.items()
            if name.startswith("churn.") or name == "lifecycle.profile"
        }

    def _fill(self):
        """A row about each of them in every model of this addon."""
        self._make()
        profiles = (self.partner | self.other).lifecycle_profile_ids
        reason = self.env["churn.reason"].search([], limit=1)
        self.env["churn.loss"]._record(profiles, reason)
        for partner in self.partner | self.other:
            invoice = self._invoice(partner, "2026-05-20", 500)
            self._refund(invoice, "2026-06-01")
            self.env["churn.subscription"].create(
                {"partner_id": partner.id, "company_id": self.company.id}
            )
            self.env.cr.execute(
                SQL(
                    """INSERT INTO churn_prediction (company_id, date, partner_id,
                        horizon_days, clv_months, probability)
                    VALUES (%s, %s, %s, 90, 12, 0.5)""",
                    self.company.id,
                    self.today,
                    partner.id,
                )
            )
        self.env["churn.evidence"]._refresh(self.company)

    def test_everything_goes(self):
        self._fill()
        before = self._count(self.partner)
        self.assertTrue(all(before.values()), before)
        others = self._count(self.other)
        self.partner._lifecycle_set_profiling(True, "Phone")
        self.assertEqual(self._count(self.partner), dict.fromkeys(before, 0))
        self.assertEqual(self._count(self.other), others)

    def test_nothing_comes_back(self):
        self._fill()
        self.partner._lifecycle_set_profiling(True, "Phone")
        self.saves.search([]).unlink()
        self.env["churn.loss"].search([]).unlink()
        self.env["churn.evidence"]._refresh(self.company)
        self._make()
        self.env["churn.subscription"].search([]).unlink()
        counts = self._count(self.partner)
        self.assertEqual(counts, dict.fromkeys(counts, 0))
        self.assertTrue(self._count(self.other)["churn.evidence"])
        self.assertIn(self.other, self._items().partner_id)

    def test_models_learn_nothing_from_them(self):
        for partner in self.partner | self.other:
            self._order(partner, "2026-05-01", 100)
        self.partner._lifecycle_set_profiling(True, "Phone")
        engine = self.env["lifecycle.engine"]
        for part in engine._read_parted_purchases(self.company, self.today):
            self.assertNotIn(self.partner.id, part.customer.tolist())

    def test_recurring_revenue_is_not_evaluated(self):
        self.product.product_tmpl_id.recurring_revenue = True
        for partner in self.partner | self.other:
            for month in (3, 4, 5, 6):
                self._order(partner, f"2026-{month:02}-01", 100)
        subscriptions = self.env["churn.subscription"]
        subscriptions._refresh(self.company)
        self.assertEqual(
            subscriptions.search([("company_id", "=", self.company.id)]).partner_id,
            self.partner | self.other,
        )
        self.partner._lifecycle_set_profiling(True, "Phone")
        subscriptions._refresh(self.company)
        self.assertEqual(
            subscriptions.search([("company_id", "=", self.company.id)]).partner_id,
            self.other,
        )

    def test_planned_call_and_figures_of_an_opportunity(self):
        profiles = (self.partner | self.other).lifecycle_profile_ids
        profiles.with_user(self.manager).action_schedule_calls()
        profiles.with_user(self.manager).action_win_backs()
        leads = {
            partner: self.env["crm.lead"].search([("partner_id", "=", partner.id)])
            for partner in self.partner | self.other
        }
        self.assertIn("Value at risk", leads[self.partner].description)
        leads[self.partner].description += "<p>Called twice.</p>"
        calls = self.env["mail.activity"].search([("churn_company_id", "!=", False)])
        self.assertEqual(len(calls), 2)
        self.partner._lifecycle_set_profiling(True, "Phone")
        self.env.invalidate_all()
        self.assertEqual(calls.exists().res_id, self.other.id)
        # the opportunity is the salesperson's: only the figures go
        self.assertNotIn("Value at risk", leads[self.partner].description)
        self.assertIn("Called twice.", leads[self.partner].description)
        self.assertFalse(leads[self.partner].churn_risk_at_creation)
        self.assertIn("Value at risk", leads[self.other].description)
        self.assertEqual(leads[self.other].churn_risk_at_creation, "high")


@tagged("post_install", "-at_install")
class TestPredictionRetention(SaveCase):
    """Predictions are kept as long as their company says."""

    def _keep(self, day, company):
        self.env.cr.execute(
            SQL(
                """INSERT INTO churn_prediction (company_id, date, partner_id,
                    horizon_days, clv_months, probability)
                VALUES (%s, %s, %s, 90, 12, 0.5)""",
                company.id,
                day,
                self.partner.id,
            )
        )

    def test_older_ones_go(self):
        self.partner = self._partner("Buyer")
        there = self._create_company("Other")
        self.company.churn_prediction_months = 12
        for company in (self.company, there):
            for day in ("2022-01-31", "2025-05-31", "2025-06-30"):
                self._keep(day, company)
        predictions = self.env["churn.prediction"]
        predictions._gc_predictions()

        def left(company):
            rows = predictions.search([("company_id", "=", company.id)], order="date")
            return [str(day) for day in rows.mapped("date")]

        self.assertEqual(left(self.company), ["2025-06-30"])
        # by default as long as they may still be judged
        self.assertEqual(left(there), ["2025-05-31", "2025-06-30"])
