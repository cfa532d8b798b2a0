from odoo import models

from odoo.addons.lifecycle_crm.models.account_move import AccountMove as Invoice


class AccountMove(models.Model):
    """Being paid counts, too: programmes may count from then on."""

    _inherit = "account.move"

    # of a draft it says nothing yet
    _lifecycle_value_fields = Invoice._lifecycle_value_fields | {"payment_state"}
