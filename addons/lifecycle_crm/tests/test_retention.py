from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .history_common import HistoryCase


@tagged("post_install", "-at_install")
class TestRetention(HistoryCase):
    """What was recorded is kept as long as its company says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.there = cls._create_company("Other")
        cls.partner = cls._partner("Buyer")

    def _record(self, day, company=None):
        return self.env["lifecycle.transition"].create(
            {
                "partner_id": self.partner.id,
                "company_id": (company or self.company).id,
                "kind": "stage",
                "date": day,
                "cause": "time",
            }
        )

    def _left(self, company=None):
        return [
            str(move.date) for move in self._transitions(self.partner, company=company)
        ]

    def _clean(self):
        self.env["lifecycle.transition"]._gc_transitions()

    def test_older_ones_go(self):
        self.company.lifecycle_transition_months = 12
        for day in ("2020-01-01", "2025-06-14", "2025-06-15", "2026-06-01"):
            self._record(day)
        self._clean()
        self.assertEqual(self._left(), ["2025-06-15", "2026-06-01"])

    def test_each_company_for_itself(self):
        self.company.lifecycle_transition_months = 12
        self.there.lifecycle_transition_months = 0
        for company in (self.company, self.there):
            self._record("1999-01-01", company)
            self._record("2026-06-01", company)
        self._clean()
        self.assertEqual(self._left(), ["2026-06-01"])
        # 0 keeps them for good
        self.assertEqual(self._left(self.there), ["1999-01-01", "2026-06-01"])

    def test_default_is_five_years(self):
        self._record("2021-06-14")
        self._record("2021-06-16")
        self._clean()
        self.assertEqual(self._left(), ["2021-06-16"])

    def test_bad_numbers_are_refused_in_words(self):
        for value in (-1, 241):
            with self.assertRaisesRegex(
                ValidationError,
                rf"Keep Changes \(months\) is {value}\. .* 0 to 240; 0 keeps it",
            ):
                self.company.lifecycle_transition_months = value
        limits = self.company._get_retention_limits()
        for name, (low, high) in limits.items():
            label = self.company._fields[name].string
            for value in (low - 1, high + 1):
                with (
                    self.subTest(name=name, value=value),
                    self.assertRaisesRegex(ValidationError, label.split(" (")[0]),
                ):
                    self.company[name] = value
                self.env.invalidate_all(flush=False)
            self.company[name] = low

    def test_in_the_settings(self):
        settings = self.env["res.config.settings"].create(
            {"lifecycle_transition_months": 7}
        )
        settings.execute()
        self.assertEqual(self.company.lifecycle_transition_months, 7)
