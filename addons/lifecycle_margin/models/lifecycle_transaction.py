"""Margins of purchases: each source with what its documents cost."""

from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL


@dataclass(frozen=True)
class MarginRequest:
    """In the context: read purchases with their margins.

    An object, so no client can say it.

    :param as_amount: the margin in place of the amount; else beside it, with
        ``uncosted`` (an amount) and ``discounted``
    """

    as_amount: bool


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _select_source(self, name, scope):
        select = super()._select_source(name, scope)
        request = self.env.context.get("lifecycle_margin")
        if not isinstance(request, MarginRequest) or scope.contacts_only:
            return select
        terms = self._get_terms(scope).get(name)
        if terms is None:
            # nobody knows what it cost
            terms = SQL(
                """SELECT NULL::int AS res_id, 1 AS rate, 1 AS uncosted,
                FALSE AS discounted WHERE FALSE"""
            )
        margin = SQL(
            "ROUND(s.amount * COALESCE(terms.rate, 1)::numeric, %s)",
            self._get_digits(scope),
        )
        columns = [SQL("s.%s", SQL.identifier(n)) for n in self._get_kept(name)]
        if request.as_amount:
            columns.append(SQL("%s AS amount", margin))
        else:
            columns += [
                SQL("s.amount"),
                SQL("%s AS margin", margin),
                SQL("s.amount * COALESCE(terms.uncosted, 1) AS uncosted"),
                SQL("COALESCE(terms.discounted, FALSE) AS discounted"),
            ]
        return SQL(
            "SELECT %s FROM (%s) s LEFT JOIN (%s) terms ON terms.res_id = s.res_id",
            SQL(", ").join(columns),
            select,
            terms,
        )

    @api.model
    def _get_kept(self, name):
        """Columns of a source that stay as they are."""
        names = ["res_id", "contact_id", "day", "is_order", "changeable", "reference"]
        return [*names, "asked"] if name == "sale_order" else names

    @api.model
    def _get_terms(self, scope):
        return {
            **super()._get_terms(scope),
            "sale_order": self._select_order_terms(scope),
            "sale_credit": self._select_credit_terms(scope),
            "invoice": self._select_invoice_terms(scope),
        }

    @api.model
    def _select_order_terms(self, scope):
        """Of sales orders, by the cost on their lines."""
        return SQL(
            """SELECT so.id AS res_id, so.margin / NULLIF(so.amount_untaxed, 0) AS rate,
                COALESCE(SUM(l.price_subtotal) FILTER (WHERE
                    COALESCE(l.purchase_price, 0) = 0 AND l.price_subtotal > 0), 0)
                    / NULLIF(so.amount_untaxed, 0) AS uncosted,
                BOOL_OR(l.discount > 0 OR l.price_subtotal < 0) AS discounted
            FROM sale_order so
            JOIN sale_order_line l ON l.order_id = so.id
                AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
            WHERE so.company_id = %s AND so.state = 'sale' AND %s
            GROUP BY so.id""",
            scope.company_id,
            scope.contact_condition(SQL("so.partner_id")),
        )

    @api.model
    def _select_credit_terms(self, scope):
        """Of credit notes on orders: as the orders, the goods come back."""
        return SQL(
            """SELECT move_id AS res_id, SUM(margin) / NULLIF(SUM(amount), 0) AS rate,
                0 AS uncosted, FALSE AS discounted
            FROM (
                SELECT DISTINCT m.id AS move_id, so.id, so.margin,
                    so.amount_untaxed AS amount
                FROM account_move m
                JOIN account_move_line l ON l.move_id = m.id
                JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                JOIN sale_order_line sol ON sol.id = r.order_line_id
                JOIN sale_order so ON so.id = sol.order_id
                WHERE m.move_type = 'out_refund' AND m.state = 'posted'
                  AND m.company_id = %s AND %s
            ) orders GROUP BY move_id""",
            scope.company_id,
            scope.contact_condition(SQL("so.partner_id")),
        )

    @api.model
    def _select_invoice_terms(self, scope):
        """Of invoices and credit notes: by the order's cost, else the product's today.

        A line is worth its balance, in the currency of the company; its sign is that
        of the document, so returns take back their cost.
        """
        return SQL(
            """SELECT l.move_id AS res_id,
                1 - SUM(COALESCE(known.cost, price.cost, 0) * l.quantity * m.sign)
                    / NULLIF(SUM(-l.balance), 0) AS rate,
                COALESCE(SUM(-l.balance) FILTER (
                    WHERE COALESCE(known.cost, price.cost, 0) = 0), 0)
                    / NULLIF(SUM(-l.balance), 0) AS uncosted,
                BOOL_OR(l.discount > 0 OR l.price_subtotal < 0) AS discounted
            FROM (
                SELECT id, CASE move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS sign
                FROM account_move
                WHERE move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                  AND state = 'posted' AND company_id = %(company)s AND %(asked)s
            ) m
            JOIN account_move_line l ON l.move_id = m.id
                AND l.display_type = 'product'
            LEFT JOIN LATERAL (
                SELECT sol.purchase_price / COALESCE(NULLIF(so.currency_rate, 0), 1)
                    AS cost
                FROM sale_order_line_invoice_rel r
                JOIN sale_order_line sol ON sol.id = r.order_line_id
                JOIN sale_order so ON so.id = sol.order_id
                WHERE r.invoice_line_id = l.id LIMIT 1
            ) known ON TRUE
            LEFT JOIN LATERAL (
                SELECT (pp.standard_price ->> %(key)s)::numeric
                    * lu.factor / NULLIF(pu.factor, 0) AS cost
                FROM product_product pp
                JOIN product_template pt ON pt.id = pp.product_tmpl_id
                JOIN uom_uom pu ON pu.id = pt.uom_id
                JOIN uom_uom lu ON lu.id = COALESCE(l.product_uom_id, pt.uom_id)
                WHERE pp.id = l.product_id
            ) price ON TRUE
            GROUP BY l.move_id""",
            company=scope.company_id,
            key=str(scope.company_id),
            asked=scope.contact_condition(SQL("partner_id")),
        )
