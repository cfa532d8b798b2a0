from odoo import api, fields, models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    pos_tier_ids = fields.Json(
        compute="_compute_pos_tier_ids",
        compute_sudo=True,
        help="Tiers whose members can use it in a point of sale. Empty: everybody.",
    )

    @api.depends("min_tier_id")
    def _compute_pos_tier_ids(self):
        for program in self:
            program.pos_tier_ids = program.min_tier_id._get_tiers_above()

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "pos_tier_ids"]


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
