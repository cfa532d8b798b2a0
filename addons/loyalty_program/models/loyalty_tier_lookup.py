"""Which tiers a customer holds, and what they bring: asked with every order.

Most databases have a handful of tiers, so what they bring is kept in memory; a customer
costs one look into an index, and none where no programme has tiers.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from odoo import api, models, tools
from odoo.tools import SQL


class TierPerks(NamedTuple):
    """What a tier brings, of an active tier of an active programme."""

    program_id: int
    threshold: float
    multiplier: float
    pricelist_id: int | None
    payment_term_id: int | None
    rank: int


HELD_KEY = "loyalty_held"


@dataclass(eq=False)
class HeldTiers:
    """In the context: tiers found so far, while one order is worked on.

    An object, so no client can say it.

    :ivar found: tier ids by (contact id, company id)
    """

    found: dict = field(default_factory=dict)


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    @api.model
    @tools.ormcache()
    def _get_perks(self):
        """``{tier id: TierPerks}``, those of the first programme first."""
        # terms of trade, given to whoever is served; nobody reads the tier itself
        tiers = self.sudo().search([("program_id.active", "=", True)])
        tiers = tiers.sorted(lambda t: (t.program_id.sequence, t.program_id.id))
        return {
            tier.id: TierPerks(
                tier.program_id.id,
                tier.threshold,
                tier.point_multiplier,
                tier.pricelist_id.id or None,
                tier.payment_term_id.id or None,
                rank,
            )
            for rank, tier in enumerate(tiers)
        }

    @api.model
    def _find_tiers(self, partner_ids, company):
        """Tiers of contacts: ``{contact id: [tier id, …]}``, the main one first.

        Of their customers, whoever asks: it decides prices, it is shown to nobody.
        """
        perks = self._get_perks()
        partner_ids = [partner_id for partner_id in partner_ids if partner_id]
        if not perks or not partner_ids:
            return {}
        held = self._get_held()
        if held is None:
            return self._read_tiers(partner_ids, company, perks)
        if asked := [p for p in partner_ids if (p, company.id) not in held.found]:
            rows = self._read_tiers(asked, company, perks)
            held.found.update(
                {(partner_id, company.id): rows.get(partner_id) for partner_id in asked}
            )
        found = {p: held.found[p, company.id] for p in partner_ids}
        return {partner_id: ids for partner_id, ids in found.items() if ids}

    @api.model
    def _get_held(self):
        """The tiers found so far while an order is worked on, or None."""
        held = self.env.context.get(HELD_KEY)
        return held if isinstance(held, HeldTiers) else None

    @api.model
    def _forget_held(self):
        """Members have moved meanwhile."""
        if held := self._get_held():
            held.found.clear()

    @api.model
    def _read_tiers(self, partner_ids, company, perks):
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["loyalty.membership"].flush_model(["tier_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id, m.tier_id
                FROM res_partner p
                JOIN loyalty_membership m ON m.partner_id = p.commercial_partner_id
                WHERE p.id = ANY(%s) AND m.company_id = %s AND m.tier_id = ANY(%s)""",
                list(partner_ids),
                company.id,
                list(perks),
            )
        )
        found = {}
        for partner_id, tier_id in sorted(rows, key=lambda row: perks[row[1]].rank):
            found.setdefault(partner_id, []).append(tier_id)
        return found

    @api.model
    def _get_open_tiers(self, partner, company):
        """Tiers whose doors are open to a contact: its own, and the ones below."""
        held = self._find_tiers(partner.ids, company).get(partner.id, [])
        return self._get_tiers_below(held)

    @api.model
    def _get_tiers_below(self, tier_ids):
        """Ids of tiers in use, and of those below them in the same programme."""
        perks = self._get_perks()
        return [
            tier_id
            for tier_id, perk in perks.items()
            for own in tier_ids
            if own in perks
            and perks[own].program_id == perk.program_id
            and perk.threshold <= perks[own].threshold
        ]

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "sequence", "tier_ids"}:
            self.env.registry.clear_cache()
        return result
