"""What the shop tells a customer of its club."""

from odoo import models


class Website(models.Model):
    _inherit = "website"

    def _get_shop_club(self):
        """The club of who is logged in: asked once, however many parts of a page do.

        :return: dict of ``tier`` (its name, or False) and ``words`` (what it brings,
            texts); empty for visitors, and where this website has no club
        """
        self.ensure_one()
        user = self.env.user
        if not user or user._is_public():
            return {}
        key = ("loyalty_shop_club", self.id, user.id, self.env.lang)
        known = self.env.cr.cache
        if key not in known:
            known[key] = self._read_shop_club()
        return known[key]

    def _read_shop_club(self):
        # rules of the house; what is said of them is the customer's own
        programs = self.env["loyalty.program"].sudo()
        programs = programs.search(
            [
                ("program_type", "=", "loyalty"),
                ("ecommerce_ok", "=", True),
                ("website_id", "in", (False, self.id)),
                *programs._check_company_domain(
                    self.company_id | self.company_id.parent_ids
                ),
            ]
        )
        if not programs:
            return {}
        perks = self.env["loyalty.tier"]._get_perks()
        held = [
            tier_id
            for tier_id in self._get_shop_tier_ids()
            if perks[tier_id].program_id in programs._ids
        ]
        tier = self.env["loyalty.tier"].sudo().browse(held[:1])  # as above
        return {"tier": tier.name, "words": tier._get_perk_words()}

    def _get_shop_tier_ids(self):
        """Ids of the tiers of who is logged in, the main one first."""
        key = ("loyalty_shop_tiers", self.id, self.env.uid)
        known = self.env.cr.cache
        if key not in known:
            partner = self.env.user.partner_id
            found = self.env["loyalty.tier"]._find_tiers(partner.ids, self.company_id)
            known[key] = found.get(partner.id, [])
        return known[key]
