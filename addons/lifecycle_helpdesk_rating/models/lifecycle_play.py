from odoo import api, fields, models


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    entry_kind = fields.Selection(
        selection_add=[("bad_rating", "When a ticket gets a bad rating"), ("hand",)],
        ondelete={"bad_rating": lambda plays: plays._leave_to_hand()},
    )

    @api.model
    def _get_ticket_events(self):
        return (*super()._get_ticket_events(), "bad_rating")
