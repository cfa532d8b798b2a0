"""Facts: what is known of each customer on a day, by one aggregate in SQL."""

import io

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_engine import FACTS_TABLE

# Fewer gaps than this say nothing about a company's rhythm.
_MIN_GAPS = 20


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_fact_columns(self):
        """Columns of the profile that the aggregate query fills."""
        return [
            "first_contact_date",
            "first_order_date",
            "last_order_date",
            "order_count",
            "order_days",
            "revenue_total",
            "won_back_date",
            "rfm_order_count",
            "rfm_revenue",
        ]

    @api.model
    def _find_rhythm(self, company, as_of):
        """Typical gap and lapse period, learned from the company's purchases."""
        from ..scoring.rhythm import DEFAULT_GAP_DAYS, RhythmRules, find_lapse_days

        query = self.env["lifecycle.transaction"]._get_query(company, as_of)
        [[quantiles, count]] = self.env.execute_query(
            SQL(
                """SELECT PERCENTILE_CONT(ARRAY[0.5, 0.95])
                    WITHIN GROUP (ORDER BY gap), COUNT(gap)
                FROM (
                    SELECT day - LAG(day) OVER (PARTITION BY partner_id ORDER BY day)
                        AS gap
                    FROM (SELECT DISTINCT partner_id, day FROM (%s) t WHERE is_order) d
                ) g""",
                query,
            )
        )
        median, late = quantiles if count >= _MIN_GAPS else (None, None)
        return RhythmRules(
            gap_days=float(median or DEFAULT_GAP_DAYS),
            lapse_days=find_lapse_days(late)
            if company.lifecycle_lapse_auto
            else company.lifecycle_lapse_days,
        )

    @api.model
    def _create_facts(self, company, as_of, rhythm):
        """One row per customer: purchases, and who only asked so far.

        A comeback is an order of a customer who had lapsed, by what was known
        at the order before: the rule of :func:`..scoring.rhythm.score_rhythm`.
        """
        from ..scoring.rhythm import COMPANY_FACTOR, PERSONAL_FACTOR

        window = as_of - relativedelta(months=company.lifecycle_rfm_months)
        self._drop_table(FACTS_TABLE)
        self.env.execute_query(
            SQL(
                """CREATE TEMP TABLE %(table)s ON COMMIT DROP AS
                WITH days AS (
                    SELECT partner_id, day, SUM(amount) AS amount,
                        COUNT(*) FILTER (WHERE is_order) AS orders
                    FROM (%(transactions)s) t GROUP BY partner_id, day
                ), paced AS (
                    SELECT partner_id, day, amount, orders,
                        LAG(day) OVER pace AS previous,
                        FIRST_VALUE(day) OVER pace AS first_day,
                        ROW_NUMBER() OVER pace AS position
                    FROM days
                    WINDOW pace AS (PARTITION BY partner_id, orders > 0 ORDER BY day)
                ), bought AS (
                    SELECT partner_id,
                        MIN(day) FILTER (WHERE orders > 0) AS first_order_date,
                        MAX(day) FILTER (WHERE orders > 0) AS last_order_date,
                        SUM(orders)::int AS order_count,
                        COUNT(*) FILTER (WHERE orders > 0)::int AS order_days,
                        SUM(amount) AS revenue_total,
                        COALESCE(SUM(orders) FILTER (WHERE day > %(window)s), 0)::int
                            AS rfm_order_count,
                        COALESCE(SUM(amount) FILTER (WHERE day > %(window)s), 0)
                            AS rfm_revenue,
                        MAX(day) FILTER (
                            WHERE orders > 0 AND day >= previous + GREATEST(
                                %(lapse)s, CEIL(CASE WHEN position > 2
                                    THEN %(personal)s * (previous - first_day)
                                        / (position - 2)
                                    ELSE %(patience)s END - 0.001)::int)
                        ) AS won_back_date
                    FROM paced GROUP BY partner_id
                ), asked AS (
                    SELECT partner_id, MIN(day) AS day
                    FROM (%(prospects)s) a GROUP BY partner_id
                )
                SELECT partner_id, first_order_date, last_order_date, won_back_date,
                    LEAST(asked.day, first_order_date) AS first_contact_date,
                    COALESCE(order_count, 0) AS order_count,
                    COALESCE(order_days, 0) AS order_days,
                    COALESCE(revenue_total, 0) AS revenue_total,
                    COALESCE(rfm_order_count, 0) AS rfm_order_count,
                    COALESCE(rfm_revenue, 0) AS rfm_revenue
                FROM bought FULL JOIN asked USING (partner_id)""",
                table=SQL.identifier(FACTS_TABLE),
                transactions=self.env["lifecycle.transaction"]._get_query(
                    company, as_of
                ),
                prospects=self._get_prospect_query(company, as_of),
                window=window,
                lapse=rhythm.lapse_days,
                personal=PERSONAL_FACTOR,
                patience=COMPANY_FACTOR * rhythm.gap_days,
            )
        )

    @api.model
    def _get_prospect_query(self, company, as_of):
        """Who asked but did not buy: SELECT of ``partner_id, day``.

        Leads, quotations, and what was given away.
        """
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(company, as_of)
        return SQL(
            """SELECT p.commercial_partner_id AS partner_id, %(lead_day)s AS day
            FROM crm_lead l
            JOIN res_partner p ON p.id = l.partner_id
            LEFT JOIN crm_team t ON t.id = l.team_id
            LEFT JOIN res_users u ON u.id = COALESCE(l.user_id, l.create_uid)
            WHERE COALESCE(l.company_id, t.company_id, u.company_id) = %(company)s
              AND l.create_date < %(until)s AND %(customer)s
            UNION ALL
            SELECT p.commercial_partner_id, %(order_day)s
            FROM sale_order so
            JOIN res_partner p ON p.id = so.partner_id
            WHERE so.company_id = %(company)s AND so.state <> 'cancel'
              AND so.create_date < %(until)s AND %(customer)s
            UNION ALL
            SELECT p.commercial_partner_id, h.date
            FROM lifecycle_history h
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %(company)s AND h.amount_company = 0
              AND h.date <= %(as_of)s AND %(customer)s""",
            lead_day=scope.local_day(SQL("l.create_date")),
            order_day=scope.local_day(SQL("LEAST(so.create_date, so.date_order)")),
            company=company.id,
            until=scope.until,
            as_of=scope.as_of,
            customer=transactions._is_customer(SQL("p.commercial_partner_id"), scope),
        )

    @api.model
    def _read_facts(self):
        """The facts as a DataFrame, one row per customer, days as integers."""
        import numpy as np
        import pandas as pd

        from ..scoring.rhythm import NO_DAY

        buffer = io.BytesIO()
        self.env.cr._obj.copy_expert(
            """COPY (
                SELECT partner_id, order_count, order_days, revenue_total,
                    rfm_order_count, rfm_revenue,
                    first_order_date - DATE '1970-01-01' AS first_order_day,
                    last_order_date - DATE '1970-01-01' AS last_order_day
                FROM lifecycle_facts ORDER BY partner_id
            ) TO STDOUT WITH (FORMAT csv, HEADER)""",
            buffer,
        )
        buffer.seek(0)
        counts = ("partner_id", "order_count", "order_days", "rfm_order_count")
        # said, so that a company without customers has the same columns
        facts = pd.read_csv(
            buffer,
            dtype={
                **dict.fromkeys(counts, np.int64),
                **dict.fromkeys(("revenue_total", "rfm_revenue"), np.float64),
            },
        )
        for column in ("first_order_day", "last_order_day"):
            facts[column] = facts[column].fillna(NO_DAY).astype(np.int64)
        return facts
