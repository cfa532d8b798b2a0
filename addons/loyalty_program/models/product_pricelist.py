from odoo import api, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """The pricelist of a tier goes before that of the country.

        Nothing is written on the contact: who leaves the tier is offered ordinary
        prices with the next quotation.  One set on the contact itself goes first.
        """
        result = super()._get_partner_pricelist_multi(partner_ids)
        tiers = self.env["loyalty.tier"]
        perks = tiers._get_perks()
        if not result or not any(perk.pricelist_id for perk in perks.values()):
            return result
        company = self.env.company
        found = tiers._find_tiers(partner_ids, company)
        # archived customers, too: as in Odoo's own
        partners = self.env["res.partner"].with_context(active_test=False)
        for partner in partners.browse(found):
            own = partner.specific_property_product_pricelist
            if own._get_partner_pricelist_multi_filter_hook():
                continue
            for tier_id in found[partner.id]:
                pricelist = self.browse(perks[tier_id].pricelist_id or ())
                if pricelist._is_for_tier(company):
                    result[partner.id] = pricelist
                    break
        return result

    def _is_for_tier(self, company):
        """Whether a pricelist can be proposed in a company now."""
        pricelist = self.sudo()  # also for who sees no tier, as in the shop
        return bool(
            pricelist._get_partner_pricelist_multi_filter_hook()
        ) and pricelist.company_id.id in (False, company.id)
