"""Figures and movements of a month, from the customers at its start and its end."""

from odoo import api, models
from odoo.tools import SQL

from ..scoring.months import month_start, previous_month_end

# Customers of a month, added up by where they came from and where they went.
CELLS_TABLE = "lifecycle_kpi_cells"


class LifecycleKpi(models.Model):
    _inherit = "lifecycle.kpi"

    @api.model
    def _write_month(self, company, month):
        """Replace the figures of a month.

        Both month ends must have been written: the snapshots of this month and, if
        there was anything, of the month before.

        :param month: the last day of the month
        """
        self._create_cells(company, month)
        self._write_figures(company, month)
        self._write_movements(company, month)
        self.env["lifecycle.cohort"]._write_month(company, month)
        self.invalidate_model()
        self.env["lifecycle.movement"].invalidate_model()

    @api.model
    def _get_measures(self):
        """What is added up over customers: ``{name: expression}``.

        ``a`` is the customer at the start of the month, ``b`` at its end; each may
        be missing.
        """
        revenue = SQL("COALESCE(b.revenue_total, 0) - COALESCE(a.revenue_total, 0)")
        tests = {
            "customer_count": "b.order_count > 0",
            "repeat_customer_count": "b.order_count > 1",
            "prospect_count": "b.order_count = 0",
            "active_start_count": "a.order_count > 0 AND NOT a.lapsed",
            "active_count": "b.order_count > 0 AND NOT b.lapsed",
            "buyer_count": "b.last_order_date >= month.first_day",
            "new_count": "b.first_order_date >= month.first_day "
            "AND COALESCE(a.order_count, 0) = 0",
            "retained_count": "a.order_count > 0 AND NOT a.lapsed "
            "AND b.order_count > 0 AND NOT b.lapsed",
            "lapsed_count": "a.order_count > 0 AND NOT a.lapsed AND b.lapsed",
            "won_back_count": "a.lapsed AND NOT b.lapsed "
            "AND b.last_order_date >= month.first_day",
        }
        return {
            **{
                name: SQL("COUNT(*) FILTER (WHERE %s)", SQL(test))
                for name, test in tests.items()
            },
            "order_count": SQL(
                "SUM(COALESCE(b.order_count, 0) - COALESCE(a.order_count, 0))"
            ),
            "revenue": SQL("SUM(%s)", revenue),
            "revenue_new": SQL(
                "COALESCE(SUM(%s) FILTER (WHERE %s), 0)",
                revenue,
                SQL(tests["new_count"]),
            ),
            # not figures: what the movements count
            "moved_count": SQL("COUNT(*)"),
            "moved_revenue": SQL("SUM(COALESCE(b.revenue_total, a.revenue_total))"),
        }

    @api.model
    def _create_cells(self, company, month):
        """One pass over the customers, by stage and segment before and after.

        A FULL JOIN is never done row by row, whatever the planner believes of rows
        that were written a moment ago.
        """
        measures = self._get_measures()
        self.env["lifecycle.engine"]._drop_table(CELLS_TABLE)
        self.env.cr.execute(
            SQL(
                """CREATE TEMP TABLE %(cells)s ON COMMIT DROP AS
                SELECT a.stage_id AS from_stage_id, b.stage_id AS to_stage_id,
                    a.segment_id AS from_segment_id, b.segment_id AS to_segment_id,
                    a.id IS NULL OR b.id IS NULL AS came_or_went,
                    %(measures)s
                FROM (
                    SELECT * FROM lifecycle_snapshot
                    WHERE company_id = %(company)s AND month = %(before)s
                ) a
                FULL JOIN (
                    SELECT * FROM lifecycle_snapshot
                    WHERE company_id = %(company)s AND month = %(month)s
                ) b ON b.partner_id = a.partner_id
                CROSS JOIN (SELECT %(first_day)s::date AS first_day) month
                GROUP BY 1, 2, 3, 4, 5""",
                cells=SQL.identifier(CELLS_TABLE),
                measures=SQL(", ").join(
                    SQL("%s AS %s", expression, SQL.identifier(name))
                    for name, expression in measures.items()
                ),
                company=company.id,
                before=previous_month_end(month),
                month=month,
                first_day=month_start(month),
            )
        )

    @api.model
    def _get_figures(self):
        """Columns of the month: ``{column: expression over the sums "c"}``."""
        names = set(self._get_measures()) - {"moved_count", "moved_revenue"}

        def rate(numerator, denominator):
            return SQL(
                "%s::float8 / NULLIF(GREATEST(%s, 0), 0)",
                SQL.identifier("c", numerator),
                SQL.identifier("c", denominator),
            )

        return {
            **{name: SQL.identifier("c", name) for name in sorted(names)},
            "other_count": SQL(
                "c.active_count - c.active_start_count - c.new_count"
                " - c.won_back_count + c.lapsed_count"
            ),
            "revenue_returning": SQL("c.revenue - c.revenue_new"),
            "retention_rate": rate("retained_count", "active_start_count"),
            "churn_rate": rate("lapsed_count", "active_start_count"),
            "repeat_purchase_rate": rate("repeat_customer_count", "customer_count"),
        }

    @api.model
    def _write_figures(self, company, month):
        """The row of the month; none before the first purchase of the company."""
        figures = {
            **self._get_figures(),
            "average_order_value": SQL(
                "ROUND(c.revenue / NULLIF(GREATEST(c.order_count, 0), 0), %s)",
                company.currency_id.decimal_places,
            ),
        }
        names = [SQL.identifier(name) for name in figures]
        sums = SQL(", ").join(
            SQL("COALESCE(SUM(%(name)s), 0) AS %(name)s", name=SQL.identifier(name))
            for name in self._get_measures()
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_kpi (company_id, month, %(names)s)
                SELECT %(company)s, %(month)s::date, %(values)s
                FROM (SELECT %(sums)s FROM %(cells)s) c
                WHERE c.customer_count > 0 OR c.active_start_count > 0
                    OR c.revenue <> 0 OR EXISTS (
                        SELECT 1 FROM lifecycle_kpi
                        WHERE company_id = %(company)s AND month < %(month)s)
                ON CONFLICT (company_id, month) DO UPDATE SET %(updates)s""",
                names=SQL(", ").join(names),
                company=company.id,
                month=month,
                values=SQL(", ").join(figures.values()),
                sums=sums,
                cells=SQL.identifier(CELLS_TABLE),
                updates=SQL(", ").join(
                    SQL("%(name)s = EXCLUDED.%(name)s", name=name) for name in names
                ),
            )
        )
        if not self.env.cr.rowcount:
            # there were purchases once: an import that was taken back
            self.env.cr.execute(
                SQL(
                    "DELETE FROM lifecycle_kpi WHERE company_id = %s AND month = %s",
                    company.id,
                    month,
                )
            )

    @api.model
    def _write_movements(self, company, month):
        """The matrices of the month, between stages and between segments."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM lifecycle_movement WHERE company_id = %s AND month = %s",
                company.id,
                month,
            )
        )
        for kind in ("stage", "segment"):
            source = SQL.identifier(f"from_{kind}_id")
            target = SQL.identifier(f"to_{kind}_id")
            self.env.cr.execute(
                SQL(
                    """INSERT INTO lifecycle_movement (company_id, month, kind,
                        %(source)s, %(target)s, moved, customer_count, revenue_total)
                    SELECT %(company)s, %(month)s::date, %(kind)s,
                        %(source)s, %(target)s,
                        came_or_went OR %(source)s IS DISTINCT FROM %(target)s,
                        SUM(moved_count), SUM(moved_revenue)
                    FROM %(cells)s GROUP BY 4, 5, 6 ORDER BY 4, 5, 6""",
                    source=source,
                    target=target,
                    company=company.id,
                    month=month,
                    kind=kind,
                    cells=SQL.identifier(CELLS_TABLE),
                )
            )
