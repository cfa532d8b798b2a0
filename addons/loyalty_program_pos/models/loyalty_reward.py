from odoo import api, fields, models


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    pos_tier_ids = fields.Json(
        string="Tiers at the Till",
        compute="_compute_pos_tier_ids",
        compute_sudo=True,
        help="Tiers whose members can claim it in a point of sale. Empty: everybody.",
    )

    @api.depends("min_tier_id")
    def _compute_pos_tier_ids(self):
        for reward in self:
            reward.pos_tier_ids = reward.min_tier_id._get_tiers_above()

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "pos_tier_ids"]
