from odoo import fields, models


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    min_tier_id = fields.Many2one(
        "loyalty.tier",
        string="From Tier",
        ondelete="restrict",
        index="btree_not_null",
        help="Only members of this tier, or of a higher one of the same programme, can "
        "claim the reward. Empty: everyone.",
    )
