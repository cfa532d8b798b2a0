"""Odoo's own robot, which clicks on every entry of a menu, every view and filter."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user

_START = (
    "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
    ".startClickEverywhere('%s');"
)

# These do something at once and open nothing: the robot would wait for a screen.  The
# tours of the manager press them.
_ACTS = (
    "lifecycle_crm.menu_lifecycle_recompute",
    "churn_scoring.menu_churn_train",
)


class WalkMixin(HttpCase):
    """Whoever walks must see no dialog of an error and nothing wrong in the console."""

    allow_end_on_form = True

    def _walk(self, menu, login, *groups):
        """
        :param menu: external id of the menu of an app
        :param groups: all that the user who walks is in
        """
        user = new_test_user(
            self.env,
            login,
            ",".join(groups),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for name in _ACTS:
            if entry := self.env.ref(name, raise_if_not_found=False):
                entry.active = False
        if "tour_enabled" in user._fields:
            user.tour_enabled = False
        self.browser_js(
            "/odoo",
            _START % menu,
            "odoo.isReady === true",
            login=user.login,
            timeout=900,
            success_signal="clickbot test succeeded",
        )
