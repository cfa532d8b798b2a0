from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_complaint_tickets = fields.Selection(
        [
            ("all", "Every open ticket of a customer"),
            ("marked", "Open tickets marked as complaint"),
        ],
        string="What Counts as a Complaint",
        default="all",
        required=True,
        help="Which open tickets hold back messages of plays and rules. Tickets that a "
        "play opened never do.",
        groups="base.group_user",
        prefetch="lifecycle_gate",
    )

    @api.model
    @ormcache()
    def _get_ticket_currencies(self):
        """Currency of each company, by ids: a list of tickets need not read them."""
        # currencies are no secret, and kept for whoever asks next
        companies = self.sudo().with_context(active_test=False)
        # pylint: disable-next=no-search-all
        return {c.id: c.currency_id.id for c in companies.search([])}

    def cache_invalidation_fields(self):
        return super().cache_invalidation_fields() | {"currency_id"}
