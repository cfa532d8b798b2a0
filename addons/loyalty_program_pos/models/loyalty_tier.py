from odoo import models


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def _get_tiers_above(self):
        """Ids of a tier and of those above it in the same programme; may be empty.

        One that is archived, or whose programme is, opens to nobody: only its own id.
        """
        if not self:
            return []
        perks = self._get_perks()
        if self.id not in perks:
            return self.ids
        own = perks[self.id]
        return [
            tier_id
            for tier_id, perk in perks.items()
            if perk.program_id == own.program_id and perk.threshold >= own.threshold
        ]
