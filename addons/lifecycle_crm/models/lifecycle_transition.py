from odoo import api, fields, models
from odoo.exceptions import UserError

CAUSES = [
    ("purchase", "Purchase"),
    ("refund", "Return or cancellation"),
    ("time", "Time passed without a purchase"),
    ("ranking", "Moved beside the other customers"),
    ("first", "First contact"),
    ("manual", "By hand"),
    ("import", "Imported history"),
    ("rules", "Change of rules"),
]


class LifecycleTransition(models.Model):
    """Append-only record of a change of stage, segment, risk or tier.

    One that must fire automation is created through the ORM, so any
    ``base.automation`` "on creation" works on it; the others by SQL.
    """

    _name = "lifecycle.transition"
    _description = "Lifecycle Transition"
    _order = "date desc, id desc"
    _log_access = False

    profile_id = fields.Many2one(
        "lifecycle.profile", readonly=True, ondelete="set null", index="btree_not_null"
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
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("stage", "Stage"), ("segment", "Segment")],
        required=True,
        readonly=True,
        help="What changed.",
    )
    date = fields.Date(
        required=True, readonly=True, help="Day of the change, in the company's time."
    )
    from_stage_id = fields.Many2one(
        "lifecycle.stage", readonly=True, ondelete="set null"
    )
    to_stage_id = fields.Many2one("lifecycle.stage", readonly=True, ondelete="set null")
    from_segment_id = fields.Many2one(
        "lifecycle.segment", readonly=True, ondelete="set null"
    )
    to_segment_id = fields.Many2one(
        "lifecycle.segment", readonly=True, ondelete="set null"
    )
    cause = fields.Selection(
        CAUSES,
        required=True,
        readonly=True,
        help="What moved the customer: something the customer did, time that "
        "passed, the other customers (quintiles are relative), a person, or a "
        "change of the rules.",
    )
    note = fields.Char(readonly=True)
    revenue_total = fields.Monetary(
        string="Revenue",
        readonly=True,
        help="Revenue of the customer at that moment: the money that moved.",
    )
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="set null"
    )
    run_id = fields.Many2one("lifecycle.run", readonly=True, ondelete="set null")

    _company_date_idx = models.Index("(company_id, date)")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for move in self:
            ends = {end: move._get_end_name(end) or "–" for end in ("from", "to")}
            # the arrow points the other way where words run from right to left
            move.display_name = self.env._("%(from)s → %(to)s", **ends)

    def _get_end_name(self, end):
        """Where a move began or ended, in words.

        :param end: ``from`` or ``to``
        """
        self.ensure_one()
        return (self[f"{end}_stage_id"] or self[f"{end}_segment_id"]).display_name

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("Transitions are a record of what happened: they stay as is.")
        )

    @api.model
    def _has_listeners(self):
        """Whether anything may act on a transition that is created.

        An addon that acts on transitions extends it.
        """
        if "base.automation" not in self.env:
            return False
        # which automations there are is a fact of the system, not of the user
        automations = self.env["base.automation"].sudo()
        return bool(
            automations.search_count([("model_name", "=", self._name)], limit=1)
        )

    def action_open_profile(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "lifecycle.profile",
            "res_id": self.profile_id.id,
            "views": [(False, "form")],
        }
