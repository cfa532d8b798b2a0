"""Other rules for tiers, tried on the real history before anything changes."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from .loyalty_program import PERIODS


class LoyaltyTierSimulation(models.Model):
    """A draft of the rules of a programme, with what would come of it.

    Everybody who takes part is sorted by the draft as of today, in arrays; beside it
    stands the tier that each member has now.
    """

    _name = "loyalty.tier.simulation"
    _description = "Draft of Tier Rules"
    _order = "id desc"
    _rec_name = "program_id"

    program_id = fields.Many2one(
        "loyalty.program",
        string="Programme",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="The members of this company are looked at.",
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Computed"), ("applied", "Applied")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    tier_period = fields.Selection(
        PERIODS, string="Counted Over", required=True, default="rolling"
    )
    tier_months = fields.Integer(
        string="Months", required=True, default=12, help="Of the rolling period."
    )
    line_ids = fields.One2many(
        "loyalty.tier.simulation.line", "simulation_id", string="Tiers", copy=True
    )
    move_ids = fields.One2many(
        "loyalty.tier.simulation.move", "simulation_id", string="Moves", copy=False
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    member_count = fields.Integer(string="Members", readonly=True, copy=False)
    up_count = fields.Integer(
        string="Move Up",
        readonly=True,
        copy=False,
        help="Members who would have a higher tier than now.",
    )
    down_count = fields.Integer(
        string="Move Down",
        readonly=True,
        copy=False,
        help="Members whose tier would not be earned by these rules.",
    )
    cost_before = fields.Monetary(
        string="Perks Now, a Year", compute="_compute_costs", help="Sum of the tiers."
    )
    cost_after = fields.Monetary(
        string="Perks Then, a Year", compute="_compute_costs", help="Sum of the tiers."
    )
    point_value = fields.Float(
        digits=(16, 4),
        help="What a point costs the company, in the currency of the programme. At "
        "first what the cheapest reward gives for a point.",
    )
    landing = fields.Selection(
        [
            ("keep", "Keep it until their period ends"),
            ("now", "Move down at once"),
        ],
        string="Who Earned Less",
        default="keep",
        required=True,
        help="What happens to members whose tier these rules would not give: by "
        "default the promise is kept to the end of its period.",
    )
    protect_until = fields.Date(
        help="Members who are marked as protected keep the tier they have until this "
        "day. Empty: without end.",
    )
    notice_template_id = fields.Many2one(
        "mail.template",
        string="Notice",
        domain=[("model", "=", "loyalty.membership")],
        help="Mail to the members chosen below when the draft is applied. It passes "
        "the gate before every message.",
    )
    notice_to = fields.Selection(
        [("up", "Who moves up"), ("down", "Who moves down"), ("both", "Both")],
        default="up",
        required=True,
    )

    summary = fields.Char(compute="_compute_summary")

    @api.depends_context("lang")
    @api.depends("up_count", "down_count", "cost_before", "cost_after", "landing")
    def _compute_summary(self):
        """What comes of the draft, in two sentences."""
        for draft in self:
            change = draft.cost_after - draft.cost_before
            values = {
                "up": draft.up_count,
                "down": draft.down_count,
                "cost": formatLang(
                    self.env, abs(change), currency_obj=draft.currency_id
                ),
            }
            move = self.env._(
                "%(up)s members would move up at once; %(down)s have not bought enough "
                "for the tier they hold now.",
                **values,
            )
            if change > 0:
                money = self.env._(
                    "The perks would cost %(cost)s more a year.", **values
                )
            elif change < 0:
                money = self.env._(
                    "The perks would cost %(cost)s less a year.", **values
                )
            else:
                money = self.env._("The perks would cost the same.")
            draft.summary = f"{move} {money}"

    @api.depends("line_ids.cost_before", "line_ids.cost_after")
    def _compute_costs(self):
        for draft in self:
            draft.cost_before = sum(draft.line_ids.mapped("cost_before"))
            draft.cost_after = sum(draft.line_ids.mapped("cost_after"))

    @api.constrains("tier_months")
    def _check_months(self):
        for draft in self:
            if not 1 <= draft.tier_months <= 120:
                raise ValidationError(
                    self.env._(
                        "Months: %s is out of range. Enter a number from 1 to 120.",
                        draft.tier_months,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"tier_period", "tier_months", "line_ids", "point_value"}:
            self._outdate()
        return result

    def _outdate(self):
        """What was computed is not about these rules any more."""
        self.filtered(lambda draft: draft.state == "done").state = "draft"

    @api.model
    def _create_draft(self, program):
        """A draft with the rules as they are."""
        return self.create(
            {
                "program_id": program.id,
                "tier_period": program.tier_period,
                "tier_months": program.tier_months,
                "point_value": program._get_point_value(),
                "line_ids": [
                    Command.create(
                        {
                            "tier_id": tier.id,
                            "name": tier.name,
                            "threshold": tier.threshold,
                            "point_multiplier": tier.point_multiplier,
                            "cashback_percent": tier.cashback_percent,
                        }
                    )
                    for tier in program.tier_ids
                ],
            }
        )

    def action_view_moves(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.tier.simulation.move",
            "view_mode": "list",
            "domain": [("simulation_id", "=", self.id)],
            "name": self.env._("Who Moves"),
            "help": self.env._("Nobody would move."),
        }

    def _check_lines(self):
        """Refuse a draft that could not be a programme."""
        thresholds = self.line_ids.mapped("threshold")
        if not thresholds:
            raise UserError(self.env._("Tiers: there is none. Add at least one."))
        if len(set(thresholds)) < len(thresholds):
            raise UserError(
                self.env._(
                    "Threshold: two tiers have the same one. Give each a threshold of "
                    "its own."
                )
            )
