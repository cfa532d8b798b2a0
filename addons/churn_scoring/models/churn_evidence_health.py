from odoo import api, models


class LifecycleHealth(models.Model):
    _inherit = "lifecycle.health"

    @api.model
    def _get_scheduled_actions(self):
        return {
            **super()._get_scheduled_actions(),
            "churn_scoring.ir_cron_evidence": self.env._("Evidence of churn"),
        }
