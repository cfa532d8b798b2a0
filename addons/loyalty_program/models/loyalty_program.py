from odoo import api, fields, models

MEASURES = [
    ("net_spend", "Net spend"),
    ("points", "Points earned"),
    ("orders", "Orders"),
    ("margin", "Margin"),
]
PERIODS = [
    ("rolling", "Rolling months"),
    ("calendar", "Calendar year"),
    ("anniversary", "Year of membership"),
    ("lifetime", "Lifetime"),
]


class LoyaltyProgram(models.Model):
    """Tiers of a programme: what counts towards them, and for how long."""

    _inherit = "loyalty.program"

    tier_ids = fields.One2many(
        "loyalty.tier",
        "program_id",
        string="Tiers",
        copy=True,
        help="Levels of membership, from the lowest threshold to the highest.",
    )
    tier_measure = fields.Selection(
        MEASURES,
        string="Counted For a Tier",
        default="net_spend",
        required=True,
        help="Net spend: untaxed purchases less returns, in the currency of the "
        "programme. Points earned: points of this programme, less those taken back; "
        "spending them changes nothing. Orders: purchases that were not returned in "
        "full. Margin: net spend less the cost of what was sold.",
    )
    tier_period = fields.Selection(
        PERIODS,
        string="Counted Over",
        default="rolling",
        required=True,
        help="Rolling months: the last months up to today; a tier is held for as many "
        "months from the day it was reached. Calendar year: from 1 January; a tier is "
        "held for the rest of the year and all of the next. Year of membership: the "
        "same, for years that begin on the day of the first purchase. Lifetime: "
        "everything ever bought; a tier has no end.",
    )
    tier_months = fields.Integer(
        string="Months",
        default=12,
        required=True,
        help="Length of the rolling period, 1 to 120 months.",
    )
    tier_event = fields.Selection(
        [
            ("confirmed", "Order confirmed"),
            ("invoiced", "Invoice posted"),
            ("paid", "Invoice paid"),
        ],
        string="Counts When",
        default="confirmed",
        required=True,
        help="What makes a purchase count. Credit notes count when they are posted; "
        "imported purchase history always counts.",
    )
    tier_join = fields.Selection(
        [
            ("purchase", "Everyone who buys"),
            ("card", "Who has a card of this programme"),
        ],
        string="Members",
        default="purchase",
        required=True,
        help="Who takes part. Purchases from before somebody joined count, too.",
    )
    tier_grace_days = fields.Integer(
        string="Grace (days)",
        default=30,
        required=True,
        help="Days after the end of a period in which a member may still buy what is "
        "missing, and keeps the tier.",
    )
    tier_downgrade = fields.Selection(
        [
            ("one_step", "One tier down at a time"),
            ("straight", "Straight to the tier that was earned"),
        ],
        string="Downgrade",
        default="one_step",
        required=True,
        help="Where a member goes who has not earned the tier again when the period "
        "and its grace are over. The next step, if any, takes another period.",
    )
    tier_warn_days = fields.Integer(
        string="Warn Before (days)",
        default=30,
        required=True,
        help="So many days before a tier ends, members who have not earned it again "
        "are warned. 0: nobody is.",
    )
    min_tier_id = fields.Many2one(
        "loyalty.tier",
        string="From Tier",
        ondelete="restrict",
        index="btree_not_null",
        help="Only members of this tier of another programme, or of a higher one, take "
        "part. Empty: everyone.",
    )
    tier_currency_id = fields.Many2one(
        related="currency_id", string="Currency of the Tiers"
    )
    membership_count = fields.Integer(
        string="Members with a Tier",
        compute="_compute_membership_count",
        help="Members of the current company who have reached a tier.",
    )

    @api.depends_context("company")
    def _compute_membership_count(self):
        groups = self.env["loyalty.membership"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("program_id", "in", self.ids),
                ("tier_id", "!=", False),
            ],
            ["program_id"],
            ["__count"],
        )
        counts = {program.id: count for program, count in groups}
        for program in self:
            program.membership_count = counts.get(program.id, 0)
