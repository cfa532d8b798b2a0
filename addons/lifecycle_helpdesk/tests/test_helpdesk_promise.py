"""Promises: made, kept, broken, and apologised for."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.trade import noon

from ..hooks import post_init_hook
from .helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestHelpdeskPromise(HelpdeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._score(cls.customer)
        cls.rule = cls._rule(name="Gold", answer_hours=24, value_min=500)
        cls.now = noon(cls.today)

    def _at(self, hours):
        return self.at(self.now + timedelta(hours=hours))

    def _promised(self):
        """A ticket made at noon, as the database knows it."""
        ticket = self._ticket()
        # the database has a clock of its own
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s, promise_deadline = %s"
            " WHERE id = %s",
            [self.now, self.now + timedelta(hours=24), ticket.id],
        )
        self.env.invalidate_all()
        return ticket

    def _break(self, hours):
        with self._at(hours):
            return self.env["helpdesk.ticket"]._cron_break_promises()

    def test_deadline_and_log(self):
        ticket = self._ticket()
        self.assertEqual(ticket.promise_rule_id, self.rule)
        self.assertEqual(ticket.promise_state, "open")
        self.assertEqual(
            ticket.promise_deadline - ticket.create_date, timedelta(hours=24)
        )
        bodies = " ".join(map(str, ticket.message_ids.mapped("body")))
        self.assertIn("Rule “Gold”: answer promised: within 24 hours", bodies)
        self.assertFalse(self._ticket(self._partner("Small")).promise_state)

    def test_kept(self):
        ticket = self._promised()
        self.assertTrue(ticket.waiting_since)
        with self._at(24):  # exactly in time
            self.assertFalse(self.env["helpdesk.ticket"]._cron_break_promises())
            self._answer(ticket)
        self.assertEqual(ticket.promise_state, "kept")
        self.assertEqual(ticket.first_answer_date, self.now + timedelta(hours=24))
        self.assertFalse(ticket.waiting_since)
        self._break(100)
        self.assertEqual(ticket.promise_state, "kept")

    def test_broken_by_waiting(self):
        ticket = self._promised()
        self.assertFalse(self._break(23.9))
        self.assertEqual(ticket.promise_state, "open")
        self.assertEqual(self._break(24.1), 1)
        self.assertEqual(ticket.promise_state, "broken")
        self.assertFalse(self._break(24.2))  # once
        with self._at(30):
            self._answer(ticket)
        self.assertEqual(ticket.promise_state, "broken")

    def test_broken_by_a_late_answer(self):
        ticket = self._promised()
        with self._at(25):  # before the scheduled action came
            self._answer(ticket)
        self.assertEqual(ticket.promise_state, "broken")

    def test_what_is_no_answer(self):
        ticket = self._promised()
        ticket.with_user(self.agent).message_post(
            body="Who knows this?", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        ticket.message_post(
            body="Any news?",
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(ticket.first_answer_date)
        self.assertTrue(ticket.waiting_since)
        ticket.stage_id = self.progress
        self.assertFalse(ticket.first_answer_date)
        # the end is one
        ticket.stage_id = self.done
        self.assertTrue(ticket.first_answer_date)
        self.assertFalse(ticket.waiting_since)
        self.assertEqual(ticket.promise_state, "kept")

    def test_waits_again(self):
        ticket = self._promised()
        with self._at(1):
            self._answer(ticket)
        self.assertFalse(ticket.waiting_since)
        with self._at(5):
            ticket.message_post(
                body="It happened again",
                author_id=self.customer.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertEqual(ticket.waiting_since, self.now + timedelta(hours=5))
        self.assertEqual(ticket.first_answer_date, self.now + timedelta(hours=1))
        self.assertEqual(ticket.promise_state, "kept")

    def test_report_in_words(self):
        self.assertFalse(self.rule.promise_summary)
        tickets = self.env["helpdesk.ticket"].concat(
            *(self._ticket() for _ in range(12))
        )
        self.assertIn("12 open", self.rule.promise_summary)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET promise_state = 'kept' WHERE id = ANY(%s)",
            [tickets[:10].ids],
        )
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET promise_state = 'broken' WHERE id = %s",
            [tickets[10].id],
        )
        self.env.invalidate_all()
        rule = self.rule
        self.assertEqual(
            (rule.promised_count, rule.open_count, rule.kept_count, rule.broken_count),
            (12, 1, 10, 1),
        )
        self.assertEqual(
            rule.promise_summary, "Gold, answered within 24 hours: kept 90 %, 1 broken"
        )
        action = rule.with_context(promise_state="broken").action_view_tickets()
        found = self.env["helpdesk.ticket"].search(action["domain"])
        self.assertEqual(found, tickets[10])
        # a promise stays in the report
        with self.assertRaisesRegex(UserError, "Archive it"):
            rule.unlink()

    def test_summary_never_rounds_up_to_all(self):
        tickets = self.env["helpdesk.ticket"].concat(
            *(self._ticket() for _ in range(150))
        )
        tickets.promise_state = "kept"
        tickets[0].promise_state = "broken"
        self.assertIn("kept 99 %, 1 broken", self.rule.promise_summary)

    # -- the apology -------------------------------------------------------------

    def _apologise(self, tickets):
        action = self.env.ref("lifecycle_helpdesk.action_apologise")
        action.with_user(self.agent).with_context(
            active_model="helpdesk.ticket",
            active_ids=tickets.ids,
            active_id=tickets[:1].id,
            allowed_company_ids=self.company.ids,
        ).run()

    def _mails(self, partner):
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    def test_apology_passes_the_gate(self):
        ticket = self._promised()
        with self.assertRaisesRegex(UserError, "nothing to apologise"):
            self._apologise(ticket)
        self._break(30)
        self._apologise(ticket)
        [mail] = self._mails(self.customer)
        self.assertIn("We kept you waiting", mail.subject)
        self.assertEqual(mail.state, "outgoing")
        self.assertTrue(ticket.apology_date)
        log = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(log.mapped("state"), ["sent"])
        # not twice
        with self.assertRaisesRegex(UserError, "nothing to apologise"):
            self._apologise(ticket)
        self.assertFalse(ticket.first_answer_date)  # it answers nothing

    def test_apology_is_held(self):
        ticket = self._promised()
        self._break(30)
        self.env["mail.blacklist"]._add(self.customer.email)
        self._apologise(ticket)
        self.assertFalse(self._mails(self.customer))
        self.assertFalse(ticket.apology_date)
        log = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual((log.state, log.reason), ("held", "blacklisted"))
        bodies = " ".join(map(str, ticket.message_ids.mapped("body")))
        self.assertIn("No apology was sent", bodies)

    # -- the past ----------------------------------------------------------------

    def test_what_was_before_the_addon(self):
        answered, again, waiting, closed, noted = (self._ticket() for _ in range(5))
        for ticket in answered | again:
            self._answer(ticket)
        with self._at(2):
            again.message_post(
                body="And now?",
                author_id=self.customer.id,
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        noted.with_user(self.agent).message_post(
            body="Hm", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        closed.stage_id = self.done
        tickets = answered | again | waiting | closed | noted
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET waiting_since = NULL, first_answer_date = NULL"
            " WHERE id = ANY(%s)",
            [tickets.ids],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(
            [bool(ticket.first_answer_date) for ticket in tickets],
            [True, True, False, True, False],
        )
        self.assertEqual(
            [bool(ticket.waiting_since) for ticket in tickets],
            [False, True, True, False, True],
        )
        self.assertEqual(again.waiting_since, self.now + timedelta(hours=2))
        self.assertEqual(waiting.waiting_since, waiting.create_date)
        self.assertLessEqual(
            waiting.create_date, fields.Datetime.now() + timedelta(1e5)
        )
