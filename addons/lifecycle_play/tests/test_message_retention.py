from odoo.tests import tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestMessageRetention(GateCase):
    """The log of messages is kept as long as its company says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer()

    def _log(self, *days, company=None):
        return self.env["lifecycle.message"].create(
            [
                {
                    "partner_id": self.partner.id,
                    "company_id": (company or self.company).id,
                    "channel": "mail",
                    "date": f"{day} 10:00:00",
                    "state": "sent",
                    "source": "hand",
                }
                for day in days
            ]
        )

    def _left(self, messages):
        self.env["lifecycle.message"]._gc_messages()
        return [str(message.date.date()) for message in messages.exists()]

    def test_older_ones_go(self):
        self.company.lifecycle_message_months = 12
        days = ("2024-01-01", "2025-06-14", "2025-06-16", "2026-06-14")
        self.assertEqual(self._left(self._log(*days)), ["2025-06-16", "2026-06-14"])

    def test_zero_keeps_them_in_one_company(self):
        there = self._create_company("Other")
        self.company.lifecycle_message_months = 0
        there.lifecycle_message_months = 12
        kept, gone = self._log("1999-01-01"), self._log("1999-01-01", company=there)
        self.assertEqual(self._left(kept | gone), ["1999-01-01"])
        self.assertTrue(kept.exists())

    def test_what_the_gate_asks_for_is_kept(self):
        """The same message is not to come twice within two years."""
        self.company.write(
            {"lifecycle_message_months": 1, "lifecycle_duplicate_days": 730}
        )
        messages = self._log("2024-06-01", "2024-07-01", "2026-06-14")
        self.assertEqual(self._left(messages), ["2024-07-01", "2026-06-14"])
