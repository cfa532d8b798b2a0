from odoo import api, models, tools


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    @api.model
    @tools.ormcache()
    def _get_reserved_pricelists(self):
        """Ids of pricelists that only a tier gives.

        Those that everybody may choose in a shop, or that have a code, are not.
        """
        given = {perk.pricelist_id for perk in self._get_perks().values()} - {None}
        # terms of trade, given to whoever is served, as the perks themselves
        pricelists = self.env["product.pricelist"].sudo().browse(given)
        return frozenset(
            pricelists.filtered(lambda p: not p.selectable and not p.code).ids
        )
