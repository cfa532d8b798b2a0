from odoo import api, fields, models
from odoo.tools import SQL


class ExampleContract(models.Model):
    """A contract that is charged from time to time, until it ends."""

    _name = "example.contract"
    # who changes a contract marks its customer: the scores follow within seconds
    _inherit = "lifecycle.dirty.mixin"
    _description = "Maintenance Contract"
    _order = "end_date, id"

    name = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    start_date = fields.Date(required=True)
    end_date = fields.Date(required=True)
    notice_date = fields.Date(
        string="Notice Given On", help="Day on which the customer ended the contract."
    )
    renewal_date = fields.Date(
        string="Renewal Taken Up On",
        readonly=True,
        help="Day on which the play took up the renewal.",
    )
    charge_ids = fields.One2many("example.contract.charge", "contract_id")

    _dates_in_order = models.Constraint(
        "CHECK(end_date >= start_date)",
        "The contract ends before it starts: correct the end date.",
    )

    # -- marks -----------------------------------------------------------------

    _lifecycle_owner_fields = frozenset({"partner_id", "company_id"})
    _lifecycle_event_fields = frozenset({"start_date", "end_date", "notice_date"})

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        return SQL(
            "SELECT company_id, partner_id FROM example_contract WHERE id = ANY(%s)",
            ids,
        )
