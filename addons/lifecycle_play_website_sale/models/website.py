from odoo import api, models


class Website(models.Model):
    _inherit = "website"

    @api.model
    def _send_abandoned_cart_email(self):
        """Plays come first: who enters one does not get Odoo's own mail."""
        self.env["lifecycle.play"]._enter_carts()
        return super()._send_abandoned_cart_email()
