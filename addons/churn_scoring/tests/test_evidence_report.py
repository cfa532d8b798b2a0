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
        for matched, others, deviation, verdict in (
            (19, 100, 9, "few"),
            (100, 19, 9, "few"),
            (20, 20, 1.97, "more"),
            (20, 20, -1.97, "less"),
            (20, 20, 1.96, "same"),
            (20, 20, -1.96, "same"),
        ):
            line = self.report.new(
                {
                    "with_count": matched,
                    "matched_count": matched,
                    "without_count": others,
                    "deviation": deviation,
                }
            )
            self.assertEqual(line.verdict, verdict, (matched, others, deviation))

    def test_happened_to_nobody(self):
        line = self.report.new({"with_count": 0, "without_count": 7})
        self.assertEqual(line.verdict, "few")
        self.assertIn("none of the 7 customers", line.sentence)

    def test_beside_who_buys_as_often(self):
        """It happens to those who buy often, and they stay: that keeps nobody."""
        often = [date(2025, 6, 1) + timedelta(20 * n) for n in range(6)]
        for n in range(44):
            seldom = n >= 22
            left = n % 2 if seldom else n < 20
            partner = self._partner(f"Buyer {n}")
            self._known(partner, revenue_at_risk=10)
            days = [date(2026, 1, 1), *([] if seldom else often)]
            days += [] if left else [self.today]
            self._history(self.company, [(partner, day, 100) for day in days])
            if not seldom:
                self._invoice(partner, "2026-02-01", 20, move_type="out_refund")
        self._buyers("Often", 20, back=True)
        line = self._line()
        # nobody else buys as often: there is nothing to be told
        self.assertEqual((line.with_count, line.with_churned), (22, 20))
        self.assertEqual((line.matched_count, line.verdict), (0, "few"))
        for n in range(20):
            partner = self._partner(f"As Often {n}")
            self._known(partner, revenue_at_risk=10)
            days = [date(2026, 1, 1), *often, self.today]
            self._history(self.company, [(partner, day, 100) for day in days])
        self.report._refresh(self.company, self.today + timedelta(7), "credit_note")
        self.assertEqual((line.matched_count, line.without_count), (22, 62))
        self.assertEqual((line.without_share, line.verdict), (0, "more"))
        self.assertIn("others who buy as often, 0 %", line.sentence)

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
