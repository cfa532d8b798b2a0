from datetime import datetime, timedelta

from odoo.tests import tagged

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestEngagement(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["lifecycle.engagement"]
        cls.sent = cls._mailing(lifecycle_target="all", state="done")

    def _trace(self, partner, sent, **values):
        """A mailing that reached a customer at a moment."""
        return self.env["mailing.trace"].create(
            {
                "mass_mailing_id": self.sent.id,
                "model": "res.partner",
                "res_id": partner.id,
                "email": partner.email_normalized,
                "trace_status": "sent",
                "sent_datetime": sent,
                **values,
            }
        )

    def _opened(self, partner, moment, count=1):
        for week in range(count):
            at = moment - timedelta(weeks=week)
            self._trace(
                partner,
                at - timedelta(hours=2),
                open_datetime=at,
                trace_status="open",
            )

    def _refresh_lines(self, **values):
        self.env.flush_all()
        self.lines._refresh(self.company, **values)

    def _line(self, partner):
        return self.lines.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company.id)]
        )

    def test_own_time_and_that_of_all(self):
        evening = datetime(2026, 6, 12, 19, 20)  # a Friday
        morning = datetime(2026, 6, 9, 8, 40)  # a Tuesday
        self._opened(self.gone[0], evening, 12)
        for partner in self.here:
            self._opened(partner, morning, 10)
        self._opened(self.gone[1], evening, 1)  # too little to tell
        self._refresh_lines()
        own, few = self._line(self.gone[0]), self._line(self.gone[1])
        self.assertEqual(
            (own.time_known, own.best_weekday, own.best_hour), (True, 4, 19)
        )
        self.assertEqual(
            (few.time_known, few.best_weekday, few.best_hour), (False, 1, 8)
        )
        self.assertEqual((own.sent_count, own.opened_count), (12, 12))
        self.assertIn("Friday, from 19:00 (own habit)", own.time_text)
        self.assertIn("as most customers", few.time_text)
        # nothing is known of the others: there is no line, but one of all
        self.assertFalse(self._line(self.gone[2]))
        everybody = self.lines.search(
            [("partner_id", "=", False), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((everybody.best_weekday, everybody.best_hour), (1, 8))
        profile = self._profile(self.gone[0])
        self.assertEqual(profile.best_time_text, own.time_text)
        self.assertEqual(profile.mailing_opened_count, 12)

    def test_in_the_customers_time(self):
        self.gone[0].tz = "Asia/Tokyo"
        self._opened(self.gone[0], datetime(2026, 6, 12, 23, 20), 8)
        self._refresh_lines()
        line = self._line(self.gone[0])
        self.assertEqual((line.best_weekday, line.best_hour), (5, 8))

    def test_programs_that_open_by_themselves(self):
        sent = datetime(2026, 6, 12, 10, 0)
        at_once = sent + timedelta(seconds=2)
        self._trace(self.gone[0], sent, open_datetime=at_once, trace_status="open")
        self._trace(
            self.gone[0],
            sent,
            open_datetime=at_once,
            links_click_datetime=sent + timedelta(hours=1),
            trace_status="open",
        )
        self._refresh_lines()
        line = self._line(self.gone[0])
        self.assertEqual((line.opened_count, line.clicked_count), (1, 1))

    def test_bounces_and_lists(self):
        self._trace(self.gone[0], datetime(2026, 6, 12, 10, 0), trace_status="bounce")
        contact = self.env["mailing.contact"].create({"email": self.here[0].email})
        self.env["mailing.trace"].create(
            {
                "mass_mailing_id": self.sent.id,
                "model": "mailing.contact",
                "res_id": contact.id,
                "email": contact.email_normalized,
                "trace_status": "reply",
                "sent_datetime": "2026-06-12 10:00:00",
                "reply_datetime": "2026-06-12 11:00:00",
            }
        )
        self._refresh_lines()
        self.assertEqual(self._line(self.gone[0]).bounced_count, 1)
        self.assertEqual(self._line(self.gone[0]).sent_count, 0)
        self.assertEqual(self._line(self.here[0]).replied_count, 1)

    def test_best_channel(self):
        partner = self.gone[0]
        for day in range(1, 7):
            self._trace(partner, datetime(2026, 5, day, 10, 0))
        call = self.env.ref("mail.mail_activity_data_call")
        for day in ("2026-05-10", "2026-05-25"):
            message = partner.message_post(body="Called")
            message.write({"mail_activity_type_id": call.id, "date": f"{day} 10:00:00"})
        self._order(partner, "2026-05-12", 100)
        self._order(partner, "2026-05-27", 100)
        # a purchase long after is no answer
        self._trace(self.here[0], datetime(2026, 5, 1, 10, 0))
        self._order(self.here[0], "2026-05-20", 100)
        self._refresh_lines()
        line = self._line(partner)
        self.assertEqual((line.best_channel, line.channel_known), ("call", True))
        self.assertIn("own habit", line.channel_text)
        other = self._line(self.here[0])
        self.assertFalse(other.channel_known)
        self.assertEqual(other.best_channel, "call")  # as most customers

    def test_messages_of_plays_count(self):
        self._order(self.gone[0], self.today + timedelta(days=3), 100)
        self.gate._pass(self.gone[0], self.company, "sms", source="play")
        with self.at(self.today + timedelta(days=10)):
            self._refresh_lines()
        self.assertEqual(self._line(self.gone[0]).best_channel, "sms")

    def test_again_and_in_parts(self):
        for partner in self.gone | self.here:
            self._opened(partner, datetime(2026, 6, 9, 8, 40), 3)
        self._refresh_lines()
        before = self.lines.search([("company_id", "=", self.company.id)]).read()
        self._refresh_lines(part=2)
        after = self.lines.search([("company_id", "=", self.company.id)]).read()
        self.assertEqual(before, after)
        self.sent.mailing_trace_ids.unlink()
        self._refresh_lines()
        self.assertFalse(self._line(self.gone[0]))

    def test_other_companies(self):
        other = self._create_company("Other Company")
        self._opened(self.gone[0], datetime(2026, 6, 9, 8, 40), 6)
        self.env.flush_all()
        self.lines._refresh(other)
        self.assertFalse(
            self.lines.search(
                [("company_id", "=", other.id), ("partner_id", "!=", False)]
            )
        )

    def test_nightly(self):
        self._opened(self.gone[0], datetime(2026, 6, 9, 8, 40), 6)
        self.env.flush_all()
        with self._no_commit():
            self.lines._cron_refresh()
        self.assertTrue(self._line(self.gone[0]).time_known)

    def test_queries_do_not_grow(self):
        counts = []
        for number in (3, 3, 30):
            for partner in self._customers(self.active, number):
                self._opened(partner, datetime(2026, 6, 9, 8, 40), 2)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.lines._refresh(self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
