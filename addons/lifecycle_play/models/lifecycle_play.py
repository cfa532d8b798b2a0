"""Plays: who enters when, what happens then, and when it stops."""

import uuid

from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("done", "Done"),
]


class LifecyclePlay(models.Model):
    """What to do about a change of stage, a date, or a list of customers.

    Customers enter, which makes an enrollment each, and go through the steps; a stable
    share of them is held out, so that what the play earns can be told.
    """

    _name = "lifecycle.play"
    _inherit = [
        "lifecycle.work.mixin",
        "lifecycle.play.rule.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Play"
    _order = "sequence, id"

    # first key of the locks of plays; the second is the play
    _lock_key = 5_492_005

    # identity
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Html(
        translate=True,
        help="What the play is for, for colleagues. Nobody else sees it.",
    )
    customer_name = fields.Char(
        string="Name for Customers",
        translate=True,
        help="What customers see on their privacy page as the reason of a message, "
        "beside the occasion. Empty: the occasion only. Do not put into it what was "
        "computed about them.",
    )
    company_id = fields.Many2one(
        readonly=False,
        default=lambda self: self.env.company,
        help="Whose customers enter. Their profile in this company counts.",
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        string="Owner",
        readonly=False,
        default=lambda self: self.env.user,
        help="Who looks after the play, and is told when something is wrong with it.",
    )
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, tracking=True
    )
    start_date = fields.Datetime(
        string="Running Since", readonly=True, copy=False, help="Of the latest start."
    )

    # who enters
    entry_kind = fields.Selection(
        [
            ("transition", "When something changes"),
            ("date", "On a date"),
            ("hand", "By hand only"),
        ],
        string="Customers Enter",
        default="transition",
        required=True,
        help="Into any running play customers can be put by hand, too, from the lists "
        "of contacts and customers.",
        tracking=True,
    )
    transition_kind = fields.Selection(
        selection="_selection_transition_kind",
        string="What Changes",
        default="stage",
        help="What must change for a customer to enter.",
        tracking=True,
    )
    from_stage_id = fields.Many2one(
        "lifecycle.stage",
        ondelete="restrict",
        help="Empty: from wherever.",
        tracking=True,
    )
    to_stage_id = fields.Many2one(
        "lifecycle.stage",
        ondelete="restrict",
        help="Empty: to wherever.",
        tracking=True,
    )
    from_segment_id = fields.Many2one(
        "lifecycle.segment",
        ondelete="restrict",
        help="Empty: from wherever.",
        tracking=True,
    )
    to_segment_id = fields.Many2one(
        "lifecycle.segment",
        ondelete="restrict",
        help="Empty: to wherever.",
        tracking=True,
    )
    date_field_id = fields.Many2one(
        "ir.model.fields",
        string="Date",
        ondelete="cascade",
        domain=[
            ("model", "in", ("res.partner", "lifecycle.profile")),
            ("ttype", "in", ("date", "datetime")),
            ("store", "=", True),
        ],
        help="A date of the contact or of the customer profile.",
        tracking=True,
    )
    date_offset = fields.Integer(
        string="Days After",
        help="Days after the date, below 0: before it.",
        tracking=True,
    )
    date_yearly = fields.Boolean(
        string="Every Year",
        help="On the anniversaries of the date. Of 29 February that is 28 February in "
        "years without one.",
        tracking=True,
    )
    audience_ids = fields.Many2many(
        "lifecycle.audience",
        string="Audiences",
        help="Only customers who are in one of these audiences when they enter. Empty: "
        "all customers.",
        tracking=True,
    )
    audience_domain = fields.Char(
        string="Only Customers Who",
        help="Only customers whose profile meets these conditions when they enter.",
        tracking=True,
    )
    reentry = fields.Boolean(
        string="May Enter Again",
        help="Off: each customer goes through the play once, ever.",
        tracking=True,
    )
    cooldown_days = fields.Integer(
        string="Not Within (days)",
        default=90,
        help="Days from the end of the last time until a customer may enter again.",
        tracking=True,
    )

    # what happens
    step_ids = fields.One2many(
        "lifecycle.play.step",
        "play_id",
        string="Steps",
        copy=True,
        context={"active_test": False},
    )
    stop_on_purchase = fields.Boolean(
        string="Buys",
        default=True,
        help="Whoever buys after entering gets no further step.",
        tracking=True,
    )
    stop_on_reply = fields.Boolean(
        string="Replies",
        default=True,
        help="Whoever answers by email gets no further step.",
        tracking=True,
    )
    stop_on_opt_out = fields.Boolean(
        string="Opts out",
        default=True,
        help="Whoever unsubscribes or is blacklisted gets no further step of any kind.",
        tracking=True,
    )
    stop_on_ticket = fields.Boolean(
        string="Opens a ticket",
        help="Whoever opens a helpdesk ticket gets no further step. Has an effect "
        "where a helpdesk is installed.",
        tracking=True,
    )
    stop_on_leave = fields.Boolean(
        string="Leaves the stage",
        help="Whoever is not any more where the entry rule brought them from gets no "
        "further step: the stage, the segment, the risk or the tier that let them in.",
        tracking=True,
    )

    # what it is worth
    control_share = fields.Float(
        string="Held Out",
        default=0.1,
        digits=(4, 3),
        help="Share of the customers who enter but get no step, chosen by chance, "
        "always the same ones. Only beside them can be told what the play earned.",
        tracking=True,
    )
    seed = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid.uuid4()),
        help="Decides, with the customer, who is held out.",
    )
    cost_per_contact = fields.Monetary(
        help="What one message costs, whoever sends it: postage, time, fees."
    )
    budget = fields.Monetary(
        help="The play pauses when its messages have cost so much. Empty: no limit.",
        tracking=True,
    )

    # how far it is
    date_checked = fields.Date(
        readonly=True,
        copy=False,
        help="Last day whose dates were looked at, in the company's time.",
    )
    failure_count = fields.Integer(
        string="Failures in a Row", readonly=True, copy=False, aggregator=False
    )
    seen_transition_id = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=False,
        help="Of the transitions by a change of rules, the last that somebody decided "
        "about.",
    )
    missed_count = fields.Integer(
        compute="_compute_missed_count",
        string="Came by a Change of Rules",
        help="Customers whom a change of rules brought where this play waits for them. "
        "They did not enter.",
    )
    enrollment_ids = fields.One2many(
        "lifecycle.play.enrollment", "play_id", string="Who Entered"
    )
    enrollment_count = fields.Integer(
        string="Entered", compute="_compute_counts", help="Customers who ever entered."
    )
    running_count = fields.Integer(
        string="Under Way", compute="_compute_counts", help="Customers on their way."
    )
    done_count = fields.Integer(
        string="Through",
        compute="_compute_counts",
        help="Customers who came to the end.",
    )
    stopped_count = fields.Integer(
        string="Stopped",
        compute="_compute_counts",
        help="Customers who left before the end: they bought, replied, opted out.",
    )

    _control_share_range = models.Constraint(
        "CHECK(control_share >= 0 AND control_share <= 0.5)",
        "Held Out: choose a share from 0 to 50 %.",
    )

    @api.model
    def _selection_transition_kind(self):
        """What may change; stages and segments, risk and tier come by addons."""
        kinds = self.env["lifecycle.transition"]._fields["kind"]
        return kinds._description_selection(self.env)

    @api.depends("enrollment_ids.state")
    def _compute_counts(self):
        groups = self.env["lifecycle.play.enrollment"]._read_group(
            [("play_id", "in", self.ids)], ["play_id", "state"], ["__count"]
        )
        counts = {(play.id, state): count for play, state, count in groups}
        for play in self:
            play.running_count = counts.get((play.id, "running"), 0)
            play.done_count = counts.get((play.id, "done"), 0)
            play.stopped_count = counts.get((play.id, "stopped"), 0)
            play.enrollment_count = (
                play.running_count + play.done_count + play.stopped_count
            )
