from odoo import api, models
from odoo.tools import SQL

_CUSTOMER_TYPES = ("out_invoice", "out_refund", "out_receipt")


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "lifecycle.dirty.mixin"]

    _lifecycle_owner_fields = frozenset(
        {"partner_id", "company_id", "reversed_entry_id", "move_type"}
    )
    _lifecycle_event_fields = frozenset({"state"})
    _lifecycle_value_fields = frozenset(
        {
            "commercial_partner_id",
            "invoice_date",
            "date",
            "amount_untaxed",
            "amount_untaxed_signed",
        }
    )

    def _is_lifecycle_relevant(self, kind, vals):
        if kind == "create":
            return False  # it counts once it is posted
        unposted = self._cache.get("state", "posted") != "posted"
        # the owner of a draft may change right after it was taken back
        if unposted and kind in ("value", "unlink"):
            return False
        return (
            "move_type" in vals
            or self._cache.get("move_type", "out_invoice") in _CUSTOMER_TYPES
        )

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        """The customers of invoices, of the orders they bill or credit, and of the
        invoices that they reverse: what is given back is taken from those.
        """
        return SQL(
            """WITH moves AS MATERIALIZED (
                SELECT id, company_id, partner_id, reversed_entry_id
                FROM account_move
                WHERE id = ANY(%s) AND move_type = ANY(%s) AND %s
            )
            SELECT company_id, partner_id FROM moves
            UNION SELECT o.company_id, o.partner_id
            FROM moves m JOIN account_move o ON o.id = m.reversed_entry_id
            UNION SELECT so.company_id, so.partner_id
            FROM moves m
            JOIN account_move_line l ON l.move_id = m.id
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            JOIN sale_order_line sol ON sol.id = r.order_line_id
            JOIN sale_order so ON so.id = sol.order_id""",
            ids,
            list(_CUSTOMER_TYPES),
            SQL("state = 'posted'") if counting else SQL("TRUE"),
        )
