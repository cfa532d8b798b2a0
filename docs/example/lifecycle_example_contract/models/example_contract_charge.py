from odoo import api, fields, models
from odoo.tools import SQL


class ExampleContractCharge(models.Model):
    """What was charged for a contract, untaxed; below 0: paid back."""

    _name = "example.contract.charge"
    _inherit = "lifecycle.dirty.mixin"
    _description = "Charge of a Contract"
    _order = "date desc, id desc"

    contract_id = fields.Many2one(
        "example.contract", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(required=True)

    _lifecycle_owner_fields = frozenset({"partner_id", "company_id"})
    _lifecycle_event_fields = frozenset({"date", "amount"})

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        return SQL(
            """SELECT company_id, partner_id FROM example_contract_charge
            WHERE id = ANY(%s)""",
            ids,
        )
