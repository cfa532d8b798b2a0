from odoo import models


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    def _action_write_to(self, channel):
        """Write to these customers by hand, through the gate.

        :param channel: ``mail`` or ``sms``
        :return: the window in which one writes
        """
        # in no company can one write for another
        partners = self.partner_id
        if channel == "mail":
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Send Email"),
                "res_model": "mail.compose.message",
                "views": [(False, "form")],
                "target": "new",
                "context": {
                    "default_composition_mode": "mass_mail",
                    "default_model": "res.partner",
                    "default_res_ids": partners.ids,
                    "default_lifecycle_gate": True,
                },
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Text Message"),
            "res_model": "sms.composer",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_composition_mode": "mass",
                "default_res_model": "res.partner",
                "default_res_ids": partners.ids,
                "default_lifecycle_gate": True,
            },
        }
