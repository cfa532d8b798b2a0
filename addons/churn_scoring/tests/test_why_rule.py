"""Why, where there are no probabilities."""

from datetime import date, timedelta

from odoo.tests import tagged

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestWhyByRule(EvidenceCase):
    def test_never_bought(self):
        profile = self._profile(self.customer)
        why = profile.churn_why
        self.assertEqual((why["state"], why["reasons"]), ("none", []))
        self.assertIn("Never bought", why["headline"])
        self.assertFalse(profile.churn_reason_top)

    def test_rule(self):
        def explain(days):
            profile = self._profile(self.customer)
            profile.write(
                {
                    "order_count": 4,
                    "order_days": 4,
                    "first_order_date": "2025-01-01",
                    "last_order_date": self.today - timedelta(days),
                    "gap_days": 35,
                }
            )
            return profile.churn_why, profile.churn_reason_top

        why, top = explain(70)
        self.assertEqual(why["headline"], "Not at risk by the rule.")
        self.assertFalse(top)
        why, top = explain(71)
        self.assertEqual(
            (why["state"], why["headline"]), ("rule", "At risk by the rule.")
        )
        [reason] = why["reasons"]
        self.assertEqual(
            reason["text"],
            "71 days since the last order; two usual gaps of this customer are 70 days",
        )
        self.assertEqual(reason["text"], top)
        self.assertIn("No model was trained yet", why["notes"][0])

    def test_one_order_by_the_gap_of_the_company(self):
        for n in range(3):
            buyer = self._partner(f"Buyer {n}")
            for month in (1, 2, 3, 4):
                self._order(buyer, date(2026, month, 1), 100)
        single = self._partner("Single")
        self._order(single, "2025-12-01", 100)
        run = self._recompute()
        why = self._profile(single).churn_why
        self.assertIn("196 days since the only order", why["reasons"][0]["text"])
        self.assertIn(f"{round(2 * run.gap_days)} days", why["reasons"][0]["text"])

    def test_lapsed_is_said(self):
        profile = self._profile(self.customer)
        profile.write(
            {
                "order_count": 1,
                "order_days": 1,
                "first_order_date": "2024-01-01",
                "last_order_date": "2024-01-01",
                "lapse_date": "2025-01-01",
            }
        )
        self.assertIn("Already lapsed", " ".join(profile.churn_why["notes"]))
