"""Every purchase and every return of every source, as one signed amount a row.

A source is one SELECT.  Another addon adds one by extending
:meth:`LifecycleTransaction._get_sources` and giving the method it names.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL


@dataclass(frozen=True)
class TransactionScope:
    """What a source is asked for.

    :param company_id: one company; amounts are in its currency
    :param tz: name of the time zone that decides on which day a sale falls
    :param as_of: last day that counts, as a date in ``tz``
    :param partner_ids: commercial partners to restrict to, or None for all
    """

    company_id: int
    tz: str
    as_of: date
    partner_ids: tuple[int, ...] | None = None

    @property
    def until(self) -> datetime:
        """First moment (naive UTC) that does not count any more."""
        midnight = datetime.combine(self.as_of + timedelta(days=1), time.min)
        local = pytz.timezone(self.tz).localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def local_day(self, moment: SQL) -> SQL:
        """The day in ``tz`` of a column that holds naive UTC moments."""
        if self.tz == "UTC":
            return SQL("(%s)::date", moment)
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.tz, moment)

    def partner_condition(self, partner: SQL) -> SQL:
        """Condition that keeps the partners asked for."""
        if self.partner_ids is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", partner, list(self.partner_ids))


class LifecycleTransaction(models.Model):
    _name = "lifecycle.transaction"
    _description = "Purchase or Return"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        readonly=True,
        help="Day of the sale or the return, in the time zone of the company.",
    )
    amount = fields.Monetary(
        readonly=True,
        help="Untaxed, in the currency of the company at the rate of that day. "
        "Returns are negative.",
    )
    is_order = fields.Boolean(
        string="Counts as an Order",
        readonly=True,
        help="Off for returns, for documents of no value and for orders that "
        "were returned in full: their amounts count, the event does not.",
    )
    source = fields.Selection(selection="_selection_source", readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True
    )
    reference = fields.Char(readonly=True)

    # -- sources -----------------------------------------------------------

    @api.model
    def _get_sources(self):
        """Sources by name: ``{name: (label, method name, model)}``.

        The method takes a :class:`TransactionScope` and returns a SELECT of
        ``res_id, partner_id, day, amount, is_order, reference`` where
        ``partner_id`` is the commercial partner, ``day`` a date in the time
        zone of the company, ``amount`` signed, untaxed and in the currency of
        the company, and ``res_id`` an integer, unique within the source.
        """
        return {
            "sale_order": (
                self.env._("Sales orders"),
                "_select_sale_order",
                "sale.order",
            ),
            "sale_credit": (
                self.env._("Credit notes"),
                "_select_sale_credit",
                "account.move",
            ),
            "invoice": (self.env._("Invoices"), "_select_invoice", "account.move"),
            "history": (
                self.env._("Imported history"),
                "_select_history",
                "lifecycle.history",
            ),
        }

    @api.model
    def _get_company_sources(self, company):
        """Names of the sources that count for one company."""
        if company.lifecycle_source == "invoice":
            return ["invoice", "history"]
        return ["sale_order", "sale_credit", "history"]

    @api.model
    def _selection_source(self):
        return [(name, spec[0]) for name, spec in self._get_sources().items()]

    # -- queries -----------------------------------------------------------

    @api.model
    def _get_scope(self, company, as_of=None, partner_ids=None):
        tz = company._get_lifecycle_tz()
        return TransactionScope(
            company_id=company.id,
            tz=tz,
            as_of=as_of or company._get_lifecycle_today(),
            partner_ids=None if partner_ids is None else tuple(partner_ids),
        )

    @api.model
    def _get_query(self, company, as_of=None, partner_ids=None):
        """All transactions of a company: UNION ALL of its sources.

        Columns as in :meth:`_get_sources`, without ``res_id``/``reference``.
        """
        scope = self._get_scope(company, as_of, partner_ids)
        sources = self._get_sources()
        selects = [
            SQL(
                "SELECT partner_id, day, amount, is_order FROM (%s) s",
                getattr(self, sources[name][1])(scope),
            )
            for name in self._get_company_sources(company)
        ]
        return SQL(" UNION ALL ").join(selects)

    @property
    def _table_query(self):
        """Transactions of the companies chosen in the company switcher."""
        sources = self._get_sources()
        numbers = {name: number for number, name in enumerate(sources)}
        selects = []
        for company in self.env.companies.sudo():  # settings of own companies
            scope = self._get_scope(company)
            for name in self._get_company_sources(company):
                _label, method, model = sources[name]
                selects.append(
                    SQL(
                        """SELECT res_id::bigint * %s + %s AS id, partner_id,
                        %s AS company_id, day AS date, amount, is_order,
                        %s AS source, %s AS res_model, res_id, reference
                        FROM (%s) s""",
                        len(sources),
                        numbers[name],
                        company.id,
                        name,
                        model,
                        getattr(self, method)(scope),
                    )
                )
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _is_customer(self, partner, scope):
        """Condition on the alias of a commercial partner: who can be a customer.

        The partners of the companies themselves are not (intercompany).
        """
        return SQL(
            """%(partner)s NOT IN (
                SELECT own.commercial_partner_id FROM res_company c
                JOIN res_partner own ON own.id = c.partner_id
            ) AND %(asked)s""",
            partner=partner,
            asked=scope.partner_condition(partner),
        )

    @api.model
    def _select_sale_order(self, scope):
        """Confirmed orders.  One that was credited in full is no order."""
        return SQL(
            """SELECT so.id AS res_id, p.commercial_partner_id AS partner_id,
                %(day)s AS day,
                ROUND(so.amount_untaxed
                      / COALESCE(NULLIF(so.currency_rate, 0), 1), %(digits)s) AS amount,
                so.amount_untaxed > COALESCE(back.amount, 0) AS is_order,
                so.name AS reference
            FROM sale_order so
            JOIN res_partner p ON p.id = so.partner_id
            LEFT JOIN (SELECT order_id, SUM(doc_amount * share) AS amount
                       FROM (%(credits)s) c GROUP BY order_id) back
                ON back.order_id = so.id
            WHERE so.state = 'sale' AND so.company_id = %(company)s
              AND so.date_order < %(until)s AND so.amount_untaxed <> 0
              AND %(customer)s""",
            day=scope.local_day(SQL("so.date_order")),
            digits=self._get_digits(scope),
            credits=self._select_order_credits(scope),
            company=scope.company_id,
            until=scope.until,
            customer=self._is_customer(SQL("p.commercial_partner_id"), scope),
        )

    @api.model
    def _select_sale_credit(self, scope):
        """Credit notes on confirmed orders, on the day of the credit note."""
        return SQL(
            """SELECT c.move_id AS res_id, p.commercial_partner_id AS partner_id,
                c.day, ROUND(SUM(c.amount * c.share), %(digits)s) AS amount,
                FALSE AS is_order, m.name AS reference
            FROM (%(credits)s) c
            JOIN account_move m ON m.id = c.move_id
            JOIN sale_order so ON so.id = c.order_id
            JOIN res_partner p ON p.id = so.partner_id
            WHERE c.share > 0 AND %(customer)s
            GROUP BY c.move_id, p.commercial_partner_id, c.day, m.name""",
            digits=self._get_digits(scope),
            credits=self._select_order_credits(scope),
            customer=self._is_customer(SQL("p.commercial_partner_id"), scope),
        )

    @api.model
    def _select_order_credits(self, scope):
        """What credit notes took back of each confirmed order.

        One row per order and credit note: ``order_id, move_id, day``,
        ``amount`` (negative, company currency), ``doc_amount`` (positive,
        document currency) and ``share``, the part that is a real return: what
        was credited and invoiced again was a correction of an invoice.
        """
        return SQL(
            """SELECT c.order_id, c.move_id, c.day, c.amount, c.doc_amount,
                GREATEST(0, 1 - GREATEST(0, billed.amount - so.amount_untaxed)
                    / NULLIF(SUM(c.doc_amount) OVER (PARTITION BY c.order_id), 0))
                    AS share
            FROM (
                SELECT sol.order_id, m.id AS move_id, m.invoice_date AS day,
                    SUM(-l.balance) AS amount, SUM(l.price_subtotal) AS doc_amount
                FROM account_move m
                JOIN account_move_line l ON l.move_id = m.id
                JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                JOIN sale_order_line sol ON sol.id = r.order_line_id
                WHERE m.move_type = 'out_refund' AND m.state = 'posted'
                  AND m.company_id = %(company)s AND m.invoice_date <= %(as_of)s
                  AND sol.is_downpayment IS NOT TRUE
                GROUP BY sol.order_id, m.id, m.invoice_date
            ) c
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
            company=scope.company_id,
            as_of=scope.as_of,
            until=scope.until,
        )

    @api.model
    def _select_invoice(self, scope):
        """Posted invoices and credit notes.

        An invoice that its credit notes took back in full is no order.  That is
        asked in the currency of the invoice: the rate may have moved since.
        """
        return SQL(
            """SELECT m.id AS res_id, p.commercial_partner_id AS partner_id,
                m.invoice_date AS day, m.amount_untaxed_signed AS amount,
                m.move_type <> 'out_refund'
                    AND m.amount_untaxed > COALESCE(back.amount, 0) AS is_order,
                m.name AS reference
            FROM account_move m
            JOIN res_partner p ON p.id = m.partner_id
            LEFT JOIN (
                SELECT r.reversed_entry_id, SUM(
                    CASE WHEN r.currency_id = o.currency_id THEN r.amount_untaxed
                    ELSE -r.amount_untaxed_signed * o.amount_untaxed
                        / NULLIF(o.amount_untaxed_signed, 0) END) AS amount
                FROM account_move r
                JOIN account_move o ON o.id = r.reversed_entry_id
                WHERE r.move_type = 'out_refund' AND r.state = 'posted'
                  AND r.company_id = %(company)s AND r.invoice_date <= %(as_of)s
                GROUP BY r.reversed_entry_id
            ) back ON back.reversed_entry_id = m.id
            WHERE m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND m.state = 'posted' AND m.company_id = %(company)s
              AND m.invoice_date <= %(as_of)s AND m.amount_untaxed_signed <> 0
              AND %(customer)s""",
            company=scope.company_id,
            as_of=scope.as_of,
            customer=self._is_customer(SQL("p.commercial_partner_id"), scope),
        )

    @api.model
    def _select_history(self, scope):
        """Purchases from before the company came to Odoo."""
        return SQL(
            """SELECT h.id AS res_id, p.commercial_partner_id AS partner_id,
                h.date AS day, h.amount_company AS amount,
                h.amount_company > 0 AS is_order, h.reference
            FROM lifecycle_history h
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %(company)s AND h.date <= %(as_of)s
              AND h.amount_company <> 0 AND %(customer)s""",
            company=scope.company_id,
            as_of=scope.as_of,
            customer=self._is_customer(SQL("p.commercial_partner_id"), scope),
        )

    @api.model
    def _get_digits(self, scope):
        company = self.env["res.company"].browse(scope.company_id)
        return company.sudo().currency_id.decimal_places  # no secret

    # -- actions -------------------------------------------------------------

    def action_open_document(self):
        """Open the order, invoice or imported purchase, with the user's rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
