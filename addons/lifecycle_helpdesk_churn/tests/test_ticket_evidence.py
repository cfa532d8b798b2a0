"""Tickets as evidence: what is found, of whom, as of when, and in which words."""

from datetime import date, datetime, timedelta

from odoo.tests import tagged

from odoo.addons.churn_scoring.tests.evidence_common import EvidenceCase
from odoo.addons.lifecycle_helpdesk.tests.helpdesk_common import HelpdeskCase

MADE = datetime(2026, 6, 1, 12)


@tagged("post_install", "-at_install")
class TestTicketEvidence(HelpdeskCase, EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._customer("Buyer", email="buyer@example.com")

    def _past(self, made=MADE, partner=None, **values):
        """A ticket as the database knows it: made, answered, promised in the past."""
        given = {
            name: values.pop(name)
            for name in ("first_answer_date", "promise_deadline")
            if name in values
        }
        ticket = self._ticket(partner, **values)
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE helpdesk_ticket SET create_date = %s, first_answer_date = %s,
                promise_deadline = %s WHERE id = %s""",
            [
                made,
                given.get("first_answer_date"),
                given.get("promise_deadline"),
                ticket.id,
            ],
        )
        self.env.invalidate_all()
        return ticket

    def test_tickets(self):
        plain = self._past()
        child = self._partner("Child", parent_id=self.customer.id)
        complaint = self._past(
            MADE + timedelta(days=1), child, priority="3", lifecycle_complaint=True
        )
        play = self.env["lifecycle.play"].create(
            {"name": "Play", "company_id": self.company.id}
        )
        self._past(lifecycle_play_id=play.id)
        self._past(partner=self._partner("No Customer"))
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        self._past(company=other)
        found = self._found("ticket")
        self.assertEqual(found.mapped("res_id"), [complaint.id, plain.id])
        self.assertEqual(found.partner_id, self.customer)
        self.assertEqual(found.mapped("date"), [date(2026, 6, 2), date(2026, 6, 1)])
        self.assertEqual(
            [round(weight, 2) for weight in found.mapped("weight")], [0.9, 0.2]
        )
        self.assertEqual(
            found.mapped("sentence"),
            [
                f"Complaint {complaint.number} on June 2, 2026",
                f"Ticket {plain.number} on June 1, 2026",
            ],
        )
        self.assertEqual(found[0].action_open_document()["res_id"], complaint.id)
        # what was known on that day
        self.assertEqual(self._found("ticket", as_of=date(2026, 6, 1)).res_id, plain.id)

    def test_reopened(self):
        ticket = self._past(stage_id=self.progress.id)
        tracked = ticket.with_context(tracking_disable=False)
        for stage in (self.done, self.progress, self.new, self.done):
            tracked.stage_id = stage
            self.env.flush_all()
            self.env.cr.precommit.run()
        [line] = self._found("ticket_reopened")
        self.assertEqual((line.res_id, line.date), (ticket.id, self.today))
        self.assertIn("opened again on June 15, 2026", line.sentence)

    def test_waited(self):
        hours = timedelta(hours=1)
        self._past(first_answer_date=MADE + 48 * hours)  # in time
        late = self._past(first_answer_date=MADE + 100 * hours)
        unanswered = self._past(MADE - timedelta(days=2))
        self._past(datetime(2026, 6, 14, 12))  # may still be in time
        found = self._found("ticket_wait")
        self.assertEqual({*found.mapped("res_id")}, {late.id, unanswered.id})
        by_ticket = {line.res_id: line for line in found}
        line = by_ticket[late.id]
        self.assertEqual((line.date, line.weight), (date(2026, 6, 5), 0.6))
        self.assertEqual(
            line.sentence,
            f"Ticket {late.number} got its first answer after 4 days",
        )
        line = by_ticket[unanswered.id]
        self.assertEqual((line.date, line.weight), (date(2026, 6, 1), 1))
        self.assertEqual(
            line.sentence,
            f"Ticket {unanswered.number} has waited for an answer for 16 days",
        )
        # the night before the answer it still waited
        found = self._found("ticket_wait", as_of=date(2026, 6, 4))
        by_ticket = {line.res_id: line for line in found}
        self.assertEqual(by_ticket[late.id].figures["since"], "2026-06-01")
        # figures do not change from day to day
        before = self._found("ticket_wait", as_of=date(2026, 6, 12)).mapped("figures")
        after = self._found("ticket_wait", as_of=date(2026, 6, 13)).mapped("figures")
        self.assertEqual(before, after)

    def test_broken_promise(self):
        self._rule(name="Within a Day", answer_hours=24)
        day = timedelta(days=1)
        deadline = MADE + day
        self._past(first_answer_date=deadline, promise_deadline=deadline)
        broken = self._past(first_answer_date=deadline + day, promise_deadline=deadline)
        self._past(datetime(2026, 6, 15, 9), promise_deadline=datetime(2026, 6, 16, 9))
        [line] = self._found("ticket_promise")
        self.assertEqual((line.res_id, line.date), (broken.id, date(2026, 6, 2)))
        self.assertEqual(
            line.sentence,
            f"Ticket {broken.number} was not answered by June 2, 2026, as promised "
            "(Within a Day)",
        )
        # it is said once
        self.assertNotIn(broken.id, self._found("ticket_wait").mapped("res_id"))

    def test_broken_sla(self):
        if "helpdesk.ticket.sla" not in self.env:
            self.assertNotIn("ticket_sla", dict(self.evidence._selection_kind()))
            self.skipTest("helpdesk_mgmt_sla is not installed")
        self.team.write(
            {
                "use_sla": True,
                "resource_calendar_id": self.company.resource_calendar_id.id,
            }
        )
        self.env["helpdesk.sla"].search([]).active = False
        self.env["helpdesk.sla"].create(
            {"name": "Fast", "hours": 4, "stage_id": self.done.id}
        )
        broken = self._past(team_id=self.team.id)
        kept = self._past(team_id=self.team.id)
        self.env.cr.execute(
            """UPDATE helpdesk_ticket_sla SET deadline = %s,
                state = CASE WHEN ticket_id = %s THEN 'expired' ELSE 'accomplished' END
            WHERE ticket_id = ANY(%s)""",
            [MADE + timedelta(hours=4), broken.id, (broken | kept).ids],
        )
        self.env.invalidate_all()
        [line] = self._found("ticket_sla")
        self.assertEqual((line.res_id, line.date), (broken.id, date(2026, 6, 1)))
        self.assertEqual(
            line.sentence,
            f"The SLA “Fast” of ticket {broken.number} was broken on June 1, 2026",
        )

    def test_bad_rating(self):
        if "rating_ids" not in self.env["helpdesk.ticket"]._fields:
            self.assertNotIn("bad_rating", dict(self.evidence._selection_kind()))
            self.skipTest("helpdesk_mgmt_rating is not installed")
        ticket = self._past()
        for rate in (1, 3, 5):
            rating = self.env["rating.rating"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                    "res_id": ticket.id,
                    "partner_id": self.customer.id,
                }
            )
            ticket.rating_apply(rate, rating=rating, feedback="Hm")
        [line] = self._found("bad_rating")
        self.assertEqual((line.res_id, line.weight), (ticket.id, 1))
        self.assertEqual(
            line.sentence, f"Rated ticket {ticket.number} with 1 of 5 on June 15, 2026"
        )

    def test_what_is_gone_goes(self):
        ticket = self._past()
        self.assertTrue(self._found("ticket"))
        ticket.unlink()
        self.assertFalse(self._found("ticket"))
