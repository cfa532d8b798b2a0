"""A helpdesk agent without sales rights, in a browser."""

from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestHelpdeskTour(HelpdeskCase, HttpCase):
    def test_agent(self):
        day = timedelta(days=1)
        urgent = self._partner("Urgent Tour", email="urgent@example.com")
        self._score(
            urgent,
            clv_historic=12345,
            at_risk_date=self.today - 9 * day,
            lapse_date=self.today + 900 * day,
            last_order_date=self.today - 30 * day,
        )
        calm = self._partner("Calm Tour", email="calm@example.com")
        self._score(calm, "active")
        self._rule(name="Valuable", value_min=5000, priority="3", answer_hours=24)
        ticket = self._ticket(
            urgent, name="Torn bags", partner_name="Urgent Tour", team_id=self.team.id
        )
        self._ticket(
            calm, name="New address", partner_name="Calm Tour", team_id=self.team.id
        )
        self.start_tour(
            "/odoo/helpdesk-tickets",
            "helpdesk_agent",
            login=self.agent.login,
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertTrue(ticket.first_answer_date)
        self.assertFalse(ticket.waiting_since)
        self.assertEqual(ticket.stage_id, self.done)

    def test_manager(self):
        manager = self._user("boss", "helpdesk_mgmt.group_helpdesk_manager")
        self._score(self.customer)
        self.start_tour(
            "/odoo/helpdesk-tickets",
            "helpdesk_manager",
            login=manager.login,
            timeout=120,
        )
        rule = self.rules.search([("name", "=", "Loyal first")])
        self.assertEqual(rule.stage_ids, self._stage("loyal"))
        self.assertEqual((rule.priority, rule.answer_hours), ("3", 24))
        self.assertEqual(self._ticket().promise_rule_id, rule)
