from odoo import fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    loyalty_tier_id = fields.Many2one(
        related="lifecycle_profile_id.tier_id", groups=LIFECYCLE_GROUPS
    )
    loyalty_tier_color = fields.Integer(
        related="lifecycle_profile_id.tier_color",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )
