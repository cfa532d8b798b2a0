from odoo import api, fields, models


class LoyaltyPinWizard(models.TransientModel):
    _name = "loyalty.pin.wizard"
    _description = "Pin the Tier of a Member"

    membership_id = fields.Many2one("loyalty.membership", required=True, readonly=True)
    program_id = fields.Many2one(related="membership_id.program_id")
    tier_id = fields.Many2one(
        "loyalty.tier",
        required=True,
        domain="[('program_id', '=', program_id)]",
        help="The member has this tier, whatever the rules say.",
    )
    until = fields.Date(
        string="Last Day", help="Last day of the pin. Empty: until it is taken away."
    )
    reason = fields.Char(required=True, help="Why: colleagues will ask.")

    @api.constrains("membership_id", "tier_id")
    def _check_choice(self):
        """What is out of reach is not shown either: names are read as superuser."""
        for wizard in self.sudo(False):  # constraints run as superuser
            wizard.membership_id.check_access("read")
            wizard.tier_id.check_access("read")

    def action_pin(self):
        self.ensure_one()
        self.membership_id._pin_tier(self.tier_id, self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
