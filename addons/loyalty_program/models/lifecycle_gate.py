from odoo import api, models
from odoo.exceptions import AccessError


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _is_customer_model(self, model):
        return model == "loyalty.membership" or super()._is_customer_model(model)

    @api.model
    def _check_may_write_to_members(self):
        """Refuse who sends to many members by hand and is no manager.

        :raises AccessError: unless a manager, a play or a server action that somebody
            set up is at work
        """
        token = self._get_token()
        if self.env.su or (token and (token.play or token.action)):
            return
        if not self.env.user.has_group("lifecycle_crm.group_lifecycle_manager"):
            raise AccessError(
                self.env._("Only a lifecycle manager can send mails to members.")
            )
