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

    @api.model
    def _get_personal_models(self):
        return {
            **super()._get_personal_models(),
            "loyalty.membership": "partner_id",
            "loyalty.card": "partner_id",
            "loyalty.ledger": "partner_id",
        }

    @api.model
    def _get_append_only_models(self):
        return [*super()._get_append_only_models(), "loyalty.ledger"]
