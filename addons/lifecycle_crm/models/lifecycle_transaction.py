"""Every purchase and every return of every source, as one signed amount a row.

A source is one SELECT.  Another addon adds one by extending
:meth:`LifecycleTransaction._get_sources` and giving the method it names.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

# What every source tells of a purchase, beside the document itself.
_COLUMNS = ("contact_id", "day", "amount", "is_order", "changeable")


@dataclass(frozen=True)
class TransactionScope:
    """What a source is asked for.

    :param company_id: one company; amounts are in its currency
    :param tz: name of the time zone that decides on which day a sale falls
    :param as_of: last day that counts, as a date in ``tz``
    :param since: first day that counts, None for all
    :param partner_ids: commercial partners to restrict to, None for all
    :param known: a later day; only what is ``changeable`` as known on that day is
        asked for, as it looked on ``as_of``.  None for all
    :param asking: who asked is wanted, too, see ``_select_asked``
    :param contacts_only: nothing but ``contact_id`` and ``day`` must be right
    :param amounts_only: nothing but ``contact_id``, ``day``, ``amount`` must be right,
        and rows of no amount may be there
    :param has_credits: the query that this becomes part of has the WITH queries
        ``order_credits`` (of ``_select_order_credits``) and ``order_back``
    """

    company_id: int
    tz: str
    as_of: date
    since: date | None = None
    partner_ids: tuple[int, ...] | None = None
    known: date | None = None
    asking: bool = False
    contacts_only: bool = False
    amounts_only: bool = False
    has_credits: bool = False

    @property
    def until(self) -> datetime:
        """First moment (naive UTC) that does not count any more."""
        return self._get_midnight(self.as_of + timedelta(days=1))

    def _get_midnight(self, day: date) -> datetime:
        """First moment (naive UTC) of a day in ``tz``."""
        zone, midnight = pytz.timezone(self.tz), datetime.combine(day, time.min)
        # where clocks change, midnight may come twice, or be left out
        first = zone.normalize(zone.localize(midnight, is_dst=True))
        if first.date() < day:
            first = zone.localize(midnight, is_dst=False)
        return first.astimezone(pytz.utc).replace(tzinfo=None)

    def moment_condition(self, moment: SQL) -> SQL:
        """Condition that a column of naive UTC moments falls on days that count."""
        if self.since is None:
            return SQL("%s < %s", moment, self.until)
        since = self._get_midnight(self.since)
        return SQL("%s < %s AND %s >= %s", moment, self.until, moment, since)

    def day_condition(self, day: SQL) -> SQL:
        """Condition that a column of dates is a day that counts."""
        if self.since is None:
            return SQL("%s <= %s", day, self.as_of)
        return SQL("%s BETWEEN %s AND %s", day, self.since, self.as_of)

    def local_day(self, moment: SQL) -> SQL:
        """The day in ``tz`` of a column that holds naive UTC moments."""
        if self.tz == "UTC":
            return SQL("(%s)::date", moment)
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.tz, moment)

    def changeable_condition(self, document: SQL, documents: SQL) -> SQL:
        """Condition on a column of documents: those that later ones changed.

        :param documents: SELECT of these documents
        """
        if self.known is None:
            return SQL("TRUE")
        return SQL("%s IN (%s)", document, documents)

    def contact_condition(self, contact: SQL) -> SQL:
        """Condition on a column of contacts: those of the customers asked for."""
        if self.partner_ids is None:
            return SQL("TRUE")
        return SQL(
            """%s IN (
                SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))""",
            contact,
            list(self.partner_ids),
        )


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
        ``res_id, contact_id, day, amount, is_order, changeable, reference`` where
        ``contact_id`` is the contact on the document, ``day`` a date in the time
        zone of the company, ``amount`` signed, untaxed and in the currency of
        the company, ``changeable`` says that the row may have looked different, or
        not have been there, on an earlier day after its own (an order that was
        returned since), and ``res_id`` is an integer, unique within the source.  It
        puts the conditions of the scope on its own columns, where indexes can help.
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
    def _get_scope(self, company, as_of=None, partner_ids=None, since=None, known=None):
        return TransactionScope(
            company_id=company.id,
            tz=company._get_lifecycle_tz(),
            as_of=as_of or company._get_lifecycle_today(),
            since=since,
            partner_ids=None if partner_ids is None else tuple(partner_ids),
            known=known,
        )

    @api.model
    def _get_contact_query(self, company, scope, values=None):
        """All transactions by the contact on the document.

        Columns as in :meth:`_get_sources`, without ``res_id`` and ``reference``.
        Where the scope is asking, there is a column ``asked``, too: a day on which the
        contact asked, or NULL; and rows of who asked without buying, whose ``day`` is
        NULL.

        :param values: expressions over these columns to select in their place.  They
            become part of what reads each source: a SELECT around all of them would
            handle every row once more
        """
        sources, names = self._get_sources(), self._get_company_sources(company)
        shared = SQL()
        if "sale_credit" in names:
            # two sources ask for it: found once
            shared = SQL(
                """WITH order_credits AS MATERIALIZED (%s),
                order_back AS MATERIALIZED (%s) """,
                self._select_order_credits(scope),
                self._select_order_back(SQL("SELECT * FROM order_credits")),
            )
            scope = replace(scope, has_credits=True)
        if not values:
            values = [*map(SQL, _COLUMNS), *([SQL("asked")] if scope.asking else [])]
        selects = [getattr(self, sources[name][1])(scope) for name in names]
        if scope.asking:
            for position, name in enumerate(names):
                if name != "sale_order":
                    selects[position] = SQL(
                        "SELECT *, NULL::date AS asked FROM (%s) s", selects[position]
                    )
            asked = self._select_asked(scope, orders="sale_order" not in names)
            selects.append(
                SQL(
                    """SELECT contact_id, NULL::date AS day, 0::numeric AS amount,
                    FALSE AS is_order, FALSE AS changeable, day AS asked FROM (%s) s""",
                    asked,
                )
            )
        query = SQL("SELECT %s FROM ", SQL(", ").join(values))
        selects = [
            SQL("%s(%s) s WHERE contact_id IS NOT NULL", query, select)
            for select in selects
        ]
        return SQL("%s%s", shared, SQL(" UNION ALL ").join(selects))

    @api.model
    def _get_concerned_query(self, company, scope):
        """Whose purchases have to do with the days of a scope: ``contact_id``."""
        scope, sources = replace(scope, contacts_only=True), self._get_sources()
        selects = [
            SQL(
                "SELECT contact_id FROM (%s) s WHERE contact_id IS NOT NULL",
                getattr(self, sources[name][1])(scope),
            )
            for name in self._get_company_sources(company)
            if name != "sale_credit"  # whom a credit note affects is asked below
        ]
        return SQL(" UNION ").join([*selects, self._select_affected(scope)])

    @api.model
    def _get_query(self, company, as_of=None, partner_ids=None):
        """All transactions by customer: ``partner_id, day, amount, is_order``."""
        scope = self._get_scope(company, as_of, partner_ids)
        return SQL(
            """SELECT p.commercial_partner_id AS partner_id, day, amount, is_order
            FROM (%s) t JOIN res_partner p ON p.id = t.contact_id WHERE %s""",
            self._get_contact_query(company, scope),
            self._is_customer(SQL("p.commercial_partner_id")),
        )

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
                        """SELECT res_id::bigint * %s + %s AS id,
                        p.commercial_partner_id AS partner_id,
                        %s AS company_id, day AS date, amount, is_order,
                        %s AS source, %s AS res_model, res_id, reference
                        FROM (%s) s JOIN res_partner p ON p.id = s.contact_id
                        WHERE %s""",
                        len(sources),
                        numbers[name],
                        company.id,
                        name,
                        model,
                        getattr(self, method)(scope),
                        self._is_customer(SQL("p.commercial_partner_id")),
                    )
                )
        return SQL(" UNION ALL ").join(selects)

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
