from odoo.tests import TransactionCase, tagged


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
