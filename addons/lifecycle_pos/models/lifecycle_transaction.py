"""Orders and returns of points of sale as transactions.

An order counts on its day with what was sold, whether or not it is invoiced; its
invoice does not count a second time.  What came back counts on the day of the return,
for the customer of the order that it reverses.
"""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

# Units of the order's currency that one unit of the company's was worth that day.
RATE = SQL("COALESCE(NULLIF(po.currency_rate, 0), 1)::numeric")
# What a line ``l`` gives back of the line ``was``, negative: by quantity, so that the
# sign is right for rewards and discounts, too.
BACK = SQL("was.price_subtotal * l.qty / NULLIF(was.qty, 0)")


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _get_sources(self):
        return {
            **super()._get_sources(),
            "pos_order": (
                self.env._("Point of sale orders"),
                "_select_pos_order",
                "pos.order",
            ),
            "pos_return": (
                self.env._("Point of sale returns"),
                "_select_pos_return",
                "pos.order",
            ),
            "pos_credit": (
                self.env._("Credit notes on point of sale invoices"),
                "_select_pos_credit",
                "account.move",
            ),
        }

    @api.model
    def _get_further_sources(self, names):
        further = [*super()._get_further_sources(names), "pos_order", "pos_return"]
        # among all invoices are those credit notes, too
        return [*further, "pos_credit"] if "sale_order" in names else further

    # -- queries -----------------------------------------------------------

    @api.model
    def _select_pos_order(self, scope):
        """Paid orders with what was sold in them, on their own day.

        Untaxed, without what the same order took back, and without what settles a
        sales order, which is a purchase itself.  One that came back in full is no
        order.
        """
        digits = self._get_digits(scope)
        sold = SQL(
            """(po.amount_total - po.amount_tax
                + COALESCE(took.amount, 0) - COALESCE(settled.amount, 0))"""
        )
        return SQL(
            """WITH pos_back AS MATERIALIZED (%(back)s),
            pos_took AS MATERIALIZED (%(took)s),
            pos_settled AS MATERIALIZED (%(settled)s)
            SELECT * FROM (
                SELECT po.id AS res_id, po.partner_id AS contact_id, %(day)s AS day,
                    ROUND(%(sold)s / %(rate)s, %(digits)s) AS amount,
                    %(sold)s > 0 AND COALESCE(back.kept, 1) > 0 AS is_order,
                    back.order_id IS NOT NULL AS changeable, po.name AS reference
                FROM pos_order po
                LEFT JOIN pos_back back ON back.order_id = po.id
                LEFT JOIN pos_took took ON took.order_id = po.id
                LEFT JOIN pos_settled settled ON settled.order_id = po.id
                WHERE po.company_id = %(company)s AND po.state IN ('paid', 'done')
                  AND po.partner_id IS NOT NULL
                  AND %(in_time)s AND %(asked)s AND %(touched)s
            ) sold WHERE amount <> 0""",
            back=self._select_pos_back(scope),
            took=self._select_pos_took(scope),
            settled=self._select_pos_settled(scope),
            sold=sold,
            rate=RATE,
            digits=digits,
            day=scope.local_day(SQL("po.date_order")),
            company=scope.company_id,
            in_time=scope.moment_condition(SQL("po.date_order")),
            asked=scope.contact_condition(SQL("po.partner_id")),
            touched=scope.changeable_condition(
                SQL("po.id"), self._select_returned_orders(scope)
            ),
        )

    @api.model
    def _select_pos_return(self, scope):
        """What orders took back, on the day of the return.

        It counts for the customer of the order that was reversed, in the currency of
        the company at the rate of the return.
        """
        return SQL(
            """SELECT po.id AS res_id, sold.partner_id AS contact_id, %(day)s AS day,
                ROUND(SUM(%(amount)s) / %(rate)s, %(digits)s) AS amount,
                FALSE AS is_order, FALSE AS changeable, po.name AS reference
            FROM pos_order po
            JOIN pos_order_line l ON l.order_id = po.id
            JOIN pos_order_line was ON was.id = l.refunded_orderline_id
            JOIN pos_order sold ON sold.id = was.order_id
            WHERE po.company_id = %(company)s AND po.state IN ('paid', 'done')
              AND sold.company_id = po.company_id AND sold.partner_id IS NOT NULL
              AND %(in_time)s AND %(asked)s AND %(touched)s
            GROUP BY po.id, sold.partner_id""",
            amount=BACK,
            rate=RATE,
            digits=self._get_digits(scope),
            day=scope.local_day(SQL("po.date_order")),
            company=scope.company_id,
            in_time=scope.moment_condition(SQL("po.date_order")),
            asked=scope.contact_condition(SQL("sold.partner_id")),
            touched=scope.lasting_condition(),
        )

    @api.model
    def _select_pos_credit(self, scope):
        """Credit notes on the invoices of orders, made in the accounting."""
        return SQL(
            """SELECT m.id AS res_id, o.partner_id AS contact_id,
                m.invoice_date AS day, m.amount_untaxed_signed AS amount,
                FALSE AS is_order, FALSE AS changeable, m.name AS reference
            FROM account_move m
            JOIN account_move o ON o.id = m.reversed_entry_id
            WHERE %(counts)s AND %(in_time)s AND m.amount_untaxed_signed <> 0
              AND %(asked)s AND %(touched)s""",
            counts=self._is_pos_credit(scope),
            in_time=scope.day_condition(SQL("m.invoice_date")),
            asked=scope.contact_condition(SQL("o.partner_id")),
            touched=scope.lasting_condition(),
        )

    @api.model
    def _select_invoice(self, scope):
        """Without the invoices of orders of points of sale: these count themselves."""
        return SQL(
            """SELECT * FROM (%s) moves WHERE NOT EXISTS (
                SELECT FROM pos_order po WHERE po.account_move = moves.res_id)""",
            super()._select_invoice(scope),
        )

    # -- what came back ----------------------------------------------------

    @api.model
    def _is_pos_credit(self, scope):
        """Condition on ``m`` that it credits the invoice of an order, and is none."""
        return SQL(
            """m.move_type = 'out_refund' AND m.state = 'posted'
            AND m.company_id = %s AND m.invoice_date <= %s
            AND m.reversed_entry_id IN (
                SELECT account_move FROM pos_order WHERE account_move IS NOT NULL)
            AND NOT EXISTS (SELECT FROM pos_order po WHERE po.account_move = m.id)""",
            scope.company_id,
            scope.as_of,
        )

    @api.model
    def _select_pos_back(self, scope):
        """What of each order that was returned is left by the day: ``order_id, kept``.

        In the currency of the order.  A credit note on an invoice of several orders
        takes the same share of each.
        """
        if scope.contacts_only:
            return SQL("SELECT NULL::int AS order_id, 0 AS kept WHERE FALSE")
        return SQL(
            """SELECT order_id, ROUND(MAX(lines.sold) * (1 - COALESCE(SUM(share), 0))
                + COALESCE(SUM(amount), 0), 6) AS kept
            FROM (
                SELECT was.order_id, %(amount)s AS amount, NULL::numeric AS share
                FROM pos_order_line l
                JOIN pos_order po ON po.id = l.order_id
                JOIN pos_order_line was ON was.id = l.refunded_orderline_id
                JOIN pos_order sold ON sold.id = was.order_id
                WHERE po.company_id = %(company)s AND po.state IN ('paid', 'done')
                  AND po.date_order < %(until)s AND %(asked)s
                UNION ALL
                SELECT sold.id, NULL, m.amount_untaxed / NULLIF(o.amount_untaxed, 0)
                FROM account_move m
                JOIN account_move o ON o.id = m.reversed_entry_id
                JOIN pos_order sold ON sold.account_move = o.id
                WHERE %(credits)s AND %(asked)s
            ) parts
            JOIN LATERAL (
                SELECT SUM(l.price_subtotal) AS sold FROM pos_order_line l
                WHERE l.order_id = parts.order_id AND l.refunded_orderline_id IS NULL
            ) lines ON TRUE
            GROUP BY order_id""",
            amount=BACK,
            company=scope.company_id,
            until=scope.until,
            asked=scope.contact_condition(SQL("sold.partner_id")),
            credits=self._is_pos_credit(scope),
        )

    @api.model
    def _select_pos_took(self, scope):
        """What each order took back of earlier ones: ``order_id, amount``, positive."""
        if scope.contacts_only:
            return SQL("SELECT NULL::int AS order_id, 0::numeric AS amount WHERE FALSE")
        return SQL(
            """SELECT l.order_id, -SUM(%(amount)s) AS amount
            FROM pos_order_line l
            JOIN pos_order po ON po.id = l.order_id
            JOIN pos_order_line was ON was.id = l.refunded_orderline_id
            WHERE po.company_id = %(company)s AND %(asked)s
            GROUP BY l.order_id""",
            amount=BACK,
            company=scope.company_id,
            asked=scope.contact_condition(SQL("po.partner_id")),
        )

    @api.model
    def _select_pos_settled(self, scope):
        """What of each order settles sales orders: ``order_id, amount``.

        Only where sales orders count as purchases, and where they can be settled in a
        point of sale at all.
        """
        company = self.env["res.company"].browse(scope.company_id)
        lines = self.env["pos.order.line"]
        if (
            scope.contacts_only
            or "sale_order_origin_id" not in lines._fields
            or "sale_order" not in self._get_company_sources(company.sudo())
        ):
            return SQL("SELECT NULL::int AS order_id, 0::numeric AS amount WHERE FALSE")
        return SQL(
            """SELECT l.order_id, SUM(l.price_subtotal) AS amount
            FROM pos_order_line l
            JOIN pos_order po ON po.id = l.order_id
            WHERE l.sale_order_origin_id IS NOT NULL
              AND l.refunded_orderline_id IS NULL
              AND po.company_id = %s AND %s
            GROUP BY l.order_id""",
            scope.company_id,
            scope.contact_condition(SQL("po.partner_id")),
        )

    @api.model
    def _select_returned_orders(self, scope):
        """Orders that a return or a credit note touches by the day ``scope.known``."""
        return SQL(
            """SELECT was.order_id
            FROM pos_order_line l
            JOIN pos_order po ON po.id = l.order_id
            JOIN pos_order_line was ON was.id = l.refunded_orderline_id
            WHERE po.company_id = %(company)s AND po.state IN ('paid', 'done')
              AND po.date_order < %(until)s
            UNION
            SELECT sold.id FROM account_move m
            JOIN pos_order sold ON sold.account_move = m.reversed_entry_id
            WHERE m.move_type = 'out_refund' AND m.state = 'posted'
              AND m.company_id = %(company)s AND m.invoice_date <= %(known)s
              AND NOT EXISTS (SELECT FROM pos_order po WHERE po.account_move = m.id)""",
            company=scope.company_id,
            until=scope._get_midnight(scope.known + timedelta(days=1))
            if scope.known
            else None,
            known=scope.known,
        )
