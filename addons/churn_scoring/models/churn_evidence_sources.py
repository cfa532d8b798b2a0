"""The sources of evidence: one SELECT each.

Another addon adds one by extending :meth:`ChurnEvidence._get_evidence_sources` and
giving the two methods it names.
"""

from odoo import api, models
from odoo.tools import SQL

# Paid up to so many days late is nothing: banks and weekends take their time.
PAID_LATE_DAYS = 7


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _get_evidence_sources(self):
        """Sources by kind: ``{kind: (label, select method, sentence method)}``.

        The select method takes a scope of ``lifecycle.transaction`` (``company_id``,
        ``tz``, ``as_of``, ``partner_ids``, ``since``; see :class:`TransactionScope`)
        and returns a SELECT of

        * ``contact_id``: any contact of the customer,
        * ``source_key``: text, tells the lines of one customer apart,
        * ``day``: date of what happened, in the time zone of the company,
        * ``figures``: jsonb for the sentence,
        * ``amount``: in the currency of the company, positive, or NULL,
        * ``weight``: 0 to 1, how bad; the docstring of the method says by what,
        * ``res_model``, ``res_id``: the document to open.

        It finds what was known on ``as_of``: nothing dated later, and nothing that
        later documents changed.  Lines before ``since`` are left out by the caller;
        a source looks at it only to be faster, and may look further back.  Figures
        must not change by themselves from day to day: keep days, not ages.

        The sentence method takes nothing, is called on one record and returns the
        line in the language of the user.
        """
        _ = self.env._
        return {
            "credit_note": (
                _("Credit notes"),
                "_select_credit_note",
                "_say_credit_note",
            ),
            "order_value": (
                _("Smaller orders"),
                "_select_order_value",
                "_say_order_value",
            ),
            "discount": (
                _("Buys at a discount only"),
                "_select_discount",
                "_say_discount",
            ),
            "category": (
                _("A category gone silent"),
                "_select_category",
                "_say_category",
            ),
            "price": (_("Price rises"), "_select_price", "_say_price"),
            "overdue": (_("Overdue payments"), "_select_overdue", "_say_overdue"),
            "salesperson": (
                _("Change of salesperson"),
                "_select_salesperson",
                "_say_salesperson",
            ),
            "opt_out": (_("Unsubscribed"), "_select_opt_out", "_say_opt_out"),
            **self._get_stock_sources(),
        }

    # -- credit notes --------------------------------------------------------

    @api.model
    def _select_credit_note(self, scope):
        """Posted credit notes: on orders, on invoices without an order, and others.

        A credit note that was invoiced again was a correction and is none.
        Weight: the part of the order or invoice that has come back by then, 0.5
        where it belongs to none.
        """
        return SQL(
            """WITH orders AS MATERIALIZED (
                SELECT c.order_id, c.move_id, c.day, c.amount * c.share AS amount,
                    SUM(c.doc_amount * c.share) OVER (
                        PARTITION BY c.order_id ORDER BY c.day, c.move_id
                    ) AS back
                FROM (%(credits)s) c WHERE c.share > 0
            )
            SELECT so.partner_id AS contact_id,
                CONCAT(o.move_id, '-', o.order_id) AS source_key, o.day,
                jsonb_build_object('order', so.name, 'move', m.name,
                    'full', o.back >= so.amount_untaxed) AS figures,
                ROUND(-o.amount, %(digits)s) AS amount,
                LEAST(1, o.back / NULLIF(so.amount_untaxed, 0)) AS weight,
                'account.move' AS res_model, o.move_id AS res_id
            FROM orders o
            JOIN account_move m ON m.id = o.move_id
            JOIN sale_order so ON so.id = o.order_id
            UNION ALL
            SELECT m.partner_id, m.id::text, m.invoice_date,
                jsonb_build_object('move', m.name, 'invoice', i.name, 'full',
                    COALESCE(back.amount >= i.amount_untaxed, FALSE)),
                -m.amount_untaxed_signed,
                CASE WHEN back.amount IS NULL THEN 0.5
                    ELSE LEAST(1, back.amount / NULLIF(i.amount_untaxed, 0)) END,
                'account.move', m.id
            FROM account_move m
            LEFT JOIN account_move i ON i.id = m.reversed_entry_id
            LEFT JOIN LATERAL (
                SELECT SUM(r.amount_untaxed) AS amount FROM account_move r
                WHERE r.reversed_entry_id = i.id AND r.move_type = 'out_refund'
                  AND r.state = 'posted' AND r.currency_id = i.currency_id
                  AND (r.invoice_date, r.id) <= (m.invoice_date, m.id)
            ) back ON i.id IS NOT NULL
            WHERE m.move_type = 'out_refund' AND m.state = 'posted'
              AND m.company_id = %(company)s AND m.amount_untaxed > 0
              AND %(in_time)s AND %(asked)s
              AND NOT EXISTS (
                SELECT FROM account_move_line l
                JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                WHERE l.move_id = m.id)""",
            credits=self.env["lifecycle.transaction"]._select_order_credits(scope),
            digits=self.env["lifecycle.transaction"]._get_digits(scope),
            company=scope.company_id,
            in_time=scope.day_condition(SQL("m.invoice_date")),
            asked=scope.contact_condition(SQL("m.partner_id")),
        )

    # -- payments ------------------------------------------------------------

    @api.model
    def _select_overdue(self, scope):
        """Invoices with something unpaid after the due date, and such as were paid
        more than :data:`PAID_LATE_DAYS` days after it, as it was on ``as_of``.

        The last instalment of an invoice decides.  What a credit note settled was not
        paid late.  Weight: 0.3 up to 30 days late, 0.6 up to 90, then 1; half of it
        once it is paid.
        """
        return SQL(
            """WITH terms AS MATERIALIZED (
                SELECT m.id AS move_id, m.name, m.partner_id, l.id AS line_id,
                    COALESCE(l.date_maturity, m.invoice_date_due) AS due, l.balance
                FROM account_move m
                JOIN account_move_line l ON l.move_id = m.id
                    AND l.display_type = 'payment_term'
                WHERE m.move_type IN ('out_invoice', 'out_receipt')
                  AND m.state = 'posted' AND m.company_id = %(company)s
                  AND m.invoice_date <= %(as_of)s AND l.balance > 0
                  AND COALESCE(l.date_maturity, m.invoice_date_due) < %(as_of)s
                  AND %(asked)s
            ), settled AS MATERIALIZED (
                SELECT t.*, COALESCE(paid.amount, 0) AS settled, paid.day AS paid_day
                FROM terms t LEFT JOIN LATERAL (
                    SELECT SUM(p.amount) AS amount,
                        MAX(p.max_date) FILTER (
                            WHERE c.move_type IS DISTINCT FROM 'out_refund') AS day
                    FROM account_partial_reconcile p
                    JOIN account_move_line cl ON cl.id = p.credit_move_id
                    JOIN account_move c ON c.id = cl.move_id
                    WHERE p.debit_move_id = t.line_id AND p.max_date <= %(as_of)s
                ) paid ON TRUE
            ), late AS (
                SELECT move_id, name, partner_id,
                    MIN(due) FILTER (WHERE settled < balance) AS open_since,
                    SUM(balance - settled) FILTER (WHERE settled < balance) AS open,
                    MAX(paid_day) AS paid_day, SUM(balance) AS total,
                    MAX(paid_day - due) AS days
                FROM settled GROUP BY move_id, name, partner_id
            ), measured AS (
                SELECT *, CASE WHEN open > 0 THEN %(as_of)s::date - open_since
                    ELSE days END AS late_days
                FROM late WHERE open > 0 OR days > %(paid_late)s
            )
            SELECT partner_id AS contact_id, move_id::text AS source_key,
                CASE WHEN open > 0 THEN open_since + 1 ELSE paid_day END AS day,
                CASE WHEN open > 0
                    THEN jsonb_build_object('move', name, 'due', open_since)
                    ELSE jsonb_build_object('move', name, 'days', days) END AS figures,
                ROUND(CASE WHEN open > 0 THEN open ELSE total END, %(digits)s)
                    AS amount,
                CASE WHEN late_days <= 30 THEN 0.3 WHEN late_days <= 90 THEN 0.6
                    ELSE 1 END * CASE WHEN open > 0 THEN 1 ELSE 0.5 END AS weight,
                'account.move' AS res_model, move_id AS res_id
            FROM measured""",
            company=scope.company_id,
            as_of=scope.as_of,
            asked=scope.contact_condition(SQL("m.partner_id")),
            paid_late=PAID_LATE_DAYS,
            digits=self.env["lifecycle.transaction"]._get_digits(scope),
        )
