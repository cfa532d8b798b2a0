from odoo.tests import tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

HEALTH = 'href="/odoo/lifecycle-health"'


@tagged("post_install", "-at_install")
class TestEmptyList(SecurityCase):
    """The list of customers before anything is computed."""

    def _help(self, user):
        """The help of the action, as the web client reads it."""
        self.env.invalidate_all()
        action = self.env.ref("lifecycle_crm.action_lifecycle_profile")
        return action.with_env(self._as(user))._get_action_dict()["help"]

    def test_before_the_first_run(self):
        self.env["lifecycle.run"].search([]).unlink()
        for state in ("none", "pending", "running"):
            if state != "none":
                run = self.env["lifecycle.run"]._request(self.company, "install")
                run.state = state
            for user, linked in ((self.manager, True), (self.salesperson, False)):
                text = self._help(user)
                self.assertIn("computed for the first time", text)
                self.assertIn("Configuration › Health", text)
                self.assertEqual(HEALTH in text, linked, user.login)
        action = self.env.ref("lifecycle_crm.action_lifecycle_health")
        self.assertEqual(f'href="/odoo/{action.path}"', HEALTH)

    def test_where_it_failed(self):
        self.env["lifecycle.run"].search([]).unlink()
        run = self.env["lifecycle.run"]._request(self.company, "install")
        run.write({"state": "failed", "error": "secret"})
        text = self._help(self.manager)
        self.assertIn("failed", text)
        self.assertIn(HEALTH, text)
        self.assertNotIn("secret", text)
        # of another company it says nothing
        self.assertNotIn("failed", self._help(self.foreign_manager))

    @mute_logger("odoo.models")
    def test_after_it(self):
        self._recompute()
        for user in (self.manager, self.salesperson):
            self.assertIn("No customers yet", self._help(user))
        self.assertIn("first time", self._help(self.foreigner))
