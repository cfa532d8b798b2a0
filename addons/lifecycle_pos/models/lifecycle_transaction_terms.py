"""What was sold in points of sale cost, for addons that know margins."""

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_transaction import BACK


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _get_terms(self, scope):
        """By the cost that Odoo keeps on the lines of an order."""
        lines = SQL(
            """SELECT po.id, po.account_move, l.price_subtotal AS sold,
                COALESCE(l.total_cost, 0) AS cost,
                l.discount > 0 OR l.price_subtotal < 0 AS discounted
            FROM pos_order po JOIN pos_order_line l ON l.order_id = po.id
            WHERE po.company_id = %s AND l.refunded_orderline_id IS NULL AND %s""",
            scope.company_id,
            scope.contact_condition(SQL("po.partner_id")),
        )
        back = SQL(
            """SELECT l.order_id AS id, %s AS sold, FALSE AS discounted,
                COALESCE(was.total_cost, 0) * l.qty / NULLIF(was.qty, 0) AS cost
            FROM pos_order_line l
            JOIN pos_order_line was ON was.id = l.refunded_orderline_id
            JOIN pos_order sold ON sold.id = was.order_id
            WHERE sold.company_id = %s AND %s""",
            BACK,
            scope.company_id,
            scope.contact_condition(SQL("sold.partner_id")),
        )
        credited = SQL(
            """SELECT m.id, lines.sold, lines.cost, lines.discounted
            FROM (%s) lines JOIN account_move m ON m.reversed_entry_id = account_move
            WHERE %s""",
            lines,
            self._is_pos_credit(scope),
        )
        sources = {"pos_order": lines, "pos_return": back, "pos_credit": credited}
        return {
            **super()._get_terms(scope),
            **{
                name: SQL(
                    """SELECT id AS res_id,
                        (1 - SUM(cost) / NULLIF(SUM(sold), 0))::numeric AS rate,
                        COALESCE(SUM(sold) FILTER (
                            WHERE cost = 0 AND sold > 0), 0)
                            / NULLIF(SUM(sold), 0) AS uncosted,
                        BOOL_OR(discounted) AS discounted
                    FROM (%s) lines GROUP BY id""",
                    select,
                )
                for name, select in sources.items()
            },
        }
