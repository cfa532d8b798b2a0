from odoo import fields, models

from odoo.addons.lifecycle_play.models.gate_token import GATE_REASONS


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    failure_type = fields.Selection(
        selection_add=[
            ("lifecycle_held", "Held by the gate"),
            ("lifecycle_control", "Held out to compare"),
        ],
        ondelete={"lifecycle_held": "set null", "lifecycle_control": "set null"},
    )
    lifecycle_reason = fields.Selection(
        GATE_REASONS,
        string="Held Because",
        readonly=True,
        help="Why the gate let no message through to this customer.",
    )
