from datetime import date

from odoo.tests import tagged

from .common import ContractCase


@tagged("post_install", "-at_install")
class TestContractEvidence(ContractCase):
    """Who gives notice may leave: a dated line with a link, and when it was known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract(
            cls.tenant,
            "2025-01-01",
            "2026-12-31",
            [("2025-02-01", 999), ("2025-09-01", 100), ("2026-05-01", 60)],
        )

    def _found(self):
        return self.env["churn.evidence"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "contract_notice")]
        )

    def _refresh_evidence(self, as_of=None):
        self.env["churn.evidence"]._refresh(
            self.company, kinds=["contract_notice"], as_of=as_of
        )
        return self._found()

    def test_a_notice_is_a_line_with_a_link(self):
        self._recompute()
        self.assertFalse(self._refresh_evidence())
        self.contract.notice_date = "2026-06-01"
        line = self._refresh_evidence()
        self.assertEqual(line.partner_id, self.tenant)
        self.assertEqual((line.date, line.amount), (date(2026, 6, 1), 160))
        self.assertEqual(
            line.sentence,
            "Gave notice of the contract “Lift” on June 1, 2026; "
            "it ends on December 31, 2026",
        )
        action = line.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("example.contract", self.contract.id),
        )

    def test_not_before_it_was_given(self):
        self._recompute()
        self.contract.notice_date = "2026-06-01"
        self.assertFalse(self._refresh_evidence(as_of=date(2026, 5, 31)))
        self.assertTrue(self._refresh_evidence(as_of=date(2026, 6, 1)))

    def test_found_within_seconds_and_gone_when_taken_back(self):
        self._recompute()
        self.contract.notice_date = "2026-06-01"
        self._refresh()
        self.assertTrue(self._found())
        self.contract.notice_date = False
        self._refresh()
        self.assertFalse(self._found())
