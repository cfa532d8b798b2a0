from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestInstall(TransactionCase):
    def test_installed_on_its_dependencies(self):
        module = self.env["ir.module.module"].search([("name", "=", "lifecycle_play")])
        self.assertEqual(module.state, "installed")
        self.assertIn(
            "lifecycle_crm",
            module.upstream_dependencies(exclude_states=("uninstallable",)).mapped(
                "name"
            ),
        )

    def test_uninstalling_leaves_no_server_actions_of_steps(self):
        steps = self.env["lifecycle.play.step"].search([("kind", "!=", "action")])
        made = steps.action_id
        self.assertTrue(made)
        other = self.env["ir.actions.server"].create(
            {
                "name": "Mine",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
            }
        )
        # also of plays that run
        self.env.cr.execute(
            "UPDATE lifecycle_play SET state = 'running' WHERE id = %s",
            [steps[0].play_id.id],
        )
        self.env.invalidate_all()
        uninstall_hook(self.env)
        self.assertFalse(made.exists())
        self.assertTrue(other.exists())
