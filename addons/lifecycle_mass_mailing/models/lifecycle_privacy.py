from odoo import api, models


class LifecyclePrivacy(models.AbstractModel):
    _inherit = "lifecycle.privacy"

    @api.model
    def _get_scored_models(self):
        return {
            "lifecycle.engagement": "partner_id",
            **super()._get_scored_models(),
        }
