from odoo import fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "loyalty.member.mixin"]

    loyalty_tier_id = fields.Many2one(
        related="partner_id.lifecycle_profile_id.tier_id",
        string="Customer's Tier",
        groups=LIFECYCLE_GROUPS,
    )
    loyalty_tier_color = fields.Integer(
        related="partner_id.lifecycle_profile_id.tier_color",
        string="Colour of the Customer's Tier",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )
