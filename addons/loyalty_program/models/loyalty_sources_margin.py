"""Margin of purchases: what was sold for, less what it cost."""

from odoo import api, models
from odoo.tools import SQL

from .loyalty_sources import EPOCH


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _select_margins(self, program, company, scope):
        """Rows as of ``_select_rows``, with the margin for a value.

        The share of the margin in a document, times what of it counts.  Imported
        purchases have no known cost: their margin is 0.
        """
        transactions = self._get_transactions(program)
        sources = transactions._get_sources()
        shares = {
            "sale.order": self._select_order_cost(company),
            "account.move": self._select_move_cost(company),
        }
        selects = []
        for name in transactions._get_company_sources(company):
            _label, method, model = sources[name]
            if model not in shares:
                continue
            amount = SQL(
                "s.amount * (1 - COALESCE(costs.cost / NULLIF(costs.amount, 0), 0))"
            )
            selects.append(
                SQL(
                    """SELECT s.contact_id, (s.day - %s)::int4 AS day, %s AS value
                    FROM (%s) s LEFT JOIN LATERAL (%s) costs ON TRUE
                    WHERE s.contact_id IS NOT NULL""",
                    EPOCH,
                    self._get_value(program, company, amount, SQL("s.day")),
                    getattr(transactions, method)(scope),
                    shares[model],
                )
            )
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _get_cost(self, company):
        """What one of the product ``pp`` costs today, in the company's currency."""
        return SQL("COALESCE((pp.standard_price ->> %s)::numeric, 0)", str(company.id))

    @api.model
    def _select_order_cost(self, company):
        """SELECT of ``amount, cost`` of the order ``s.res_id``.

        Its own cost where the sales margin is installed, else the product's of today.
        """
        price = self._get_cost(company)
        cost = SQL("sol.product_uom_qty * lu.factor / NULLIF(pu.factor, 0) * %s", price)
        if "purchase_price" in self.env["sale.order.line"]._fields:
            cost = SQL(
                "sol.product_uom_qty * sol.purchase_price"
                " / COALESCE(NULLIF(so.currency_rate, 0), 1)"
            )
        return SQL(
            """SELECT SUM(sol.price_subtotal / COALESCE(NULLIF(so.currency_rate, 0), 1))
                AS amount, SUM(%s) AS cost
            FROM sale_order_line sol
            JOIN sale_order so ON so.id = sol.order_id
            JOIN product_product pp ON pp.id = sol.product_id
            JOIN product_template pt ON pt.id = pp.product_tmpl_id
            JOIN uom_uom pu ON pu.id = pt.uom_id
            LEFT JOIN uom_uom lu ON lu.id = sol.product_uom_id
            WHERE sol.order_id = s.res_id""",
            cost,
        )

    @api.model
    def _select_move_cost(self, company):
        """The same of the invoice or credit note ``s.res_id``."""
        return SQL(
            """SELECT SUM(ABS(l.balance)) AS amount,
                SUM(l.quantity * lu.factor / NULLIF(pu.factor, 0) * %s) AS cost
            FROM account_move_line l
            JOIN product_product pp ON pp.id = l.product_id
            JOIN product_template pt ON pt.id = pp.product_tmpl_id
            JOIN uom_uom pu ON pu.id = pt.uom_id
            LEFT JOIN uom_uom lu ON lu.id = l.product_uom_id
            WHERE l.move_id = s.res_id AND l.display_type = 'product'""",
            self._get_cost(company),
        )
