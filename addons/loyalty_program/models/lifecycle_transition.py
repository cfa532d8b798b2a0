from odoo import api, fields, models


class LifecycleTransition(models.Model):
    _inherit = "lifecycle.transition"

    kind = fields.Selection(
        selection_add=[("tier", "Loyalty Tier")], ondelete={"tier": "cascade"}
    )
    from_tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="restrict",
        help="Tier before. Empty: the member had none.",
    )
    to_tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="restrict",
        help="Tier after. Empty: the member has none any more.",
    )
    loyalty_program_id = fields.Many2one(
        "loyalty.program",
        readonly=True,
        ondelete="cascade",
        help="Programme of the tier.",
    )

    @api.depends("from_tier_id", "to_tier_id")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_end_name(self, end):
        if self.kind != "tier":
            return super()._get_end_name(end)
        return self[f"{end}_tier_id"].display_name
