"""1. A source of transactions: what is charged counts as a purchase."""

from odoo import api, models
from odoo.tools import SQL


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _get_sources(self):
        return {
            **super()._get_sources(),
            "contract_charge": (
                self.env._("Charges of contracts"),
                "_select_contract_charge",
                "example.contract.charge",
            ),
        }

    @api.model
    def _get_further_sources(self, names):
        """Beside sales orders as well as beside invoices: charges are neither."""
        return [*super()._get_further_sources(names), "contract_charge"]

    @api.model
    def _select_contract_charge(self, scope):
        """Charges on their own day; amounts are in the currency of the company."""
        return SQL(
            """SELECT ch.id AS res_id, ch.partner_id AS contact_id, ch.date AS day,
                ch.amount, ch.amount > 0 AS is_order, FALSE AS changeable,
                c.name AS reference
            FROM example_contract_charge ch
            JOIN example_contract c ON c.id = ch.contract_id
            WHERE ch.company_id = %(company)s AND ch.amount <> 0
              AND %(in_time)s AND %(asked)s AND %(lasting)s""",
            company=scope.company_id,
            in_time=scope.day_condition(SQL("ch.date")),
            asked=scope.contact_condition(SQL("ch.partner_id")),
            lasting=scope.lasting_condition(),
        )
