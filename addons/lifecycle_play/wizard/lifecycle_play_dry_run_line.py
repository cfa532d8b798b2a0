from odoo import fields, models

from ..models.lifecycle_play_enrollment import ARMS


class LifecyclePlayDryRunLine(models.TransientModel):
    _name = "lifecycle.play.dry.run.line"
    _description = "Customer in a Dry Run"

    dry_run_id = fields.Many2one(
        "lifecycle.play.dry.run", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    arm = fields.Selection(ARMS, readonly=True)
    reason = fields.Selection(
        selection="_selection_reason",
        string="Would Not Get It",
        readonly=True,
        help="Why the gate would hold the first message now. Empty: it would go.",
    )

    def _selection_reason(self):
        return self.env["lifecycle.play.execution"]._selection_reason()


class LifecyclePlayDryRunMessage(models.TransientModel):
    _name = "lifecycle.play.dry.run.message"
    _description = "Message in a Dry Run"
    _rec_name = "subject"

    dry_run_id = fields.Many2one(
        "lifecycle.play.dry.run", required=True, ondelete="cascade"
    )
    step_id = fields.Many2one("lifecycle.play.step", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    channel = fields.Selection([("mail", "Email"), ("sms", "SMS")], readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True)
    reason = fields.Selection(
        selection="_selection_reason",
        string="Would Not Get It",
        readonly=True,
        help="Why the gate would hold it now. Empty: it would go.",
    )

    def _selection_reason(self):
        return self.env["lifecycle.play.execution"]._selection_reason()
