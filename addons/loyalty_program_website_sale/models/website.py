"""Prices of a tier in the shop, as long as the customer is in it.

Odoo asks for the pricelist once and keeps it in the session.  What the tiers of the
customer give is kept beside it, so that it is seen when that changes.
"""

from odoo import models
from odoo.http import request

from odoo.addons.website_sale.models.website import (
    PRICELIST_SELECTED_SESSION_CACHE_KEY,
    PRICELIST_SESSION_CACHE_KEY,
)

TIER_PRICELISTS_SESSION_KEY = "loyalty_tier_pricelists"


class Website(models.Model):
    _inherit = "website"

    def _get_and_cache_current_pricelist(self):
        # where there is a cart, it has followed already
        if self._gives_tier_prices() and not request.cart:
            self._forget_former_prices()
        return super()._get_and_cache_current_pricelist()

    def _get_and_cache_current_cart(self):
        cart = super()._get_and_cache_current_cart()
        if (
            cart
            and not request.env.cr.readonly
            and self._gives_tier_prices()
            and self._forget_former_prices()
        ):
            before = cart.pricelist_id
            cart._compute_pricelist_id()
            if cart.pricelist_id != before:
                cart._recompute_prices()
        return cart

    def _gives_tier_prices(self):
        """Whether the tiers of who is here matter to the prices, or just did."""
        if self.env.user._is_public():
            return False
        perks = self.env["loyalty.tier"]._get_perks()
        return any(perk.pricelist_id for perk in perks.values()) or bool(
            request.session.get(TIER_PRICELISTS_SESSION_KEY)
        )

    def _forget_former_prices(self):
        """Let the pricelist be asked for again, if the tiers give another one now.

        What the customer chose stays, unless it was the list of a tier.

        :return: whether it is asked for again
        """
        self.ensure_one()
        session = request.session
        perks = self.env["loyalty.tier"]._get_perks()
        given = [perks[tier_id].pricelist_id for tier_id in self._get_shop_tier_ids()]
        given = [pricelist_id for pricelist_id in given if pricelist_id]
        before = session.get(TIER_PRICELISTS_SESSION_KEY) or []
        if given == before:
            return False
        session[TIER_PRICELISTS_SESSION_KEY] = given
        chosen = session.get(PRICELIST_SELECTED_SESSION_CACHE_KEY)
        if chosen and chosen not in before:
            return False
        session.pop(PRICELIST_SELECTED_SESSION_CACHE_KEY, None)
        session.pop(PRICELIST_SESSION_CACHE_KEY, None)
        return True

    def get_pricelist_available(self, show_visible=False):
        """Without lists that only a tier gives, unless it is that of the customer."""
        found = super().get_pricelist_available(show_visible=show_visible)
        reserved = self.env["loyalty.tier"]._get_reserved_pricelists()
        if reserved.isdisjoint(found._ids):
            return found
        own = False
        user = self.with_company(self.company_id).env.user
        if not user._is_public():
            code = self._get_geoip_country_code()
            partner = user.partner_id.with_context(
                **({"country_code": code} if code else {})
            )
            own = partner.property_product_pricelist.id
        return found.filtered(lambda p: p.id == own or p.id not in reserved)
