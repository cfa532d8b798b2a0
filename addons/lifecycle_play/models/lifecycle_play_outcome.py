"""What customers did after they entered a play: the same for both arms."""

from odoo import fields, models

# More customers than so many are not asked for one by one.


class LifecyclePlayOutcome(models.Model):
    """One row per enrollment, and one per step that its customer came to.

    A window begins on the day after the entry, or after the step, and is as long as
    the play says; it ends sooner where the same customer enters again.  What was bought
    on the first day may be what let the customer in, so it does not count.  Written by
    SQL.
    """

    _name = "lifecycle.play.outcome"
    _description = "Outcome of a Play"
    _order = "start_day desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    enrollment_id = fields.Many2one(
        "lifecycle.play.enrollment", required=True, readonly=True, ondelete="cascade"
    )
    play_id = fields.Many2one(
        "lifecycle.play", required=True, readonly=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "lifecycle.play.step",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: the play as a whole.",
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
    arm = fields.Selection(
        [("treated", "Treated"), ("control", "Held out")], required=True, readonly=True
    )
    start_day = fields.Date(
        string="Entered On",
        required=True,
        readonly=True,
        help="Day of entry, of a step the day it was due. What is bought from the next "
        "day on counts.",
    )
    until_day = fields.Date(
        string="Counts Until",
        required=True,
        readonly=True,
        help="Last day that counts.",
    )
    complete = fields.Boolean(
        readonly=True, help="The last day that counts has passed: used for the verdict."
    )
    final = fields.Boolean(
        readonly=True, help="So long ago that returns do not change it any more."
    )
    customer_count = fields.Integer(string="Entries", readonly=True)
    buyer_count = fields.Integer(
        string="Bought Again",
        readonly=True,
        help="1: bought within the time that counts.",
    )
    order_count = fields.Integer(string="Orders", readonly=True, aggregator="sum")
    revenue = fields.Monetary(
        readonly=True,
        help="Untaxed purchases less returns within the time that counts.",
    )
    margin = fields.Monetary(
        readonly=True,
        help="Revenue less the cost of what was sold. Known where sales orders carry "
        "their margin and count as purchases.",
    )
    discount = fields.Monetary(
        readonly=True,
        help="Discounts, rewards and coupons on these purchases. Revenue and margin "
        "are net of them already.",
    )
    message_count = fields.Integer(
        string="Messages", readonly=True, help="Messages of the play that went out."
    )
    cost = fields.Monetary(
        readonly=True, help="Messages times the cost per contact of the play."
    )

    _way_step_uniq = models.UniqueIndex("(enrollment_id, COALESCE(step_id, 0))")
    _play_idx = models.Index("(play_id, step_id, arm)")
    _company_idx = models.Index("(company_id, complete)")
