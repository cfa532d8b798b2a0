from odoo import fields, models


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    free_delivery = fields.Boolean(
        help="Delivery costs members of the tier nothing, whatever the method.",
    )
