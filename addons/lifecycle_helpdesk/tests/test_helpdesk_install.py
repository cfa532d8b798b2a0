from odoo.tests import tagged

from ..hooks import uninstall_hook
from .helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestHelpdeskInstall(HelpdeskCase):
    def test_needs_plays_and_the_helpdesk_only(self):
        module = self.env["ir.module.module"].search(
            [("name", "=", "lifecycle_helpdesk")]
        )
        self.assertTrue(module.auto_install)
        self.assertEqual(
            {*module.dependencies_id.mapped("name")},
            {"lifecycle_play", "helpdesk_mgmt"},
        )
        # nothing of ours without which a company may want to do
        names = module.upstream_dependencies(exclude_states=("uninstallable",))
        self.assertFalse({"churn_scoring", "loyalty_program"} & {*names.mapped("name")})

    def test_uninstalling_leaves_tickets_and_no_actions_of_steps(self):
        step = self.env.ref("lifecycle_helpdesk.play_win_back_ticket_step")
        action = step.action_id
        self.assertTrue(action)
        ticket = self._ticket()
        uninstall_hook(self.env)
        self.assertFalse(action.exists())
        self.assertTrue(ticket.exists())

    def test_nothing_was_sent_and_no_rule_is_shipped(self):
        main = self.env.ref("base.main_company")
        plays = self.env.ref("lifecycle_helpdesk.play_apology")
        plays |= self.env.ref("lifecycle_helpdesk.play_win_back_ticket")
        self.assertFalse(
            self.env["lifecycle.message"].search([("play_id", "in", plays.ids)])
        )
        self.assertEqual(plays.company_id, main)
        shipped = self.env["ir.model.data"].search(
            [
                ("module", "=", "lifecycle_helpdesk"),
                ("model", "=", "lifecycle.ticket.rule"),
            ]
        )
        self.assertFalse(shipped)
