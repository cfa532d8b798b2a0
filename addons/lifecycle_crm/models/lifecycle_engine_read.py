"""Reading: purchases, contacts and profiles out of PostgreSQL, as arrays."""

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_engine_columns import EPOCH


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _copy_out(self, cr, query, columns):
        """Rows of a query as arrays: ``{name: array}``.

        :param columns: ``{name: type}`` as for :class:`..scoring.copy_format.RowReader`
        """
        from ..scoring.copy_format import RowReader

        reader = RowReader(columns)
        query = SQL("COPY (%s) TO STDOUT (FORMAT binary)", query)
        cr._obj.copy_expert(cr._obj.mogrify(query.code, query.params), reader)
        return reader.close()

    @api.model
    def _read_purchases(self, company, as_of, partner_ids=None, cr=None, known=None):
        """Purchases of customers, as :class:`..scoring.purchases.Purchases`.

        :param as_of: last day that counts
        :param partner_ids: customers to restrict to, None for all
        :param cr: cursor to read with, default the environment's
        :param known: see :class:`.lifecycle_transaction.TransactionScope`
        """
        from ..scoring.purchases import Purchases

        rows = self._copy_purchases(company, as_of, partner_ids, cr, known)
        del rows["changeable"]
        return Purchases.sort_columns(rows)

    @api.model
    def _read_lasting_purchases(self, company, as_of, cr=None):
        """Purchases that looked the same on every day since they were made."""
        from ..scoring.purchases import Purchases

        rows = self._copy_purchases(company, as_of, cr=cr)
        lasting = ~rows.pop("changeable")
        return Purchases.sort_columns(
            {name: array[lasting] for name, array in rows.items()}
        )

    @api.model
    def _copy_purchases(self, company, as_of, partner_ids=None, cr=None, known=None):
        cr = cr or self.env.cr
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(company, as_of, partner_ids, known=known)
        rows = self._copy_out(
            cr,
            SQL(
                """SELECT contact_id, (day - %s)::int4, (amount * %s)::int8, is_order,
                changeable FROM (%s) t""",
                EPOCH,
                10**company.currency_id.decimal_places,
                transactions._get_contact_query(company, scope),
            ),
            {
                "customer": "int4",
                "day": "int4",
                "amount": "int8",
                "is_order": "bool",
                "changeable": "bool",
            },
        )
        rows["customer"], kept = self._find_customers(cr, rows["customer"], scope)
        if not kept.all():
            rows = {name: array[kept] for name, array in rows.items()}
        return rows

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
    def _read_contacts(self, company, as_of, partner_ids=None, cr=None):
        """Customers who asked, and the day of their first question: two arrays."""
        cr = cr or self.env.cr
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(company, as_of, partner_ids)
        rows = self._copy_out(
            cr,
            SQL(
                "SELECT contact_id, (day - %s)::int4 FROM (%s) t",
                EPOCH,
                self._get_prospect_query(company, scope),
            ),
            {"customer": "int4", "day": "int4"},
        )
        customer, kept = self._find_customers(cr, rows["customer"], scope)
        return customer[kept], rows["day"][kept]

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
    def _get_prospect_query(self, company, scope):
        """Who asked, and first when: SELECT of ``contact_id, day``.

        Leads, quotations, and what was given away.  Aggregated before the day is
        found: the first moment has the first day.  An order that is a purchase of the
        day on which it was made says no more than the purchase.
        """
        asked = SQL("TRUE")
        if company.lifecycle_source == "sale_order":
            asked = SQL(
                """(so.state <> 'sale' OR so.amount_untaxed > 0 IS NOT TRUE
                    OR so.create_date < so.date_order AND %s < %s)""",
                scope.local_day(SQL("so.create_date")),
                scope.local_day(SQL("so.date_order")),
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
                UNION ALL
                SELECT so.partner_id, MIN(LEAST(so.create_date, so.date_order))
                FROM sale_order so
                WHERE so.company_id = %(company)s AND so.state <> 'cancel'
                  AND so.create_date < %(until)s AND %(of_order)s AND %(asked)s
                GROUP BY so.partner_id
            ) first
            UNION ALL
            SELECT h.partner_id, h.date FROM lifecycle_history h
            WHERE h.company_id = %(company)s AND h.amount_company = 0
              AND h.date <= %(as_of)s AND %(of_history)s""",
            day=scope.local_day(SQL("moment")),
            company=company.id,
            asked=asked,
            until=scope.until,
            as_of=scope.as_of,
            of_lead=scope.contact_condition(SQL("l.partner_id")),
            of_order=scope.contact_condition(SQL("so.partner_id")),
            of_history=scope.contact_condition(SQL("h.partner_id")),
        )

    @api.model
    def _read_profiles(self, company, columns, partner_ids=None):
        """Stored profiles of a company as a DataFrame sorted by ``partner_id``.

        :param columns: ``{name: Column}``
        :param partner_ids: customers to restrict to, None for all
        """
        import pandas as pd

        digits = company.currency_id.decimal_places
        rows = self._copy_out(
            self.env.cr,
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
        order = rows["partner_id"].argsort()
        frame = {"partner_id": rows["partner_id"][order].astype("int64")}
        for name, column in columns.items():
            frame[name] = column.decode(rows.pop(name)[order], digits)
        return pd.DataFrame(frame, copy=False)
