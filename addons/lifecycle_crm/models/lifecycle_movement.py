from odoo import api, fields, models


class LifecycleMovement(models.Model):
    """How many customers went from where to where in a month, added up.

    One row per company, month, kind and pair of stages (or segments).  Who stayed
    is there, too, so the rows of a month and kind are a whole matrix.
    """

    _name = "lifecycle.movement"
    _description = "Movement of Customers"
    _order = "month desc, kind desc, customer_count desc, id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        readonly=True,
        help="Last day of the month, in the time zone of the company.",
    )
    kind = fields.Selection(
        [("stage", "Stage"), ("segment", "Segment")],
        required=True,
        readonly=True,
        help="What the movement is between.",
    )
    from_stage_id = fields.Many2one(
        "lifecycle.stage",
        readonly=True,
        ondelete="set null",
        help="Stage when the month began. Empty: not known to the company yet.",
    )
    to_stage_id = fields.Many2one(
        "lifecycle.stage",
        readonly=True,
        ondelete="set null",
        help="Stage at the end of the month. Empty: no customer any more.",
    )
    from_segment_id = fields.Many2one(
        "lifecycle.segment",
        readonly=True,
        ondelete="set null",
        help="Segment when the month began. Empty: not known to the company yet.",
    )
    to_segment_id = fields.Many2one(
        "lifecycle.segment",
        readonly=True,
        ondelete="set null",
        help="Segment at the end of the month. Empty: no customer any more.",
    )
    moved = fields.Boolean(
        readonly=True, help="Off: these customers stayed where they were."
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        help="Customers who went this way. Over several months a customer counts "
        "once for each.",
    )
    revenue_total = fields.Monetary(
        string="Revenue Moved",
        readonly=True,
        help="What these customers had brought by the end of the month: the money "
        "that moved with them.",
    )

    _company_month_idx = models.Index("(company_id, month)")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for movement in self:
            source = movement.from_stage_id or movement.from_segment_id
            target = movement.to_stage_id or movement.to_segment_id
            ends = {
                "from": source.display_name or "–",
                "to": target.display_name or "–",
            }
            movement.display_name = self.env._("%(from)s → %(to)s", **ends)
