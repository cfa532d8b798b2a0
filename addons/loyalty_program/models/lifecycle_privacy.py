from odoo import api, models


class LifecyclePrivacy(models.AbstractModel):
    """Cards, points and tiers are what a member agreed upon: they stay.

    A simulation is an evaluation beside it.
    """

    _inherit = "lifecycle.privacy"

    @api.model
    def _get_scored_models(self):
        return {
            "loyalty.tier.simulation.move": "partner_id",
            **super()._get_scored_models(),
        }
