from odoo import fields, models


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    free_delivery = fields.Boolean(
        help="Delivery costs members of the tier nothing, whatever the method.",
    )

    def _get_perk_words(self):
        words = super()._get_perk_words()
        if self.sudo().free_delivery:  # terms that its members are told of
            words.append(self.env._("free delivery"))
        return words
