from odoo import api, models
from odoo.tools import SQL

_COUNTING = ("paid", "done")


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["pos.order", "lifecycle.dirty.mixin"]

    _lifecycle_owner_fields = frozenset({"partner_id", "company_id"})
    _lifecycle_event_fields = frozenset({"state"})
    _lifecycle_value_fields = frozenset(
        {"date_order", "amount_total", "amount_tax", "currency_rate"}
    )

    def _is_lifecycle_relevant(self, kind, vals):
        # it counts once it is paid, and a paid order is never taken back
        return self._cache.get("state", _COUNTING[0]) in _COUNTING

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        """The customers of orders, and of the orders that they take back."""
        return SQL(
            """WITH orders AS MATERIALIZED (
                SELECT id, company_id, partner_id FROM pos_order
                WHERE id = ANY(%s) AND %s
            )
            SELECT company_id, partner_id FROM orders WHERE partner_id IS NOT NULL
            UNION SELECT sold.company_id, sold.partner_id
            FROM orders o
            JOIN pos_order_line l ON l.order_id = o.id
            JOIN pos_order_line was ON was.id = l.refunded_orderline_id
            JOIN pos_order sold ON sold.id = was.order_id
            WHERE sold.partner_id IS NOT NULL""",
            ids,
            SQL("state IN %s", _COUNTING) if counting else SQL("TRUE"),
        )
