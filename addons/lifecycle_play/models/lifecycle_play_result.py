"""What plays earned: treated beside held out, per play and per step."""

from odoo import api, fields, models

from ..scoring.verdict import EARNED, LOST, UNSURE

VERDICTS = [(EARNED, "Earned"), (LOST, "Lost"), (UNSURE, "Cannot tell yet")]


class LifecyclePlayResult(models.Model):
    """One row per play, and one per step: refreshed every night.

    Customers count, not entries: who entered twice is one customer with what all its
    windows brought, or the customers who return would be taken for many.
    """

    _name = "lifecycle.play.result"
    _description = "Result of a Play"
    _order = "play_id, step_sequence, id"
    _log_access = False

    play_id = fields.Many2one(
        "lifecycle.play", required=True, readonly=True, ondelete="cascade", index=True
    )
    step_id = fields.Many2one(
        "lifecycle.play.step",
        readonly=True,
        ondelete="cascade",
        help="Empty: the play as a whole. Of a step: customers who came as far, beside "
        "those held out who came as far. Only the first step and the play compare like "
        "with like to the end, as earlier steps decide who comes to later ones.",
    )
    step_sequence = fields.Integer(readonly=True, aggregator=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="play_id.user_id", string="Owner")
    date = fields.Date(string="As of", required=True, readonly=True)

    entered_count = fields.Integer(
        string="Entered", readonly=True, help="Entries ever, of both arms."
    )
    waiting_count = fields.Integer(
        string="Not Complete", readonly=True, help="Entries whose time is not over yet."
    )
    treated_count = fields.Integer(
        string="Treated",
        readonly=True,
        help="Customers who were to get the steps, and whose time is over.",
    )
    control_count = fields.Integer(
        string="Held Out",
        readonly=True,
        help="Customers who got no step, by chance, and whose time is over.",
    )
    treated_buyers = fields.Integer(string="Treated: Bought", readonly=True)
    control_buyers = fields.Integer(string="Held Out: Bought", readonly=True)
    treated_rate = fields.Float(
        string="Treated: Bought Again",
        readonly=True,
        aggregator="avg",
        help="Share of the customers treated who bought within the time that counts.",
    )
    control_rate = fields.Float(
        string="Held Out: Bought Again",
        readonly=True,
        aggregator="avg",
        help="Share of the customers held out who bought within the time that counts.",
    )
    rate_uplift = fields.Float(
        string="Difference",
        readonly=True,
        aggregator="avg",
        help="Treated less held out, as a share of the customers.",
    )
    rate_low = fields.Float(
        string="Difference From",
        readonly=True,
        aggregator=False,
        help="Lower end of the 95 % interval of the difference.",
    )
    rate_high = fields.Float(
        string="Difference To",
        readonly=True,
        aggregator=False,
        help="Upper end of the 95 % interval of the difference.",
    )
    treated_orders = fields.Integer(string="Orders of Treated", readonly=True)
    treated_revenue = fields.Monetary(string="Revenue of Treated", readonly=True)
    incremental_orders = fields.Float(
        readonly=True,
        digits=(12, 1),
        help="Orders of the customers treated beyond what as many held out gave.",
    )
    incremental_revenue = fields.Monetary(
        readonly=True,
        help="Revenue of the customers treated beyond what as many held out brought.",
    )
    incremental_margin = fields.Monetary(
        readonly=True,
        help="The same of the margin, where it is known: where sales orders carry "
        "their margin and count as purchases.",
    )
    has_margin = fields.Boolean(string="Margin Is Known", readonly=True)
    message_count = fields.Integer(string="Messages", readonly=True)
    discount = fields.Monetary(
        readonly=True,
        help="Discounts, rewards and coupons that the customers treated used. Revenue "
        "and margin are net of them already.",
    )
    cost = fields.Monetary(
        readonly=True, help="Messages times the cost per contact of the play."
    )
    net = fields.Monetary(
        string="Earned",
        readonly=True,
        help="Incremental margin, or revenue where no margin is known, less the cost "
        "of the messages.",
    )
    net_low = fields.Monetary(
        string="Earned From",
        readonly=True,
        aggregator=None,
        help="Lower end of the 95 % interval.",
    )
    net_high = fields.Monetary(
        string="Earned To",
        readonly=True,
        aggregator=None,
        help="Upper end of the 95 % interval.",
    )
    has_interval = fields.Boolean(string="Interval Is Known", readonly=True)
    verdict = fields.Selection(
        VERDICTS,
        readonly=True,
        help="Said when it is surer than the interval: asked every night, a play "
        "without effect is called earned with a chance of at most 2.5 %.",
    )
    weeks = fields.Integer(
        string="Weeks Needed",
        readonly=True,
        aggregator=False,
        help="How many more weeks until it is known, if all goes on as it does. 0: it "
        "is known, or cannot be said.",
    )

    _play_step_uniq = models.UniqueIndex("(play_id, COALESCE(step_id, 0))")

    @api.depends("play_id", "step_id")
    def _compute_display_name(self):
        for result in self:
            names = [result.play_id.display_name, result.step_id.display_name]
            result.display_name = ": ".join(filter(None, names))

    def action_view_outcomes(self):
        """The customers behind a result."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_play.action_lifecycle_play_outcome"
        )
        return {
            **action,
            "display_name": self.display_name,
            "domain": [
                ("play_id", "=", self.play_id.id),
                ("step_id", "=", self.step_id.id),
            ],
            "context": {"search_default_complete": 1},
        }
