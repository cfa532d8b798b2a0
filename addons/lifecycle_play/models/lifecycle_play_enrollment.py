"""Enrollments: one way of one customer through a play."""

from odoo import fields, models

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
    execution_ids = fields.One2many("lifecycle.play.execution", "enrollment_id")

    _running_uniq = models.UniqueIndex(
        "(play_id, partner_id) WHERE state = 'running'",
        "This customer is in the play already.",
    )
    _due_idx = models.Index("(step_id, next_date) WHERE state = 'running'")
    _play_state_idx = models.Index("(play_id, state)")
    _unlogged_idx = models.Index("(play_id) WHERE logged_state IS DISTINCT FROM state")

    def _selection_stop_reason(self):
        return [
            ("purchase", self.env._("Bought")),
            ("reply", self.env._("Replied")),
            ("opt_out", self.env._("Opted out")),
            ("ticket", self.env._("Opened a ticket")),
            ("leave", self.env._("Left the stage")),
            ("gone", self.env._("No customer any more")),
            ("hand", self.env._("Taken out by hand")),
            ("play", self.env._("The play ended")),
        ]
