"""Reading: purchases, contacts and profiles out of PostgreSQL, as arrays."""

from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

from ..scoring.rhythm import NO_DAY
from .lifecycle_engine_columns import EPOCH
from .lifecycle_transaction_scope import is_drawn


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _copy_out(self, cr, query, columns, take=None, parallel=False):
        """Rows of a query as arrays: ``{name: array}``.

        :param columns, take: as for :class:`..scoring.copy_format.RowReader`
        :param parallel: let PostgreSQL share the work among processes where the table
            is large: it takes rows for ten times as costly to hand over as ours are
        """
        from ..scoring.copy_format import RowReader

        reader = RowReader(columns, take)
        query = SQL("COPY (%s) TO STDOUT (FORMAT binary)", query)
        if parallel:
            cr.execute(SQL("SET LOCAL parallel_tuple_cost = 0.01"))
        with reader.open() as file:
            cr._obj.copy_expert(cr._obj.mogrify(query.code, query.params), file)
        if parallel:
            cr.execute(SQL("SET LOCAL parallel_tuple_cost TO DEFAULT"))
        return reader.close()

    @api.model
    def _read_customers(self, company, as_of, partner_ids=None, cr=None, lasting=False):
        """Purchases of customers, and who asked, read together.

        :param as_of: last day that counts
        :param partner_ids: customers to restrict to, None for all
        :param cr: cursor to read with, default the environment's
        :param lasting: only purchases that looked the same on every day since they
            were made
        :return: :class:`..scoring.purchases.Purchases`, and customers who asked with
            the days on which they did: two arrays
        """
        from ..scoring.purchases import Purchases

        rows = self._copy_purchases(company, as_of, partner_ids, cr, asking=True)
        asked, bought = rows.pop("asked"), rows["day"] != NO_DAY
        told = asked != NO_DAY
        contacts = rows["customer"][told], asked[told]
        changeable = rows.pop("changeable")
        if lasting:
            bought &= ~changeable
        del asked, told, changeable  # sorting needs the room
        return Purchases.sort_columns(_keep_rows(rows, bought)), contacts

    @api.model
    def _read_purchases(
        self, company, as_of, partner_ids=None, cr=None, known=None, drawn=None
    ):
        """Purchases of customers alone, as :class:`..scoring.purchases.Purchases`.

        :param known: only those that looked different on ``as_of`` from what is known
            on this later day, as they looked then; see
            :class:`.lifecycle_transaction_scope.TransactionScope`
        :param drawn: of some customers only, see :meth:`_draw`
        """
        from ..scoring.purchases import Purchases

        rows = self._copy_purchases(
            company, as_of, partner_ids, cr, known, drawn=drawn
        )
        del rows["changeable"]
        return Purchases.sort_columns(rows)

    @api.model
    def _read_parted_purchases(
        self, company, as_of, partner_ids=None, cr=None, drawn=None
    ):
        """The same as of a day, in two parts: those that looked the same on every day
        since they were made, and those that later documents changed.

        What was known on an earlier day are the former, and the latter as
        :meth:`_read_purchases` reads them with ``known``.

        :param drawn: of some customers only, see :meth:`_draw`
        """
        from ..scoring.purchases import Purchases

        rows = self._copy_purchases(company, as_of, partner_ids, cr, drawn=drawn)
        changeable = rows.pop("changeable")
        changed = {name: values[changeable] for name, values in rows.items()}
        lasting = _keep_rows(rows, ~changeable)
        return Purchases.sort_columns(lasting), Purchases.sort_columns(changed)

    @api.model
    def _copy_purchases(
        self,
        company,
        as_of,
        partner_ids=None,
        cr=None,
        known=None,
        asking=False,
        drawn=None,
    ):
        """Rows of :meth:`_get_contact_query`, by customer, as arrays.

        :param asking: with who asked and bought nothing, and a column ``asked``
        """
        cr = cr or self.env.cr
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(company, as_of, partner_ids, known=known)
        if drawn:
            scope = replace(scope, **drawn)
        widths = {
            "customer": "int4",
            "day": "int4",
            "amount": "int8",
            "is_order": "bool",
            "changeable": "bool",
        }
        values = [
            SQL("contact_id"),
            SQL("(day - %s)::int4", EPOCH),
            SQL("(amount * %s)::int8", 10**company.currency_id.decimal_places),
            SQL("is_order"),
            SQL("changeable"),
        ]
        if asking:
            scope = replace(scope, asking=True)
            widths["asked"] = "int4"
            values.append(SQL("asked - %s", EPOCH))
            # of who only asked nothing else need be known, an amount neither
            no_day = SQL("(%s)::int4", NO_DAY)  # or the minus would come too late
            none = (None, no_day, SQL("0::int8"), SQL("FALSE"), None, no_day)
            values = [
                SQL("COALESCE(%s, %s)", value, instead) if instead else value
                for value, instead in zip(values, none, strict=True)
            ]
        query = transactions._get_contact_query(company, scope, values)
        rows = self._copy_out(cr, query, widths, parallel=bool(drawn))
        rows["customer"], kept = self._find_customers(cr, rows["customer"], scope)
        return _keep_rows(rows, kept)

    @api.model
    def _draw(self, cr, share):
        """What a scope is told to ask for about this share of the customers.

        :param share: see :func:`.lifecycle_transaction_scope.is_drawn`; None for all
        """
        if share is None:
            return {}
        return {"share": share, "strays": self._find_strays(cr, share)}

    @api.model
    def _find_strays(self, cr, share):
        """Contacts that are drawn while their customers are not, and vice versa."""
        cr.execute(
            SQL(
                """SELECT COALESCE(ARRAY_AGG(id), '{}') FROM res_partner
                WHERE commercial_partner_id <> id AND (%s) <> (%s)""",
                is_drawn(SQL("id"), share),
                is_drawn(SQL("commercial_partner_id"), share),
            )
        )
        return tuple(cr.fetchone()[0])

    @api.model
    def _read_contacts_of(self, company, scope):
        """Customers whose purchases have to do with the days of a scope."""
        import numpy as np

        transactions = self.env["lifecycle.transaction"]
        rows = self._copy_out(
            self.env.cr,
            transactions._get_concerned_query(company, scope),
            {"contact": "int4"},
        )
        customers, _kept = self._find_customers(self.env.cr, rows["contact"], scope)
        return np.unique(customers)

    @api.model
    def _find_customers(self, cr, contacts, scope):
        """The customers that contacts belong to, and which of them may be one.

        Few contacts belong to somebody else, so only these are read: joining all
        purchases with all contacts would take longer than reading them.

        :return: array of commercial partners, and a mask of the rows to keep
        """
        import numpy as np

        belongs = self._copy_out(
            cr,
            SQL(
                """SELECT id, commercial_partner_id FROM res_partner
                WHERE commercial_partner_id <> id AND %s""",
                scope.contact_condition(SQL("id")),
            ),
            {"contact": "int4", "customer": "int4"},
        )
        order = np.argsort(belongs["contact"])
        known, owners = belongs["contact"][order], belongs["customer"][order]
        customers = contacts.copy()
        if len(known):
            rows = np.flatnonzero(np.isin(contacts, known))
            customers[rows] = owners[np.searchsorted(known, contacts[rows])]
        cr.execute(
            SQL(
                """SELECT ARRAY_AGG(own.commercial_partner_id) FROM res_company c
                JOIN res_partner own ON own.id = c.partner_id"""
            )
        )
        [[own]] = cr.fetchall()
        return customers, ~np.isin(customers, own)

    @api.model
    def _read_profiles(self, company, columns, partner_ids=None):
        """Stored profiles of a company as a DataFrame sorted by ``partner_id``.

        :param columns: ``{name: Column}``
        :param partner_ids: customers to restrict to, None for all
        """
        import pandas as pd

        query, widths = self._select_profiles(company, columns, partner_ids)
        digits = company.currency_id.decimal_places
        everybody = partner_ids is None
        rows = self._copy_out(self.env.cr, query, widths, parallel=everybody)
        order = rows["partner_id"].argsort()
        frame = {"partner_id": rows["partner_id"][order].astype("int64")}
        for name, column in columns.items():
            frame[name] = column.decode(rows.pop(name)[order], digits)
        return pd.DataFrame(frame, copy=False)

    @api.model
    def _compare_profiles(self, company, facts, columns):
        """Facts and scores set beside the stored profiles of a company.

        What is stored passes by and is not kept: it would take as much room again.

        :param columns: ``{name: Column}``, the ones to compare
        :return: :class:`..scoring.changes.Changes`
        """
        changes = self._create_changes(facts, columns)
        query, widths = self._select_profiles(company, columns)
        digits = company.currency_id.decimal_places

        def compare(rows):
            for name, column in columns.items():
                rows[name] = column.decode(rows[name], digits)
            changes.compare(rows)

        self._copy_out(self.env.cr, query, widths, compare, parallel=True)
        return changes

    @api.model
    def _create_changes(self, facts, columns):
        from ..scoring.changes import Changes

        return Changes(
            facts,
            {
                name: max(column.tolerance, column.resolution)
                for name, column in columns.items()
            },
            {name: column.relative for name, column in columns.items()},
        )

    @api.model
    def _select_profiles(self, company, columns, partner_ids=None):
        """SELECT of stored profiles as numbers, and their types by column."""
        digits = company.currency_id.decimal_places
        return (
            SQL(
                "SELECT %s FROM lifecycle_profile WHERE company_id = %s%s",
                SQL(", ").join(
                    [
                        SQL("partner_id"),
                        *(
                            column.to_number(SQL.identifier(name), digits)
                            for name, column in columns.items()
                        ),
                    ]
                ),
                company.id,
                SQL()
                if partner_ids is None
                else SQL(" AND partner_id = ANY(%s)", list(partner_ids)),
            ),
            {
                "partner_id": "int4",
                **{name: column.width for name, column in columns.items()},
            },
        )


def _keep_rows(rows, kept):
    """Some rows of arrays; each array is freed before the next one is copied."""
    if not kept.all():
        for name in rows:
            rows[name] = rows[name][kept]
    return rows
