from odoo import api, models, tools


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    @api.model
    @tools.ormcache()
    def _get_reserved_pricelists(self):
        """Ids of pricelists that only a tier gives.

        Those that everybody may choose in a shop, or that have a code, are not.  Also
        of tiers that are archived: that a club ends does not open its prices to all.
        """
        # terms of trade, given to whoever is served, as the perks themselves
        tiers = self.sudo().with_context(active_test=False)
        pricelists = tiers.search([("pricelist_id", "!=", False)]).pricelist_id
        return frozenset(
            pricelists.filtered(lambda p: not p.selectable and not p.code).ids
        )
