"""Executions: what became of each step for each customer."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class LifecyclePlayExecution(models.Model):
    """Append-only: one row per enrollment and step, written with what the step did.

    Its unique key is what makes a step happen at most once, whatever was killed when.
    """

    _name = "lifecycle.play.execution"
    _description = "Step for a Customer"
    _order = "id desc"
    _log_access = False

    enrollment_id = fields.Many2one(
        "lifecycle.play.enrollment", required=True, readonly=True, ondelete="cascade"
    )
    play_id = fields.Many2one(
        "lifecycle.play", required=True, readonly=True, ondelete="cascade", index=True
    )
    step_id = fields.Many2one(
        "lifecycle.play.step",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    arm = fields.Selection(
        [("treated", "Treated"), ("control", "Held out")], required=True, readonly=True
    )
    state = fields.Selection(
        [("done", "Done"), ("skipped", "Skipped"), ("failed", "Failed")],
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        selection="_selection_reason",
        readonly=True,
        help="Why it was skipped.",
    )
    error = fields.Text(readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    _play_step_idx = models.Index("(step_id, arm, state)")
    _once_uniq = models.Constraint(
        "UNIQUE(enrollment_id, step_id)", "A step is done once for each enrollment."
    )

    @api.model
    def _selection_reason(self):
        """Reasons of plays, and those of the gate."""
        gate = self.env["lifecycle.message"]._fields["reason"]
        own = {
            "control": self.env._("Held out for comparison"),
            "condition": self.env._("Condition of the step not met"),
            "no_profile": self.env._("No customer profile"),
        }
        return [*gate._description_selection(self.env), *own.items()]

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("What a play did is a record of what happened: it stays as is.")
        )
