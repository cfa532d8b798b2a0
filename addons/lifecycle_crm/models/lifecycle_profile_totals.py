from odoo import api, models
from odoo.tools import SQL

from .lifecycle_mixin import hide_limit


class LifecycleProfile(models.Model):
    """Totals of grouped lists, also where there are a million profiles."""

    _inherit = "lifecycle.profile"

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        # as in lifecycle.mixin: groups by what the contact says join all contacts
        return super()._read_group(
            domain, groupby, aggregates, having, offset, hide_limit(limit), order
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec == "currency_id:array_agg_distinct":
            return self._select_currencies(query)
        return super()._read_group_select(aggregate_spec, query)

    def _select_currencies(self, query):
        """The currencies of a group of profiles, as an array in SQL.

        Asked with every total.  DISTINCT would sort all profiles; there are only as
        many currencies as companies have.
        """
        currency = self._field_to_sql(self._table, "currency_id", query)
        # as superuser: which currencies there are; the rows say which of them count
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        ids = sorted(
            set(companies._read_group([], [], ["currency_id:recordset"])[0][0].ids)
        )
        found = [
            SQL("CASE WHEN BOOL_OR(%s = %s) THEN %s::int END", currency, value, value)
            for value in ids
        ]
        return SQL("ARRAY_REMOVE(ARRAY[%s], NULL)", SQL(", ").join(found))
