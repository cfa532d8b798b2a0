from odoo import api, fields, models


class LoyaltyTier(models.Model):
    """A level of a loyalty programme; the threshold orders the levels."""

    _name = "loyalty.tier"
    _description = "Loyalty Tier"
    _order = "program_id, threshold, id"

    program_id = fields.Many2one(
        "loyalty.program",
        string="Programme",
        required=True,
        ondelete="cascade",
        index=True,
    )
    # stored for the record rules
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    threshold = fields.Float(
        digits=(16, 3),
        required=True,
        help="What a member must at least have in the period: exactly this is enough. "
        "0: every member has this tier.",
    )
    domain = fields.Char(
        string="Only For",
        help="Filter over the customer's profile that must hold, too, to reach or to "
        "renew the tier. Empty: no condition.",
    )
    color = fields.Integer(help="Colour of the badge.")
    image = fields.Image(max_width=256, max_height=256)
    description = fields.Text(
        translate=True, help="What members are told of this tier."
    )
    member_count = fields.Integer(
        string="Members",
        compute="_compute_member_count",
        help="Members of the current company in this tier.",
    )

    @api.depends_context("company")
    def _compute_member_count(self):
        groups = self.env["loyalty.membership"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("tier_id", "in", self.ids),
            ],
            ["tier_id"],
            ["__count"],
        )
        counts = {tier.id: count for tier, count in groups}
        for tier in self:
            tier.member_count = counts.get(tier.id, 0)
