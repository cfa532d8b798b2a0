from odoo import api, models


class LifecycleHealth(models.Model):
    _inherit = "lifecycle.health"

    @api.model
    def _get_scheduled_actions(self):
        return {
            **super()._get_scheduled_actions(),
            "loyalty_program.ir_cron_points": self.env._("Points that expire"),
            "loyalty_program.ir_cron_prove": self.env._("Proof of the points ledger"),
            "loyalty_program.ir_cron_celebrate": self.env._("Points on birthdays"),
            "loyalty_program.ir_cron_join_cards": self.env._("One card per company"),
        }
