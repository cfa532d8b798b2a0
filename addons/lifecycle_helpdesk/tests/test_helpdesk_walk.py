"""Every entry of the helpdesk, where ours are, as an agent and as who leads them."""

from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.walk_common import WalkMixin

from .helpdesk_common import HelpdeskCase

MENU = "helpdesk_mgmt.helpdesk_ticket_main_menu"


@tagged("post_install", "-at_install")
class TestHelpdeskWalk(HelpdeskCase, WalkMixin):
    def setUp(self):
        super().setUp()
        self._score(self.customer)
        self._rule(name="Loyal first", priority="3", answer_hours=24)
        self._ticket(name="Torn bags", team_id=self.team.id)

    def test_agent(self):
        self._walk(MENU, "walk_agent", "helpdesk_mgmt.group_helpdesk_user")

    def test_leader(self):
        self._walk(MENU, "walk_leader", "helpdesk_mgmt.group_helpdesk_manager")
