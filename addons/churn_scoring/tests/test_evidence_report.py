"""Which evidence goes with leaving: counts are right, small ones say nothing."""

from datetime import date, timedelta

from odoo.tests import tagged

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestEvidenceReport(EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["churn.evidence.report"]
        cls.company.write({"lifecycle_lapse_auto": False, "lifecycle_lapse_days": 90})
        cls.cut = cls.today - timedelta(90)

    def _buyers(self, name, count, refunded=None, back=False, last=date(2026, 1, 1)):
        for n in range(count):
            partner = self._partner(f"{name} {n}")
            self._known(partner, revenue_at_risk=10)
            days = [last, self.today] if back else [last]
            self._history(self.company, [(partner, day, 100) for day in days])
            if refunded:
                self._invoice(partner, refunded, 20, move_type="out_refund")

    def _line(self):
        self.evidence._refresh(self.company, kinds=["credit_note"])
        self.report._refresh(self.company, self.today, "credit_note")
        return self.report.search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit_note")]
        )

    def test_counts(self):
        self._buyers("Left", 3, date(2026, 2, 1))
        self._buyers("Back", 2, date(2026, 2, 1), back=True)
        self._buyers("Without, left", 1)
        self._buyers("Without, back", 4, back=True)
        # after the cut it explains nothing
        self._buyers("Later", 1, self.cut + timedelta(1))
        # on the day of the cut it was known
        self._buyers("Just then", 1, self.cut)
        # gone long before
        self._buyers("Old", 5, date(2026, 2, 1), last=date(2025, 3, 17))
        line = self._line()
        self.assertEqual(line.cut_date, self.cut)
        self.assertEqual((line.with_count, line.with_churned), (6, 4))
        self.assertEqual((line.without_count, line.without_churned), (6, 2))
        self.assertEqual(line.customer_count, 12)
        self.assertEqual(line.revenue_at_risk, 120)
        self.assertAlmostEqual(line.with_share, 4 / 6, 4)
        self.assertEqual(line.verdict, "few")
        self.assertEqual(
            line.sentence,
            "4 of 6 left with it, 2 of 6 without it: too few to tell.",
        )
        action = line.action_view_evidence()
        self.assertEqual(
            len(self.evidence.search(action["domain"]).partner_id), line.customer_count
        )

    def test_verdict(self):
        for with_counts, without_counts, verdict in (
            ((19, 19), (100, 0), "few"),
            ((100, 0), (19, 19), "few"),
            ((20, 20), (100, 0), "more"),
            ((100, 0), (20, 20), "less"),
            ((20, 5), (20, 4), "same"),
            ((20, 0), (20, 0), "same"),
            ((20, 20), (20, 20), "same"),
        ):
            line = self.report.new(
                {
                    "with_count": with_counts[0],
                    "with_churned": with_counts[1],
                    "without_count": without_counts[0],
                    "without_churned": without_counts[1],
                }
            )
            self.assertEqual(line.verdict, verdict, (with_counts, without_counts))

    def test_measured_once_a_week(self):
        self._buyers("Left", 2, date(2026, 2, 1))
        line = self._line()
        self.assertEqual(line.with_count, 2)
        self._buyers("More", 1, date(2026, 2, 1))
        line = self._line()
        self.assertEqual((line.customer_count, line.with_count), (3, 2))
        self.report._refresh(self.company, self.today + timedelta(7), "credit_note")
        self.assertEqual(line.with_count, 3)
        # another horizon, another question
        self.company.lifecycle_lapse_days = 60
        self.report._refresh(self.company, self.today + timedelta(7), "credit_note")
        self.assertEqual((line.horizon_days, line.cut_date), (60, date(2026, 4, 23)))

    def test_other_company_does_not_count(self):
        other = self._create_company("Other Company")
        self._buyers("Left", 2, date(2026, 2, 1))
        for partner in self.evidence.search([]).partner_id:
            self._known(partner, other)
        self._line()
        self.report._refresh(other, self.today, "credit_note")
        theirs = self.report.search([("company_id", "=", other.id)])
        self.assertEqual((theirs.customer_count, theirs.with_count), (0, 0))
        self.assertIn("Nobody", theirs.sentence)

    def test_kinds_that_are_gone(self):
        line = self._line()
        self.report._forget_others(self.company, ["price"])
        self.assertFalse(line.exists())
