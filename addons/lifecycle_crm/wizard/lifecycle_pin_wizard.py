from odoo import api, fields, models


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

    @api.constrains("profile_id", "stage_id")
    def _check_choice(self):
        """What is out of reach is not shown either: names are read as superuser."""
        for wizard in self.sudo(False):  # constraints run as superuser
            wizard.profile_id.check_access("read")
            wizard.stage_id.check_access("read")

    def action_pin(self):
        self.ensure_one()
        self.profile_id._pin_stage(self.stage_id, self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
