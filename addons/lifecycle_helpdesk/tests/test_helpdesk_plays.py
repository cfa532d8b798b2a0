"""Plays that tickets start and stop, and plays that open tickets."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.trade import noon
from odoo.addons.lifecycle_play.tests.play_common import PlayCase

from .helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestHelpdeskPlays(HelpdeskCase, PlayCase):
    def _way(self, play):
        return self._ways(play, self.customer)

    def test_step_opens_a_ticket(self):
        self._score(self.customer)
        play = self._play(
            [
                {
                    "kind": "ticket",
                    "template_id": False,
                    "name": "Win back",
                    "ticket_name": "Find out why",
                    "ticket_note": "Call.\nAsk <b>why</b>.",
                    "ticket_team_id": self.team.id,
                    "ticket_user_id": self.agent.id,
                    "ticket_priority": "3",
                }
            ],
            entry_kind="hand",
            stop_on_ticket=True,
        )
        self._rule(name="All", priority="0", answer_hours=1)
        self._start(play)
        self._enroll(play, self.customer)
        self._run_plays()
        [ticket] = self.env["helpdesk.ticket"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(ticket.name, "Find out why")
        self.assertIn("&lt;b&gt;why", str(ticket.description))
        self.assertEqual((ticket.team_id, ticket.user_id), (self.team, self.agent))
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.lifecycle_play_id, play)
        # the customer asked for nothing
        self.assertEqual(ticket.priority, "3")
        self.assertFalse(ticket.promise_state)
        self.assertFalse(ticket.waiting_since)
        self.assertFalse(self._mails(self.customer))
        self.assertEqual(self._way(play).state, "done")
        # once
        self._run_plays()
        self.assertEqual(
            self.env["helpdesk.ticket"].search_count(
                [("partner_id", "=", self.customer.id)]
            ),
            1,
        )
        # the customer answers it
        ticket.message_post(
            body="It was too late each time",
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(ticket.waiting_since)

    def test_step_of_another_team_is_refused(self):
        stranger = self._user("stranger", "helpdesk_mgmt.group_helpdesk_user")
        with self.assertRaisesRegex(ValidationError, "not in the team"):
            self._play(
                [
                    {
                        "kind": "ticket",
                        "template_id": False,
                        "ticket_team_id": self.team.id,
                        "ticket_user_id": stranger.id,
                    }
                ]
            )

    def test_ticket_stops(self):
        self._score(self.customer)
        steps = [{"delay_value": 5, "delay_kind": "days"}]
        stopping = self._play(steps, entry_kind="hand", stop_on_ticket=True)
        going_on = self._play(steps, entry_kind="hand")
        for play in stopping | going_on:
            self._start(play)
            self._enroll(play, self.customer)
        self._run_plays()
        self.assertEqual(self._way(stopping).state, "running")
        # one that a play made, and one of before, are none
        self._ticket(lifecycle_play_id=going_on.id)
        before = self._ticket()
        self._set_made(before, noon(self.today) - timedelta(days=1))
        self._run_plays()
        self.assertEqual(self._way(stopping).state, "running")
        self._set_made(
            self._ticket(self._partner("Child", parent_id=self.customer.id)),
            noon(self.today) + timedelta(hours=1),
        )
        self._run_plays()
        way = self._way(stopping)
        self.assertEqual((way.state, way.stop_reason), ("stopped", "ticket"))
        self.assertEqual(self._way(going_on).state, "running")

    def _set_made(self, ticket, moment):
        """The database has a clock of its own."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = %s WHERE id = %s",
            [moment, ticket.id],
        )
        self.env.invalidate_all()

    def test_broken_promise_starts_a_play(self):
        self._score(self.customer, rfm_monetary=5)
        small = self._partner("Small", email="small@example.com")
        self._score(small, rfm_monetary=1)
        self._rule(name="Promise", answer_hours=2)
        play = self._play(
            entry_kind="promise",
            audience_domain="[('rfm_monetary', '>=', 4)]",
            answers_complaint=True,
        )
        self._start(play)
        tickets = self._ticket() | self._ticket(small)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET promise_deadline = %s WHERE id = ANY(%s)",
            [noon(self.today) - timedelta(hours=1), tickets.ids],
        )
        self.env.invalidate_all()
        self.env["helpdesk.ticket"]._cron_break_promises()
        way = self._ways(play)
        self.assertEqual((way.partner_id, way.source), (self.customer, "promise"))
        self._run_plays()
        # although the ticket is open
        self.assertEqual(len(self._mails(self.customer)), 1)
        # a play that is not about it is held
        other = self._play(entry_kind="hand")
        self._start(other)
        self._enroll(other, self.customer)
        self._run_plays()
        self.assertEqual(len(self._mails(self.customer)), 1)

    def test_paused_play_lets_nobody_in(self):
        self._score(self.customer)
        play = self._play(entry_kind="promise")
        self._ticket()._enter_plays("promise")
        self.assertFalse(self._ways(play))

    def test_dry_run_of_what_nobody_knows(self):
        play = self._play(entry_kind="promise")
        self._score(self.customer)
        action = play.action_dry_run()
        self.assertTrue(action)

    def test_shipped_plays_are_paused_and_can_start(self):
        main = self.env.ref("base.main_company")
        self.env.user.company_ids |= main
        for name in ("play_apology", "play_win_back_ticket"):
            play = self.env.ref(f"lifecycle_helpdesk.{name}")
            with self.subTest(play=play.name):
                self.assertEqual(play.state, "paused")
                self.assertFalse(play.enrollment_count)
                play = play.with_context(allowed_company_ids=main.ids)
                self.assertFalse(play._find_problems())

    def test_the_play_goes_with_the_addon_and_leaves_its_customers(self):
        self._score(self.customer)
        play = self._play(entry_kind="promise", control_share=0)
        self._start(play)
        self._ticket()._enter_plays("promise")
        way = self._way(play)
        way._leave_to_hand()
        play._leave_to_hand()
        self.assertEqual((way.source, play.entry_kind), ("hand", "hand"))
        self.assertEqual(play.state, "paused")
        step = play.step_ids
        step.write({"kind": "ticket", "template_id": False})
        self.assertTrue(step.action_id)
        step._leave_to_action()
        self.assertEqual((step.kind, step.action_id.id), ("action", False))
