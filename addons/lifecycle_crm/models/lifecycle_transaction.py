"""Every purchase and every return of every source, as one signed amount a row.

A source is one SELECT.  Another addon adds one by extending
:meth:`LifecycleTransaction._get_sources` and giving the method it names.
"""

from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_transaction_scope import TransactionScope

# What every source tells of a purchase, beside the document itself.
_COLUMNS = ("contact_id", "day", "amount", "is_order", "changeable")


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
        puts the conditions of the scope on its own columns, where indexes can help:
        ``company_id``, ``moment_condition`` or ``day_condition``,
        ``contact_condition``, and ``lasting_condition`` or ``changeable_condition``.
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
            names = ["invoice", "history"]
        else:
            names = ["sale_order", "sale_credit", "history"]
        return [*names, *self._get_further_sources(names)]

    @api.model
    def _get_further_sources(self, names):
        """Names of the sources that count beside some, whoever chose these.

        For addons whose documents are purchases in any case.

        :param names: of the sources that were chosen
        """
        return []

    @api.model
    def _selection_source(self):
        return [(name, spec[0]) for name, spec in self._get_sources().items()]

    # -- queries -----------------------------------------------------------

    @api.model
    def _select_source(self, name, scope):
        """The SELECT of one source, see :meth:`_get_sources`."""
        return getattr(self, self._get_sources()[name][1])(scope)

    @api.model
    def _get_terms(self, scope):
        """On what terms purchases were made, for addons that know costs.

        :return: by name of a source, a SELECT of ``res_id``; ``rate``, the share of
            the amount that is margin; ``uncosted``, the share of it whose cost is not
            known; and ``discounted``
        """
        return {}

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
        names = self._get_company_sources(company)
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
        selects = [self._select_source(name, scope) for name in names]
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
