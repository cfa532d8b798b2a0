from odoo import api, fields, models
from odoo.tools import SQL

_TIER = {
    "comodel_name": "loyalty.tier",
    "ondelete": "restrict",
}


class LifecyclePlay(models.Model):
    """A change of the loyalty tier lets customers in."""

    _inherit = "lifecycle.play"

    from_tier_id = fields.Many2one(
        **_TIER, help="Empty: from whatever tier, or from none."
    )
    to_tier_id = fields.Many2one(**_TIER, help="Empty: to whatever tier, or to none.")

    def _get_end_names(self):
        if self.transition_kind == "tier":
            return ("from_tier_id", "to_tier_id")
        return super()._get_end_names()

    def _get_standing(self):
        tier = self.to_tier_id or self.from_tier_id
        if self.transition_kind != "tier":
            return super()._get_standing()
        if not tier:
            return SQL("TRUE")
        return self._get_in_tier(SQL("lifecycle_profile.partner_id"), tier)

    def _get_left(self):
        if self.entry_kind != "transition" or self.transition_kind != "tier":
            return super()._get_left()
        if not self.to_tier_id:
            return SQL("FALSE")  # any change let them in: there is nothing to leave
        return SQL("NOT %s", self._get_in_tier(SQL("e.partner_id"), self.to_tier_id))

    def _get_in_tier(self, partner, tier):
        """Condition: the customer is a member with a tier, in the company."""
        return SQL(
            """EXISTS (SELECT FROM loyalty_membership m
                WHERE m.partner_id = %s AND m.company_id = %s AND m.tier_id = %s)""",
            partner,
            self.company_id.id,
            tier.id,
        )

    @api.model
    def _get_shipped_files(self):
        return [
            *super()._get_shipped_files(),
            ("loyalty_program", "data/lifecycle_play_data.xml"),
        ]
