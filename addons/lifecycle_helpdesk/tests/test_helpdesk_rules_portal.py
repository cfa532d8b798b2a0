"""A customer opens a ticket in the portal; rules hold there, too."""

from odoo.tests import HttpCase, tagged

from .helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestHelpdeskRulesPortal(HelpdeskCase, HttpCase):
    def test_ticket_from_the_portal(self):
        portal = self._user("portal", "base.group_portal")
        self._score(portal.partner_id)
        self._rule(name="Valuable", value_min=500, priority="3", answer_hours=24)
        self.authenticate(portal.login, portal.login)
        page = self.url_open("/new/ticket")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        self.url_open(
            "/submitted/ticket",
            data={
                "csrf_token": token,
                "subject": "From the portal",
                "description": "Please help",
            },
        ).raise_for_status()
        ticket = self.env["helpdesk.ticket"].search(
            [("partner_id", "=", portal.partner_id.id)]
        )
        self.assertEqual((ticket.name, ticket.priority), ("From the portal", "3"))
        self.assertEqual(ticket.promise_state, "open")
        # the customer sees the ticket, and not what we think of it
        page = self.url_open(f"/my/ticket/{ticket.id}")
        self.assertIn("From the portal", page.text)
        self.assertNotIn("Rule “", page.text)
