from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _action_reset_password(self, *args, **kwargs):
        """A password is no advertisement, also where an automation gives the account.

        Odoo sends it to an address, on no record that would say so.
        """
        users = self.with_context(lifecycle_gate=None)
        return super(ResUsers, users)._action_reset_password(*args, **kwargs)
