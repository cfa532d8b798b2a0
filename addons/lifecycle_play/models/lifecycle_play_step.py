"""Steps of a play: each one a server action, when, and for whom."""

from odoo import fields, models

# Models whose server actions can be a step.
STEP_MODELS = ("res.partner", "lifecycle.profile", "lifecycle.play.enrollment")


class LifecyclePlayStep(models.Model):
    _name = "lifecycle.play.step"
    _description = "Step of a Play"
    _order = "play_id, sequence, id"

    play_id = fields.Many2one(
        "lifecycle.play", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="play_id.company_id")
    name = fields.Char(translate=True, required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    kind = fields.Selection(
        [
            ("mail", "Send an email"),
            ("sms", "Send a text message"),
            ("activity", "Plan an activity"),
            ("action", "Run a server action"),
        ],
        default="mail",
        required=True,
        string="What Happens",
    )
    template_id = fields.Many2one(
        "mail.template",
        string="Email Template",
        ondelete="restrict",
        domain=[("model", "in", STEP_MODELS)],
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="Text Message Template",
        ondelete="restrict",
        domain=[("model", "in", STEP_MODELS)],
    )
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="restrict")
    activity_summary = fields.Char(translate=True)
    activity_user_id = fields.Many2one(
        "res.users",
        string="Assigned to",
        ondelete="set null",
        help="Empty: the salesperson of the customer, else the owner of the play.",
    )
    activity_days = fields.Integer(
        string="Due Within (days)", help="Days from the step to the deadline."
    )
    action_id = fields.Many2one(
        "ir.actions.server",
        string="Server Action",
        ondelete="set null",
        domain=[("model_id.model", "in", STEP_MODELS)],
        help="What is done for each customer: send a message, give a coupon, plan an "
        "activity, add a tag, call a webhook, several at once.",
    )
    is_message = fields.Boolean(
        compute="_compute_is_message",
        store=True,
        help="The customer gets a message: the gate decides first.",
    )

    # when
    delay_kind = fields.Selection(
        [
            ("hours", "Hours"),
            ("days", "Days"),
            ("gaps", "Times the customer's usual gap"),
        ],
        default="days",
        required=True,
        string="Unit of the Delay",
    )
    delay_value = fields.Float(
        string="Wait", digits=(8, 2), help="How long to wait before the step."
    )
    delay_from = fields.Selection(
        [("previous", "after the step before"), ("entry", "after entering")],
        default="previous",
        required=True,
        string="Waits from",
    )
    working_hours = fields.Boolean(
        string="Working Hours Only",
        help="The step waits for the working hours of the company.",
    )
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean(default=True)
    sunday = fields.Boolean(default=True)

    # for whom
    condition = fields.Char(
        string="Only if",
        help="Asked when the step is due, of the profile as it is then. Who does not "
        "meet it skips this step and goes on.",
    )

    def _compute_is_message(self):
        for step in self:
            step.is_message = step.kind in ("mail", "sms")
