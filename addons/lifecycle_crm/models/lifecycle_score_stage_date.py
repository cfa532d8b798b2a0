"""Since when a customer had been in its stage, on a day of the past."""

from odoo import api, models
from odoo.tools import SQL


class LifecycleScore(models.AbstractModel):
    _inherit = "lifecycle.score"

    @api.model
    def _get_known_values(self, profiles, query, as_of):
        """Add ``stage_date``: the staging table has that of now.

        The record of changes tells who had come into the stage before the day.  Who
        leaves it later without having come had been there since the first run, whose
        record is kept for a year: then it is empty.  A run of the day itself would
        have found the others.
        """
        values = super()._get_known_values(profiles, query, as_of)
        company = profiles.env.company
        partner = SQL.identifier(query.table, "partner_id")
        joins = {
            "came": self._select_moves(company, SQL("date <= %s", as_of), SQL("DESC")),
            "left_it": self._select_moves(company, SQL("date > %s", as_of), SQL("ASC")),
            "stored": SQL(
                """(SELECT partner_id, stage_id, stage_date FROM lifecycle_profile
                WHERE company_id = %s)""",
                company.id,
            ),
        }
        for alias, table in joins.items():
            condition = SQL("%s = %s", SQL.identifier(alias, "partner_id"), partner)
            query.add_join("LEFT JOIN", alias, table, condition)
        return {
            **values,
            "stage_date": SQL(
                """CASE
                WHEN came.to_stage_id = %(stage)s THEN came.date
                WHEN came.partner_id IS NOT NULL THEN %(as_of)s
                WHEN stored.stage_id = %(stage)s AND stored.stage_date <= %(as_of)s
                    THEN stored.stage_date
                WHEN left_it.from_stage_id = %(stage)s THEN %(first)s
                ELSE %(as_of)s END""",
                stage=SQL.identifier(query.table, "stage_id"),
                as_of=SQL("%s::date", as_of),
                first=self._select_first_day(company, as_of),
            ),
        }

    @api.model
    def _select_moves(self, company, days, order):
        """The stage's last move before a day, or the first after it, per customer."""
        return SQL(
            """(SELECT DISTINCT ON (partner_id)
                partner_id, date, from_stage_id, to_stage_id
            FROM lifecycle_transition
            WHERE company_id = %(company)s AND kind = 'stage' AND %(days)s
            ORDER BY partner_id, date %(order)s, id %(order)s)""",
            company=company.id,
            days=days,
            order=order,
        )

    @api.model
    def _select_first_day(self, company, as_of):
        """The day of the first run, or the day asked for if that was before it."""
        return SQL(
            """(SELECT LEAST(MIN(as_of), %s::date) FROM lifecycle_run
            WHERE company_id = %s AND state = 'done' AND reason = 'install'
            HAVING COUNT(*) > 0)""",
            as_of,
            company.id,
        )
