from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_send_points_reminder(self):
        """Remind customers of points that expire soon; for server actions and plays."""
        cards = self.env["loyalty.card"]
        found = cards.search(
            [
                ("partner_id", "in", (self | self.commercial_partner_id).ids),
                ("program_id.active", "=", True),
            ]
        )
        found.action_send_points_reminder()
