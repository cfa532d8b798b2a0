"""Enrollments: one way of one customer through a play."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

ARMS = [("treated", "Treated"), ("control", "Held out")]


class LifecyclePlayEnrollment(models.Model):
    """A customer in a play; rows are written by set-based SQL.

    Also who is held out has one, and goes through the steps without any being done.
    """

    _name = "lifecycle.play.enrollment"
    _description = "Customer in a Play"
    _order = "id desc"
    _rec_name = "partner_id"
    _log_access = False

    play_id = fields.Many2one(
        "lifecycle.play", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    profile_id = fields.Many2one(
        "lifecycle.profile", readonly=True, ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    arm = fields.Selection(
        ARMS,
        required=True,
        readonly=True,
        help="Held out: enters as the others do, but gets no step.",
    )
    state = fields.Selection(
        [("running", "Under way"), ("done", "Through"), ("stopped", "Stopped")],
        required=True,
        readonly=True,
    )
    source = fields.Selection(
        [("transition", "Change"), ("date", "Date"), ("hand", "By hand")],
        required=True,
        readonly=True,
        string="Entered by",
    )
    entered_date = fields.Datetime(
        string="Entered On", required=True, readonly=True, help="The moment of entry."
    )
    entered_day = fields.Date(
        required=True, readonly=True, help="Day of entry, in the company's time."
    )
    transition_id = fields.Many2one(
        "lifecycle.transition",
        string="Cause",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    user_id = fields.Many2one(
        "res.users", string="Put in by", readonly=True, ondelete="set null"
    )
    entry_stage_id = fields.Many2one(
        "lifecycle.stage", string="Stage at Entry", readonly=True, ondelete="set null"
    )
    entry_order_count = fields.Integer(
        string="Orders at Entry", readonly=True, aggregator=False
    )
    step_id = fields.Many2one(
        "lifecycle.play.step", string="Next Step", readonly=True, ondelete="set null"
    )
    next_date = fields.Datetime(
        string="Next Step On", readonly=True, help="When the next step is due."
    )
    step_date = fields.Datetime(
        string="Last Step On", readonly=True, help="When the last step was done."
    )
    end_date = fields.Datetime(
        string="Ended On", readonly=True, help="When it came to its end, or stopped."
    )
    stop_reason = fields.Selection(
        selection="_selection_stop_reason", readonly=True, string="Stopped Because"
    )
    logged_state = fields.Char(
        readonly=True, help="The state that the chatter of the customer tells."
    )
    execution_ids = fields.One2many(
        "lifecycle.play.execution", "enrollment_id", string="Steps Done"
    )

    _running_uniq = models.UniqueIndex(
        "(play_id, partner_id) WHERE state = 'running'",
        "This customer is in the play already.",
    )
    _due_idx = models.Index("(step_id, next_date) WHERE state = 'running'")
    _play_state_idx = models.Index("(play_id, state)")
    _unlogged_idx = models.Index("(play_id) WHERE logged_state IS DISTINCT FROM state")

    @api.model
    def _selection_stop_reason(self):
        reasons = {
            "purchase": self.env._("Bought"),
            "reply": self.env._("Replied"),
            "opt_out": self.env._("Opted out"),
            "ticket": self.env._("Opened a ticket"),
            "leave": self.env._("Left the stage"),
            "gone": self.env._("No customer any more"),
            "merged": self.env._("Merged with another contact"),
            "hand": self.env._("Taken out by hand"),
            "play": self.env._("The play ended"),
        }
        return list(reasons.items())

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "Ways through a play are a record of what happened. Use “Take Out” to "
                "end one."
            )
        )

    def action_take_out(self):
        """Take customers out of their plays."""
        self.check_access("read")
        # who may see that a customer is in a play, may take it out
        plays = self.env["lifecycle.play"].sudo()
        condition = SQL("e.id = ANY(%s)", self.ids)
        if not plays._end_ways(condition, "hand"):
            raise UserError(
                self.env._("None of these customers is under way in a play.")
            )

    @api.depends("play_id", "partner_id")
    def _compute_display_name(self):
        for way in self:
            way.display_name = f"{way.play_id.name}: {way.partner_id.display_name}"
