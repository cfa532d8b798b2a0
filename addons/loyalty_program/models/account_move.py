from odoo import models


class AccountMove(models.Model):
    """Being paid is an event, too: programmes may count from then on."""

    _inherit = "account.move"

    _lifecycle_event_fields = frozenset({"state", "payment_state"})
