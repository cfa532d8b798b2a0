from odoo import models

from odoo.addons.website.models import ir_http


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """In a shop, the list of a tier is not found by country, or for coming first.

        Odoo takes the first list of a website for who has none.
        """
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        if ir_http.get_request_website():
            reserved = self.env["loyalty.tier"]._get_reserved_pricelists()
            domain = [*domain, ("id", "not in", sorted(reserved))]
        return domain
