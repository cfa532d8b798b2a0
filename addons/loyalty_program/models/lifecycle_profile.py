from odoo import fields, models


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    tier_id = fields.Many2one(
        "loyalty.tier",
        string="Loyalty Tier",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Tier in the first loyalty programme of the company that has tiers. Rules "
        "of stages see the tier of the run before.",
    )
    tier_color = fields.Integer(
        related="tier_id.color", string="Tier Colour", aggregator=None
    )
