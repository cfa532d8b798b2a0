"""Steps of a play: each one a server action, when, and for whom."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Models whose server actions can be a step.
STEP_MODELS = ("res.partner", "lifecycle.profile", "lifecycle.play.enrollment")


class LifecyclePlayStep(models.Model):
    _name = "lifecycle.play.step"
    _inherit = "lifecycle.play.rule.mixin"
    _description = "Step of a Play"
    _order = "play_id, sequence, id"

    play_id = fields.Many2one(
        "lifecycle.play", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="play_id.company_id")
    name = fields.Char(translate=True, required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True, help="Off: it is not done any more; customers go on without it."
    )

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

    @api.depends(
        "action_id.state",
        "action_id.mail_post_method",
        "action_id.child_ids.state",
        "action_id.child_ids.mail_post_method",
    )
    def _compute_is_message(self):
        for step in self:
            # what the action does is no secret to who may see the step
            action = step.action_id.sudo()
            step.is_message = bool(action) and action._lifecycle_is_message()

    @api.constrains("condition", "play_id")
    def _check_condition(self):
        for step in self:
            what = self.env._("Step “%s”, Only if", step.name)
            step._check_filter(step.condition, step.play_id.company_id, what)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        """What a step did for customers stays told."""
        executions = self.env["lifecycle.play.execution"].sudo()  # whether, not whose
        if done := executions.search([("step_id", "in", self.ids)], limit=1).step_id:
            raise UserError(
                self.env._(
                    "Step “%s”: it was done for customers. Switch it off instead of "
                    "deleting it: what it did stays in the reports.",
                    done.name,
                )
            )

    def _plan_activities(self, partners):
        """The activity of the step, for the responsible of each customer."""
        self.ensure_one()
        owner, company = self.play_id.user_id, self.play_id.company_id
        today = company._get_lifecycle_today()

        def get_user(partner):
            # the salesperson of a contact that companies share may be another's
            own = partner.user_id if company in partner.user_id.company_ids else None
            return self.activity_user_id or own or owner

        theirs_alone = partners.with_context(default_lifecycle_company_id=company.id)
        for user, theirs in theirs_alone.grouped(get_user).items():
            theirs.activity_schedule(
                activity_type_id=self.activity_type_id.id,
                summary=self.activity_summary or self.name,
                note=self.play_id.name,
                date_deadline=today + timedelta(days=self.activity_days),
                user_id=user.id or self.env.uid,
            )
