from odoo import fields, models


class LifecyclePinWizard(models.TransientModel):
    _name = "lifecycle.pin.wizard"
    _description = "Pin the Stage of a Customer"

    profile_id = fields.Many2one("lifecycle.profile", required=True, readonly=True)
    stage_id = fields.Many2one(
        "lifecycle.stage",
        required=True,
        help="The customer stays in this stage, whatever the rules say.",
    )
    until = fields.Date(
        string="Last Day", help="Last day of the pin. Empty: until it is taken away."
    )
    reason = fields.Char(required=True, help="Why: colleagues will ask.")

    def action_pin(self):
        self.ensure_one()
        self.profile_id._pin_stage(self.stage_id, self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
