"""Recurring revenue is kept out of the purchases that are predicted from.

Where a company sells no such product, nothing is asked beyond that.
"""

from dataclasses import replace

from odoo import api, models, tools
from odoo.tools import SQL


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _has_recurring(self, scope):
        return self._sells_recurring(scope.company_id)

    @api.model
    @tools.ormcache("company_id")
    def _sells_recurring(self, company_id):
        """Whether a company sells products of recurring revenue."""
        # by SQL: a fact of the company, whoever reads its purchases
        self.env["product.template"].flush_model(["recurring_revenue", "company_id"])
        [(found,)] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM product_template
                WHERE recurring_revenue AND COALESCE(company_id, %(company)s)
                    = %(company)s)""",
                company=company_id,
            )
        )
        return found

    @api.model
    def _select_recurring_products(self):
        return SQL(
            """SELECT pp.id FROM product_product pp
            JOIN product_template pt ON pt.id = pp.product_tmpl_id
            WHERE pt.recurring_revenue"""
        )

    # -- sales orders ------------------------------------------------------------

    @api.model
    def _select_recurring_lines(self, scope):
        """Recurring part of confirmed orders: ``order_id, doc_amount``."""
        return SQL(
            """SELECT l.order_id, SUM(l.price_subtotal) AS doc_amount
            FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
            WHERE o.company_id = %s AND o.state = 'sale'
              AND l.product_id IN (%s) AND l.is_downpayment IS NOT TRUE
            GROUP BY l.order_id""",
            scope.company_id,
            self._select_recurring_products(),
        )

    @api.model
    def _select_sale_order(self, scope):
        """Without the recurring part.  Where nothing else is in it, it says no more
        than that the customer asked."""
        query = super()._select_sale_order(scope)
        if not self._has_recurring(scope):
            return query
        back = SQL()
        if not scope.has_credits:
            credits = self._select_order_credits(scope)
            back = SQL(
                ", order_back AS MATERIALIZED (%s)", self._select_order_back(credits)
            )
        return SQL(
            """WITH recurring AS MATERIALIZED (%(recurring)s)%(back)s
            SELECT s.res_id, s.contact_id,
                CASE WHEN r.doc_amount = o.amount_untaxed THEN NULL
                    ELSE s.day END AS day,
                CASE WHEN r.order_id IS NULL THEN s.amount
                    ELSE ROUND((o.amount_untaxed - r.doc_amount)
                        / COALESCE(NULLIF(o.currency_rate, 0), 1), %(digits)s)
                    END AS amount,
                CASE WHEN r.order_id IS NULL THEN s.is_order
                    ELSE o.amount_untaxed - r.doc_amount > COALESCE(back.amount, 0)
                    END AS is_order,
                s.changeable, s.reference,
                CASE WHEN r.doc_amount = o.amount_untaxed THEN LEAST(s.asked, s.day)
                    ELSE s.asked END AS asked
            FROM (%(orders)s) s
            LEFT JOIN recurring r ON r.order_id = s.res_id
            LEFT JOIN sale_order o ON o.id = r.order_id
            LEFT JOIN order_back back ON back.order_id = r.order_id
            WHERE %(all)s OR r.order_id IS NULL OR o.amount_untaxed <> r.doc_amount""",
            recurring=self._select_recurring_lines(scope),
            back=back,
            digits=self._get_digits(scope),
            orders=query,
            all=scope.asking,
        )

    @api.model
    def _select_order_credits(self, scope):
        """Without what credit notes took back of recurring lines."""
        query = super()._select_order_credits(scope)
        # what was found once before is without them already
        found = scope.has_credits or scope.contacts_only
        if found or not self._has_recurring(scope):
            return query
        return SQL(
            """WITH recurring AS MATERIALIZED (%(recurring)s)
            SELECT c.order_id, c.move_id, c.day,
                c.amount - COALESCE(r.amount, 0) AS amount,
                c.doc_amount - COALESCE(r.doc_amount, 0) AS doc_amount, c.share
            FROM (%(credits)s) c
            LEFT JOIN recurring r ON r.order_id = c.order_id AND r.move_id = c.move_id
            WHERE c.doc_amount <> COALESCE(r.doc_amount, 0)""",
            recurring=self._select_recurring_credits(scope),
            credits=query,
        )

    @api.model
    def _select_credited_orders(self, scope):
        """Without those of which nothing but recurring lines was taken back."""
        if not self._has_recurring(scope):
            return super()._select_credited_orders(scope)
        then = replace(scope, as_of=scope.known)
        return SQL(
            """SELECT c.order_id FROM (%s) c
            LEFT JOIN (%s) r ON r.order_id = c.order_id AND r.move_id = c.move_id
            WHERE c.doc_amount <> COALESCE(r.doc_amount, 0)""",
            self._select_credited(then),
            self._select_recurring_credits(then),
        )

    @api.model
    def _select_recurring_credits(self, scope):
        """What credit notes took back of the recurring lines of orders.

        ``order_id, move_id``, ``amount`` (negative, currency of the company) and
        ``doc_amount`` (positive, that of the document).
        """
        return SQL(
            """SELECT sol.order_id, m.id AS move_id, SUM(-l.balance) AS amount,
                SUM(l.price_subtotal) AS doc_amount
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            JOIN sale_order_line sol ON sol.id = r.order_line_id
            WHERE m.move_type = 'out_refund' AND m.state = 'posted'
              AND m.company_id = %s AND m.invoice_date <= %s
              AND sol.product_id IN (%s) AND sol.is_downpayment IS NOT TRUE
            GROUP BY sol.order_id, m.id""",
            scope.company_id,
            scope.as_of,
            self._select_recurring_products(),
        )

    # -- invoices ------------------------------------------------------------------

    @api.model
    def _select_recurring_invoices(self, scope):
        """Recurring part of posted invoices and credit notes.

        ``move_id``, ``amount`` signed in the currency of the company, ``doc_amount``
        in that of the document.
        """
        return SQL(
            """SELECT m.id AS move_id, m.reversed_entry_id,
                SUM(-l.balance) AS amount, SUM(l.price_subtotal) AS doc_amount
            FROM account_move m JOIN account_move_line l ON l.move_id = m.id
            WHERE m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND m.state = 'posted' AND m.company_id = %s
              AND m.invoice_date <= %s AND l.product_id IN (%s)
              AND l.display_type = 'product'
            GROUP BY m.id""",
            scope.company_id,
            scope.as_of,
            self._select_recurring_products(),
        )

    @api.model
    def _select_invoice(self, scope):
        query = super()._select_invoice(scope)
        if not self._has_recurring(scope):
            return query
        return SQL(
            """WITH recurring AS MATERIALIZED (%(recurring)s),
            rest AS MATERIALIZED (
                SELECT m.reversed_entry_id AS move_id,
                    SUM(m.amount_untaxed_signed - COALESCE(r.amount, 0)) AS amount
                FROM account_move m LEFT JOIN recurring r ON r.move_id = m.id
                WHERE m.move_type = 'out_refund' AND m.state = 'posted'
                  AND m.company_id = %(company)s AND m.invoice_date <= %(as_of)s
                  AND m.reversed_entry_id IN (SELECT move_id FROM recurring)
                GROUP BY m.reversed_entry_id
            )
            SELECT s.res_id, s.contact_id, s.day,
                s.amount - COALESCE(r.amount, 0) AS amount,
                CASE WHEN r.move_id IS NULL OR s.amount < 0 THEN s.is_order
                    ELSE s.amount - r.amount + COALESCE(rest.amount, 0) > 0
                    END AS is_order,
                s.changeable, s.reference
            FROM (%(invoices)s) s
            LEFT JOIN recurring r ON r.move_id = s.res_id
            LEFT JOIN rest ON rest.move_id = s.res_id
            WHERE s.amount <> COALESCE(r.amount, 0)""",
            recurring=self._select_recurring_invoices(scope),
            company=scope.company_id,
            as_of=scope.as_of,
            invoices=query,
        )

    # -- what was billed again and again ----------------------------------------

    @api.model
    def _select_billed_orders(self, scope):
        """Recurring lines of orders: ``contact_id, day, value``."""
        # the margin where the addon for it is there
        has_margin = "margin" in self.env["sale.order.line"]._fields
        return SQL(
            """SELECT so.partner_id AS contact_id, %(day)s AS day,
                %(value)s / COALESCE(NULLIF(so.currency_rate, 0), 1) AS value
            FROM sale_order so JOIN sale_order_line l ON l.order_id = so.id
            WHERE so.state = 'sale' AND so.company_id = %(company)s AND %(in_time)s
              AND l.product_id IN (%(products)s) AND l.is_downpayment IS NOT TRUE""",
            day=scope.local_day(SQL("so.date_order")),
            value=SQL("COALESCE(l.margin, l.price_subtotal)")
            if has_margin
            else SQL("l.price_subtotal"),
            company=scope.company_id,
            in_time=scope.moment_condition(SQL("so.date_order")),
            products=self._select_recurring_products(),
        )

    @api.model
    def _select_billed_invoices(self, scope):
        """Recurring lines of invoices, without the margin: an invoice has none."""
        return SQL(
            """SELECT m.partner_id AS contact_id, m.invoice_date AS day,
                -l.balance AS value
            FROM account_move m JOIN account_move_line l ON l.move_id = m.id
            WHERE m.state = 'posted' AND m.company_id = %s AND %s
              AND m.move_type IN ('out_invoice', 'out_receipt')
              AND l.display_type = 'product' AND l.product_id IN (%s)""",
            scope.company_id,
            scope.day_condition(SQL("m.invoice_date")),
            self._select_recurring_products(),
        )
