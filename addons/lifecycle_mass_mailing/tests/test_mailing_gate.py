from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .mailing_common import MailingCase

_OURS = (
    "no_profiling",
    "opted_out",
    "open_complaint",
    "frequency_cap",
)


@tagged("post_install", "-at_install")
class TestMailingGate(MailingCase):
    def test_each_reason_is_kept_and_counted(self):
        for reason in _OURS:
            with self.subTest(reason):
                gone = self._customers(self.lapsed, 1)
                self._make_reason(reason, gone)
                mailing = self._mailing(mailing_domain=repr([("id", "=", gone.id)]))
                mailing.mailing_model_id = self.env["ir.model"]._get("res.partner")
                mailing.mailing_domain = repr([("id", "=", gone.id)])
                self._send(mailing)
                trace = self._traces(mailing)
                self.assertEqual(
                    (trace.trace_status, trace.failure_type, trace.lifecycle_reason),
                    ("cancel", "lifecycle_held", reason),
                )
                self.assertEqual(
                    (mailing.canceled, mailing.lifecycle_held_count, mailing.sent),
                    (1, 1, 0),
                )
                self.assertFalse(self._mails_to(gone))
                self.company.lifecycle_message_cap = 0

    def test_blacklisted_is_told_as_odoo_does(self):
        self.env["mail.blacklist"]._add(self.gone[0].email)
        mailing = self._to_stage()
        self._send(mailing)
        trace = self._traces(mailing, self.gone[0])
        self.assertEqual(
            (trace.trace_status, trace.failure_type), ("cancel", "mail_bl")
        )
        self.assertEqual(self._reached(mailing), self.gone[1:])

    def test_limit_of_messages_counts_mailings(self):
        self.company.lifecycle_message_cap = 1
        first, second = self._to_stage(), self._to_stage(subject="More News")
        self._send(first)
        self.assertEqual(self._reached(first), self.gone)
        self._send(second)
        self.assertFalse(self._reached(second))
        self.assertEqual(second.lifecycle_held_count, 3)
        # and a play is held as well
        reasons = self.gate._check(self.gone, self.company, "mail")
        self.assertEqual(set(reasons.values()), {"frequency_cap"})

    def test_log_of_the_gate(self):
        mailing = self._to_stage()
        self._send(mailing)
        for partner in self.gone:
            [row] = self._log_of(partner)
            self.assertEqual((row.state, row.source), ("sent", "mailing"))
            self.assertEqual(row.template_key, f"mailing.mailing,{mailing.id}")
            self.assertEqual(row.mail_id.mailing_id, mailing)

    def test_lists_that_were_left_hold_plays(self):
        lists = self.env["mailing.list"].create([{"name": "A"}, {"name": "B"}])
        contact = self.env["mailing.contact"].create(
            {
                "name": "Gone",
                "email": self.gone[0].email.upper(),
                "subscription_ids": [
                    (0, 0, {"list_id": lists[0].id, "opt_out": True}),
                    (0, 0, {"list_id": lists[1].id}),
                ],
            }
        )
        ask = self.gate._check
        self.assertFalse(any(ask(self.gone, self.company, "mail").values()))
        contact.subscription_ids.opt_out = True
        for channel in ("mail", "sms"):
            said = ask(self.gone, self.company, channel)
            self.assertEqual(said.pop(self.gone[0].id), "list_opt_out")
            self.assertFalse(any(said.values()))
        mailing = self._to_stage()
        self._send(mailing)
        self.assertEqual(
            self._traces(mailing, self.gone[0]).lifecycle_reason, "list_opt_out"
        )

    def test_recipients_of_a_list_who_are_customers(self):
        news = self.env["mailing.list"].create({"name": "News"})
        contacts = self.env["mailing.contact"].create(
            [
                {"email": email, "list_ids": [(6, 0, news.ids)]}
                for email in (self.gone[0].email, self.gone[1].email, "else@gate.test")
            ]
        )
        self._say(self.gone[0])
        mailing = self._mailing(contact_list_ids=[(6, 0, news.ids)])
        self._send(mailing)
        reasons = {
            contact: self._traces(mailing).filtered(
                lambda t, c=contact: t.res_id == c.id
            )
            for contact in contacts
        }
        self.assertEqual(reasons[contacts[0]].lifecycle_reason, "opted_out")
        for contact in contacts[1:]:
            self.assertNotEqual(reasons[contact].trace_status, "cancel")

    def test_quiet_hours(self):
        self.company.write(
            {
                "lifecycle_quiet": True,
                "lifecycle_quiet_from": 20,
                "lifecycle_quiet_to": 8,
            }
        )
        self.gone[0].tz = "Asia/Tokyo"  # noon in UTC is 21:00 there
        mailing = self._to_stage()
        self._send(mailing)
        mail = self._traces(mailing, self.gone[0]).mail_mail_id
        self.assertEqual(mail.scheduled_date, datetime(2026, 6, 15, 23, 0))
        self.assertFalse(
            self._traces(mailing, self.gone[1]).mail_mail_id.scheduled_date
        )

    def test_who_opts_out_before_the_queue_goes(self):
        self.company.lifecycle_quiet = True
        self.gone[0].tz = "Asia/Tokyo"
        mailing = self._to_stage()
        self._send(mailing)
        mail = self._traces(mailing, self.gone[0]).mail_mail_id
        self._say(self.gone[0])
        self.assertEqual(mail.state, "cancel")

    def test_sent_again_reaches_nobody_twice(self):
        self._say(self.gone[0])
        mailing = self._to_stage()
        self._send(mailing)
        mailing.action_put_in_queue()
        self._process()
        self.assertEqual(len(self._traces(mailing)), 3)

    def test_past_the_gate_by_managers_only(self):
        with self.assertRaisesRegex(AccessError, "Through the Gate"):
            self._to_stage(user=self.marketer, lifecycle_gate=False)
        self._say(self.gone[0])
        mailing = self._to_stage(lifecycle_gate=False)
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone)

    def test_queries_do_not_grow(self):
        counts = []
        for number in (5, 40):
            mailing = self._mailing(lifecycle_target="all")
            partners = self._customers(self.lapsed, number)
            emails = {p.id: [p.email_normalized] for p in partners}
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            mailing._lifecycle_decide("res.partner", emails)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
