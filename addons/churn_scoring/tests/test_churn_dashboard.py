from collections import Counter

from odoo.tests import tagged

from .churn_common import ChurnCase


@tagged("post_install", "-at_install")
class TestChurnDashboard(ChurnCase):
    """What the dashboard says of churn is what the profiles say."""

    def test_sums_risks_and_model(self):
        self._buy()
        before = self._data()
        self.assertEqual(before["churn"], {"model": False, "risks": []})
        model = self._set_up_scores()
        data, profiles = self._data(), self._profiles()
        sums = {row["name"]: row["value"] for row in data["totals"]["sums"]}
        for name in ("clv_historic", "clv_expected", "revenue_at_risk"):
            self.assertGreater(sums[name], 0)
            self.assertAlmostEqual(sums[name], sum(profiles.mapped(name)), 1)
        risks = {row["risk"]: row for row in data["churn"]["risks"]}
        counts = Counter(p.churn_risk for p in profiles if p.churn_risk)
        self.assertEqual({risk: row["count"] for risk, row in risks.items()}, counts)
        self.assertGreater(len(counts), 1)
        for risk, row in risks.items():
            own = profiles.filtered(lambda p, risk=risk: p.churn_risk == risk)
            self.assertAlmostEqual(row["value"], sum(own.mapped("revenue_at_risk")), 1)
        self.assertEqual(data["churn"]["model"]["id"], model.id)
        self.assertEqual(data["churn"]["model"]["summary"], model.summary)
        self.assertEqual(data["churn"]["model"]["text"], model.calibration_text)
        # the grid is not cut by the risk
        self.assertEqual(
            sum(cell["count"] for cell in data["rfm"]),
            len(profiles.filtered("rfm_code")),
        )

    def _data(self):
        dashboard = self.env["lifecycle.dashboard"].with_company(self.company)
        return dashboard.get_data()
