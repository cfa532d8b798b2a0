from odoo import api, fields, models
from odoo.tools import SQL


class LifecycleHistory(models.Model):
    """Purchases from before the company came to Odoo.

    Rows are written by an import and removed by undoing it, never one by one: what
    was imported stays what the file said.
    """

    _name = "lifecycle.history"
    _inherit = "lifecycle.dirty.mixin"  # an import itself asks for a whole run
    _description = "Imported Purchase"
    _order = "date desc, id desc"
    _rec_name = "reference"
    _log_access = False  # the import knows who and when

    _lifecycle_owner_fields = frozenset({"partner_id", "company_id"})
    _lifecycle_event_fields = frozenset({"date", "amount_company"})

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The contact that the line of the file was matched with. The purchase "
        "counts for the company it belongs to.",
    )
    date = fields.Date(
        required=True,
        readonly=True,
        help="Day of the purchase, moved if the import was asked to shift dates.",
    )
    amount = fields.Monetary(
        required=True,
        readonly=True,
        help="Untaxed, in the currency of the file. Returns are negative.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount_company = fields.Monetary(
        string="Amount in Company Currency",
        currency_field="company_currency_id",
        required=True,
        readonly=True,
        help="The amount in the currency of the company, at the rate of that day.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    reference = fields.Char(
        readonly=True, help="Number of the order or invoice in the other system."
    )
    import_id = fields.Many2one(
        "lifecycle.import",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    line = fields.Integer(string="Line of the File", readonly=True, aggregator=None)

    # the partner first: deleting or merging contacts looks rows up by it
    _partner_company_idx = models.Index("(partner_id, company_id)")

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        return SQL(
            "SELECT company_id, partner_id FROM lifecycle_history WHERE id = ANY(%s)",
            ids,
        )
