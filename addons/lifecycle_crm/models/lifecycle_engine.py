"""From transactions to scored customers, as of a day.

The way of the data, all of it set-based::

    transactions --SQL aggregate--> facts --COPY--> DataFrame --scoring/-->
    scores --COPY--> staging table = what every profile should be on that day

:mod:`lifecycle_store` then writes what differs.  Nothing here changes the
profiles, so the same path answers for a day of the past.

To add a score: extend :meth:`_get_score_columns` and :meth:`_get_scorers`.
"""

import io
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..scoring.bands import parse_bands
from .lifecycle_profile import STAGING_TABLE

FACTS_TABLE = "lifecycle_facts"
SCORES_TABLE = "lifecycle_scores"
# Fewer gaps than this say nothing about a company's rhythm.
_MIN_GAPS = 20

EPOCH = SQL("DATE '1970-01-01'")


@dataclass
class ScoringContext:
    """What a scorer is told beside the facts.

    :param as_of: the day the scores stand for
    :param rhythm: :class:`..scoring.rhythm.RhythmRules` of the company
    """

    company: models.Model
    as_of: date
    rhythm: object


class LifecycleEngine(models.AbstractModel):
    _name = "lifecycle.engine"
    _description = "Lifecycle Engine"

    # -- what is computed ----------------------------------------------------

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
    def _get_score_columns(self):
        """Columns of the profile that the scorers fill: ``{column: kind}``.

        Kinds: ``int``, ``float``, ``text`` and ``day`` (days since 1970-01-01,
        ``NO_DAY`` for none).  Ints below 0 and NaN mean "no value".
        """
        return {
            "gap_days": "float",
            "next_order_date": "day",
            "at_risk_date": "day",
            "lapse_date": "day",
            "rfm_recency": "int",
            "rfm_frequency": "int",
            "rfm_monetary": "int",
            "rfm_code": "text",
            "rfm_value": "float",
            "segment_id": "int",
        }

    @api.model
    def _get_scorers(self):
        """Methods that take (facts DataFrame, context) and add columns to it."""
        return [self._score_rhythm, self._score_rfm, self._score_segments]

    # -- the path -------------------------------------------------------------

    @api.model
    def _recompute_company(self, company, run):
        """Bring the profiles of a company up to date.

        :return: figures of the run, as values of ``lifecycle.run``
        """
        context = self._stage_company(company)
        store = self.env["lifecycle.store"]
        figures = store._write_profiles(company, context.as_of, run)
        return {
            **figures,
            "gap_days": context.rhythm.gap_days,
            "lapse_days": context.rhythm.lapse_days,
        }

    @api.model
    def _stage_company(self, company, as_of=None):
        """Fill the staging table with every profile as it should be on a day.

        :param as_of: a day in the time zone of the company, default today
        :return: the :class:`ScoringContext` that was used
        """
        as_of = as_of or company._get_lifecycle_today()
        self._flush_sources()
        rhythm = self._find_rhythm(company, as_of)
        context = ScoringContext(company=company, as_of=as_of, rhythm=rhythm)
        self._create_facts(company, as_of, rhythm)
        facts = self._read_facts()
        for scorer in self._get_scorers():
            scorer(facts, context)
        self._write_scores(facts)
        self._create_staging(company)
        self._assign_stages(company, as_of)
        return context

    @api.model
    def _flush_sources(self):
        """What waits in the cache must be in the database before it is read."""
        self.env.flush_all()

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
        facts = pd.read_csv(buffer)
        for column in ("first_order_day", "last_order_day"):
            facts[column] = facts[column].fillna(NO_DAY).astype(np.int64)
        return facts

    @api.model
    def _write_scores(self, facts):
        """COPY the score columns into a temporary table, keyed by customer."""
        import pandas as pd

        from ..scoring.rhythm import NO_DAY

        columns = self._get_score_columns()
        types = {"int": "int4", "day": "int4", "float": "float8", "text": "text"}
        out = pd.DataFrame({"partner_id": facts["partner_id"]})
        for name, kind in columns.items():
            values = facts[name]
            if kind in ("int", "day"):
                missing = values == NO_DAY if kind == "day" else values < 0
                values = values.astype("Int64").mask(missing)
            out[name] = values
        buffer = io.StringIO()
        out.to_csv(buffer, index=False, header=False)
        buffer.seek(0)
        self._drop_table(SCORES_TABLE)
        self.env.execute_query(
            SQL(
                "CREATE TEMP TABLE %s (partner_id int4, %s) ON COMMIT DROP",
                SQL.identifier(SCORES_TABLE),
                SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(types[kind]))
                    for name, kind in columns.items()
                ),
            )
        )
        self.env.cr._obj.copy_expert(
            "COPY lifecycle_scores FROM STDIN WITH (FORMAT csv)", buffer
        )

    @api.model
    def _create_staging(self, company):
        """Every profile of the company as it should be, before its stage.

        Stored columns that nobody computes are carried over from the profile.
        """
        values = {
            name: SQL("f.%s", SQL.identifier(name)) for name in self._get_fact_columns()
        }
        for name, kind in self._get_score_columns().items():
            value = SQL("s.%s", SQL.identifier(name))
            values[name] = SQL("%s + %s", EPOCH, value) if kind == "day" else value
        values.update(
            id=SQL("COALESCE(old.id, nextval('lifecycle_profile_id_seq'))"),
            partner_id=SQL("f.partner_id"),
            company_id=SQL("%s", company.id),
            clv_historic=SQL("f.revenue_total"),
        )
        for field in self.env["lifecycle.profile"]._fields.values():
            if field.store and field.column_type:
                name = field.name
                values.setdefault(name, SQL("old.%s", SQL.identifier(name)))
        self._drop_table(STAGING_TABLE)
        self.env.execute_query(
            SQL(
                "CREATE TEMP TABLE %s (LIKE lifecycle_profile) ON COMMIT DROP",
                SQL.identifier(STAGING_TABLE),
            )
        )
        self.env.execute_query(
            SQL(
                """INSERT INTO %(staging)s (%(names)s)
                SELECT %(values)s
                FROM %(facts)s f
                JOIN %(scores)s s ON s.partner_id = f.partner_id
                LEFT JOIN lifecycle_profile old ON old.company_id = %(company)s
                    AND old.partner_id = f.partner_id""",
                staging=SQL.identifier(STAGING_TABLE),
                names=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(values.values()),
                facts=SQL.identifier(FACTS_TABLE),
                scores=SQL.identifier(SCORES_TABLE),
                company=company.id,
            )
        )

    @api.model
    def _assign_stages(self, company, as_of):
        """Put each staged customer into the last stage whose rule holds.

        A pin that has not run out goes before the rules, unless its stage is
        archived.
        """
        stages = self.env["lifecycle.stage"].sudo()._get_for_company(company)
        profiles = (
            self.env["lifecycle.profile"]
            .sudo()  # rules are checked with their author's rights when saved
            .with_company(company)
            .with_context(
                lifecycle_staging=True,
                lifecycle_as_of=as_of,
                active_test=False,
                tz=company._get_lifecycle_tz(),  # where a day of moments begins
            )
        )
        cases = [
            SQL(
                """WHEN pinned_stage_id = ANY(%s)
                    AND COALESCE(pinned_until, 'infinity') >= %s
                THEN pinned_stage_id""",
                stages.ids,
                as_of,
            )
        ]
        for stage in reversed(stages):
            query = stage._get_rule_query(profiles, as_of, company)
            if query is not None:
                cases.append(SQL("WHEN id IN %s THEN %s", query.subselect(), stage.id))
        self.env.execute_query(
            SQL(
                "UPDATE %s SET stage_id = CASE %s END",
                SQL.identifier(STAGING_TABLE),
                SQL(" ").join(cases),
            )
        )

    @api.model
    def _drop_table(self, name):
        # a second company in the same transaction
        self.env.execute_query(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))

    # -- scorers ---------------------------------------------------------------

    @api.model
    def _score_rhythm(self, facts, context):
        from ..scoring.rhythm import score_rhythm

        dates = score_rhythm(
            facts["first_order_day"].to_numpy(),
            facts["last_order_day"].to_numpy(),
            facts["order_days"].to_numpy(),
            context.rhythm,
        )
        facts["gap_days"] = dates["gap_days"].round(1)
        for name in ("next_order", "at_risk", "lapse"):
            facts[f"{name}_date"] = dates[f"{name}_day"]

    @api.model
    def _score_rfm(self, facts, context):
        import numpy as np

        from ..scoring.rfm import score_rfm

        bought = facts["order_count"].to_numpy() > 0
        current = bought & (facts["rfm_order_count"].to_numpy() > 0)
        as_of_day = (context.as_of - date(1970, 1, 1)).days
        ranked = score_rfm(
            as_of_day - facts["last_order_day"].to_numpy()[current],
            facts["rfm_order_count"].to_numpy()[current],
            facts["rfm_revenue"].to_numpy()[current],
            self._get_rfm_rules(context.company),
        )
        # bought, but not in the window: 1-1-1; never bought: no score
        scores = []
        for name, values in zip(
            ("rfm_recency", "rfm_frequency", "rfm_monetary"), ranked, strict=True
        ):
            score = np.where(bought, 1, -1)
            score[current] = values
            facts[name] = score
            scores.append(score)
        recency, frequency, monetary = scores
        codes = recency * 100 + frequency * 10 + monetary
        facts["rfm_code"] = np.where(bought, codes.astype(str), None)
        facts["rfm_value"] = np.where(bought, (frequency + monetary) / 2, np.nan)

    @api.model
    def _score_segments(self, facts, context):
        import numpy as np

        from ..scoring.segments import SegmentRule, assign_segments

        segments = self.env["lifecycle.segment"].sudo()
        segments = segments._get_for_company(context.company)
        rules = [
            SegmentRule(s.id, (0, 0), (0, 0))
            if s.for_prospects
            else SegmentRule(
                s.id, (s.recency_min, s.recency_max), (s.value_min, s.value_max)
            )
            for s in segments
        ]
        bought = facts["order_count"].to_numpy() > 0
        keys = assign_segments(
            np.where(bought, facts["rfm_recency"], 0),
            np.where(bought, facts["rfm_value"], 0.0),
            rules,
        )
        facts["segment_id"] = np.where(keys > 0, keys, -1)

    @api.model
    def _get_rfm_rules(self, company):
        from ..scoring.rfm import RfmRules, ScaleRule

        def rule(name):
            method = company[f"lifecycle_rfm_{name}_method"]
            bands = company[f"lifecycle_rfm_{name}_bands"]
            return ScaleRule(method, parse_bands(bands) if method == "bands" else ())

        return RfmRules(rule("recency"), rule("frequency"), rule("monetary"))
