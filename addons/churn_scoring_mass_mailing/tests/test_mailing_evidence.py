from datetime import date, datetime, timedelta

from odoo.tests import tagged

from odoo.addons.churn_scoring.tests.evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestMailingEvidence(EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "customer@shop.test"
        cls.mailing = cls.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "lifecycle_company_id": cls.company.id,
            }
        )

    def _reach(self, sent, opened=None, status="sent", mailing=None):
        return self.env["mailing.trace"].create(
            {
                "mass_mailing_id": (mailing or self.mailing).id,
                "model": "res.partner",
                "res_id": self.customer.id,
                "email": self.customer.email_normalized,
                "sent_datetime": sent,
                "open_datetime": opened,
                "trace_status": "open" if opened else status,
            }
        )

    def _weekly(self, opened, silent):
        """Mailings each week until yesterday: first some that were opened."""
        first = datetime(2026, 6, 14, 10) - timedelta(weeks=opened + silent - 1)
        for week in range(opened + silent):
            sent = first + timedelta(weeks=week)
            self._reach(sent, sent + timedelta(hours=1) if week < opened else None)

    def test_a_bounce(self):
        self._reach("2026-05-04 10:00:00", status="bounce")
        self._reach("2026-05-05 10:00:00")
        line = self._found("mail_bounce")
        self.assertEqual((line.date, line.weight), (date(2026, 5, 4), 0.4))
        self.assertEqual(
            line.sentence,
            "The mailing “News” of May 4, 2026 to customer@shop.test came back",
        )
        self.assertFalse(self._found("mail_bounce", as_of=date(2026, 5, 3)))

    def test_of_another_company(self):
        self.mailing.lifecycle_company_id = self._create_company("Other Company")
        self._reach("2026-05-04 10:00:00", status="bounce")
        self.assertFalse(self._found("mail_bounce"))

    def test_a_list_that_was_left(self):
        news = self.env["mailing.list"].create({"name": "Newsletter"})
        contact = self.env["mailing.contact"].create(
            {"email": self.customer.email, "list_ids": [(6, 0, news.ids)]}
        )
        self.assertFalse(self._found("list_left"))
        with self.at(date(2026, 5, 4)):
            contact.subscription_ids.opt_out = True
            contact.subscription_ids.opt_out_datetime = "2026-05-04 10:00:00"
        line = self._found("list_left")
        self.assertEqual((line.date, line.weight), (date(2026, 5, 4), 0.6))
        self.assertEqual(
            line.sentence,
            "customer@shop.test left the mailing list “Newsletter” on May 4, 2026",
        )
        contact.subscription_ids.opt_out = False
        self.assertFalse(self._found("list_left"))

    def test_silence_after_reading(self):
        self._weekly(opened=3, silent=5)
        line = self._found("mail_silence")
        self.assertEqual((line.date, line.weight), (date(2026, 5, 17), 0.5))
        self.assertEqual(
            line.sentence,
            "Opened no mailing since the one of May 10, 2026, after 3 before",
        )
        # on a day when fewer were unopened, it was not known
        self.assertFalse(self._found("mail_silence", as_of=date(2026, 6, 13)))

    def test_who_never_read_is_not_silent(self):
        self._weekly(opened=2, silent=8)
        self.assertFalse(self._found("mail_silence"))

    def test_four_are_not_enough(self):
        self._weekly(opened=4, silent=4)
        self.assertFalse(self._found("mail_silence"))
