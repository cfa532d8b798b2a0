"""The sources of transactions: one SELECT each.

What is aggregated first is MATERIALIZED: right after a large import PostgreSQL takes
the tables for small and would compute it anew for every order.
"""

from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_privacy import select_objectors


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _is_customer(self, partner):
        """Condition on a commercial partner: who can be a customer.

        The partners of the companies themselves are not (intercompany), nor is who
        must not be profiled.
        """
        return SQL(
            """%s NOT IN (
                SELECT own.commercial_partner_id FROM res_company c
                JOIN res_partner own ON own.id = c.partner_id
                UNION %s
            )""",
            partner,
            select_objectors(),
        )

    @api.model
    def _select_sale_order(self, scope):
        """Confirmed orders.  One that was credited in full is no order.

        Nor is one that comes to nothing in the currency of the company.
        Where the scope is asking: with quotations, and ``asked``.  A purchase of the
        day on which it was made says no more than that it is one.
        """
        amount = self._get_order_amount(scope)
        bought = SQL(
            "so.state = 'sale' AND %s", scope.moment_condition(SQL("so.date_order"))
        )
        if not scope.amounts_only:
            bought = SQL("%s AND %s <> 0", bought, amount)
        credited = back = SQL()
        is_order, changeable = SQL("TRUE"), SQL("FALSE")
        if not scope.amounts_only:
            # a join of every order, where somebody asks for what it tells
            back = SQL("LEFT JOIN order_back back ON back.order_id = so.id")
            is_order = SQL("so.amount_untaxed > COALESCE(back.amount, 0)")
            changeable = SQL("back.order_id IS NOT NULL")
        if not (scope.amounts_only or scope.has_credits):
            credits = self._select_order_credits(scope)
            credited = SQL(
                "WITH order_back AS MATERIALIZED (%s)", self._select_order_back(credits)
            )
        day = scope.local_day(SQL("so.date_order"))
        wanted, asked_day = bought, SQL("NULL::date")
        if scope.asking:
            asked = SQL(
                """(so.state <> 'sale' OR %s > 0 IS NOT TRUE
                    OR so.create_date < so.date_order AND %s < %s)
                AND so.state <> 'cancel'
                AND LEAST(so.create_date, so.date_order) < %s""",
                amount,
                scope.local_day(SQL("so.create_date")),
                day,
                scope.until,
            )
            asked_day = SQL(
                "CASE WHEN %s THEN %s END",
                asked,
                scope.local_day(SQL("LEAST(so.create_date, so.date_order)")),
            )
            day = SQL("CASE WHEN %s THEN %s END", bought, day)
            wanted = SQL("(%s OR %s)", bought, asked)
        return SQL(
            """%(credited)s
            SELECT so.id AS res_id, so.partner_id AS contact_id, %(day)s AS day,
                %(amount)s AS amount,
                %(is_order)s AS is_order,
                %(changeable)s AS changeable, so.name AS reference,
                %(asked_day)s AS asked
            FROM sale_order so
            %(back)s
            WHERE so.company_id = %(company)s AND %(wanted)s AND %(asked)s
              AND %(touched)s""",
            asked_day=asked_day,
            wanted=wanted,
            is_order=is_order,
            changeable=changeable,
            back=back,
            credited=credited,
            touched=scope.changeable_condition(
                SQL("so.id"), self._select_credited_orders(scope)
            ),
            day=day,
            amount=amount,
            company=scope.company_id,
            asked=scope.contact_condition(SQL("so.partner_id")),
        )

    @api.model
    def _get_order_amount(self, scope):
        """What an order ``so`` is worth in the currency of the company, rounded."""
        return SQL(
            """CASE WHEN so.currency_rate IN (1, 0) THEN so.amount_untaxed
                ELSE ROUND(so.amount_untaxed / COALESCE(so.currency_rate, 1), %s)
                END""",
            self._get_digits(scope),
        )

    @api.model
    def _select_sale_credit(self, scope):
        """Credit notes on confirmed orders, on the day of the credit note."""
        return SQL(
            """SELECT c.move_id AS res_id, so.partner_id AS contact_id,
                c.day, ROUND(SUM(c.amount * c.share), %(digits)s) AS amount,
                FALSE AS is_order, TRUE AS changeable, m.name AS reference
            FROM (%(credits)s) c
            JOIN account_move m ON m.id = c.move_id
            JOIN sale_order so ON so.id = c.order_id
            WHERE c.share > 0 AND %(in_time)s
            GROUP BY c.move_id, so.partner_id, c.day, m.name""",
            digits=self._get_digits(scope),
            credits=self._select_order_credits(scope),
            in_time=scope.day_condition(SQL("c.day")),
        )

    @api.model
    def _select_order_credits(self, scope):
        """What credit notes took back of each confirmed order.

        One row per order and credit note: ``order_id, move_id, day``,
        ``amount`` (negative, company currency), ``doc_amount`` (positive,
        document currency) and ``share``, the part that is a real return: what
        was credited and invoiced again was a correction of an invoice.
        """
        if scope.has_credits:
            return SQL("SELECT * FROM order_credits")
        if scope.contacts_only:
            return SQL(
                """SELECT NULL::int AS order_id, NULL::int AS move_id,
                NULL::date AS day, 0 AS amount, 0 AS doc_amount, 0 AS share
                WHERE FALSE"""
            )
        return SQL(
            """WITH credited AS MATERIALIZED (%(credited)s)
            SELECT c.order_id, c.move_id, c.day, c.amount, c.doc_amount,
                GREATEST(0, 1 - GREATEST(0, billed.amount - so.amount_untaxed)
                    / NULLIF(SUM(c.doc_amount) OVER (PARTITION BY c.order_id), 0))
                    AS share
            FROM credited c
            JOIN sale_order so ON so.id = c.order_id AND so.state = 'sale'
                AND so.company_id = %(company)s AND so.date_order < %(until)s
            LEFT JOIN LATERAL (
                SELECT COALESCE(SUM(l.price_subtotal), 0) AS amount
                FROM sale_order_line sol
                JOIN sale_order_line_invoice_rel r ON r.order_line_id = sol.id
                JOIN account_move_line l ON l.id = r.invoice_line_id
                JOIN account_move m ON m.id = l.move_id
                WHERE sol.order_id = c.order_id AND m.move_type = 'out_invoice'
                  AND m.state = 'posted' AND m.invoice_date <= %(as_of)s
                  AND sol.is_downpayment IS NOT TRUE
            ) billed ON TRUE""",
            credited=self._select_credited(scope),
            company=scope.company_id,
            as_of=scope.as_of,
            until=scope.until,
        )

    @api.model
    def _select_credited(self, scope):
        """What posted credit notes say of each order, down payments apart.

        One row per order and credit note: ``order_id, move_id, day``, ``amount``
        (negative, company currency) and ``doc_amount`` (positive, document currency).
        """
        return SQL(
            """SELECT sol.order_id, m.id AS move_id, m.invoice_date AS day,
                SUM(-l.balance) AS amount, SUM(l.price_subtotal) AS doc_amount
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            JOIN sale_order_line sol ON sol.id = r.order_line_id %(orders)s
            WHERE m.move_type = 'out_refund' AND m.state = 'posted'
              AND m.company_id = %(company)s AND m.invoice_date <= %(as_of)s
              AND sol.is_downpayment IS NOT TRUE AND %(asked)s
            GROUP BY sol.order_id, m.id, m.invoice_date""",
            company=scope.company_id,
            as_of=scope.as_of,
            # only to find the customers
            orders=SQL()
            if scope.partner_ids is None and scope.share is None
            else SQL("JOIN sale_order so ON so.id = sol.order_id"),
            asked=scope.contact_condition(SQL("so.partner_id")),
        )

    @api.model
    def _select_order_back(self, credits):
        """What came back of each credited order: ``order_id, amount``.

        :param credits: what :meth:`_select_order_credits` finds
        """
        return SQL(
            """SELECT order_id, SUM(doc_amount * share) AS amount
            FROM (%s) c GROUP BY order_id""",
            credits,
        )

    @api.model
    def _select_invoice(self, scope):
        """Posted invoices and credit notes.

        An invoice that its credit notes took back in full is no order.  That is
        asked in the currency of the invoice: the rate may have moved since.
        """
        return SQL(
            """WITH back AS MATERIALIZED (
                SELECT r.reversed_entry_id, SUM(
                    CASE WHEN r.currency_id = o.currency_id THEN r.amount_untaxed
                    ELSE -r.amount_untaxed_signed * o.amount_untaxed
                        / NULLIF(o.amount_untaxed_signed, 0) END) AS amount
                FROM account_move r
                JOIN account_move o ON o.id = r.reversed_entry_id
                    AND %(asked_before)s
                WHERE r.move_type = 'out_refund' AND r.state = 'posted'
                  AND r.company_id = %(company)s AND r.invoice_date <= %(as_of)s
                  AND %(needed)s
                GROUP BY r.reversed_entry_id
            )
            SELECT m.id AS res_id, m.partner_id AS contact_id,
                m.invoice_date AS day, m.amount_untaxed_signed AS amount,
                m.move_type <> 'out_refund'
                    AND m.amount_untaxed > COALESCE(back.amount, 0) AS is_order,
                back.reversed_entry_id IS NOT NULL AS changeable,
                m.name AS reference
            FROM account_move m
            LEFT JOIN back ON back.reversed_entry_id = m.id
            WHERE m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND m.state = 'posted' AND m.company_id = %(company)s
              AND %(in_time)s AND m.amount_untaxed_signed <> 0 AND %(asked)s
              AND %(touched)s""",
            needed=SQL("FALSE") if scope.contacts_only else SQL("TRUE"),
            touched=scope.changeable_condition(
                SQL("m.id"), self._select_credited_invoices(scope)
            ),
            company=scope.company_id,
            as_of=scope.as_of,
            in_time=scope.day_condition(SQL("m.invoice_date")),
            asked=scope.contact_condition(SQL("m.partner_id")),
            asked_before=scope.contact_condition(SQL("o.partner_id")),
        )

    @api.model
    def _select_history(self, scope):
        """Purchases from before the company came to Odoo."""
        return SQL(
            """SELECT h.id AS res_id, h.partner_id AS contact_id,
                h.date AS day, h.amount_company AS amount,
                h.amount_company > 0 AS is_order, FALSE AS changeable, h.reference
            FROM lifecycle_history h
            WHERE h.company_id = %(company)s AND %(in_time)s
              AND h.amount_company <> 0 AND %(asked)s AND %(touched)s""",
            touched=scope.lasting_condition(),
            company=scope.company_id,
            in_time=scope.day_condition(SQL("h.date")),
            asked=scope.contact_condition(SQL("h.partner_id")),
        )

    @api.model
    def _select_asked(self, scope, orders):
        """Who asked, and first when: SELECT of ``contact_id, day``.

        Leads, quotations, and what was given away.  Aggregated before the day is
        found: the first moment has the first day.

        :param orders: with quotations and orders
        """
        of_orders = SQL()
        if orders:
            of_orders = SQL(
                """UNION ALL
                SELECT so.partner_id, MIN(LEAST(so.create_date, so.date_order))
                FROM sale_order so
                WHERE so.company_id = %s AND so.state <> 'cancel'
                  AND LEAST(so.create_date, so.date_order) < %s AND %s
                GROUP BY so.partner_id""",
                scope.company_id,
                scope.until,
                scope.contact_condition(SQL("so.partner_id")),
            )
        return SQL(
            """SELECT contact_id, %(day)s AS day FROM (
                SELECT l.partner_id AS contact_id, MIN(l.create_date) AS moment
                FROM crm_lead l
                LEFT JOIN crm_team t ON t.id = l.team_id
                LEFT JOIN res_users u ON u.id = COALESCE(l.user_id, l.create_uid)
                WHERE COALESCE(l.company_id, t.company_id, u.company_id) = %(company)s
                  AND l.partner_id IS NOT NULL AND l.create_date < %(until)s
                  AND %(of_lead)s
                GROUP BY l.partner_id
                %(of_orders)s
            ) first
            UNION ALL
            SELECT h.partner_id, h.date FROM lifecycle_history h
            WHERE h.company_id = %(company)s AND h.amount_company = 0
              AND h.date <= %(as_of)s AND %(of_history)s""",
            day=scope.local_day(SQL("moment")),
            company=scope.company_id,
            until=scope.until,
            as_of=scope.as_of,
            of_lead=scope.contact_condition(SQL("l.partner_id")),
            of_orders=of_orders,
            of_history=scope.contact_condition(SQL("h.partner_id")),
        )

    @api.model
    def _select_affected(self, scope):
        """Contacts whose purchases change because documents of these days count now.

        A SELECT of ``contact_id``, for documents whose own contact is another one, or
        that bring no purchase of their day: what credits or bills an order again.
        """
        return SQL(
            """SELECT so.partner_id AS contact_id
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            JOIN sale_order_line sol ON sol.id = r.order_line_id
            JOIN sale_order so ON so.id = sol.order_id
            WHERE m.move_type IN ('out_invoice', 'out_refund') AND m.state = 'posted'
              AND m.company_id = %(company)s AND %(in_time)s
            UNION
            SELECT o.partner_id FROM account_move m
            JOIN account_move o ON o.id = m.reversed_entry_id
            WHERE m.move_type = 'out_refund' AND m.state = 'posted'
              AND m.company_id = %(company)s AND %(in_time)s
              AND o.partner_id IS NOT NULL""",
            company=scope.company_id,
            in_time=scope.day_condition(SQL("m.invoice_date")),
        )

    @api.model
    def _select_credited_orders(self, scope):
        """Orders that a credit note touches by the day ``scope.known``.

        Exactly those that are ``changeable`` as of that day: one more would be counted
        twice on earlier days, one less not at all.
        """
        return SQL(
            "SELECT order_id FROM (%s) c",
            self._select_credited(replace(scope, as_of=scope.known)),
        )

    @api.model
    def _select_credited_invoices(self, scope):
        """Invoices that a credit note takes back by the day ``scope.known``."""
        return SQL(
            """SELECT reversed_entry_id FROM account_move
            WHERE move_type = 'out_refund' AND state = 'posted'
              AND company_id = %s AND invoice_date <= %s
              AND reversed_entry_id IS NOT NULL""",
            scope.company_id,
            scope.known,
        )

    @api.model
    def _get_digits(self, scope):
        company = self.env["res.company"].browse(scope.company_id)
        return company.sudo().currency_id.decimal_places  # no secret
