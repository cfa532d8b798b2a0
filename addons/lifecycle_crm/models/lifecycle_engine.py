"""From transactions to scored customers, as of a day.

The way of the data, all of it set-based::

    transactions --SQL aggregate--> facts --COPY--> DataFrame --scoring/-->
    scores --COPY--> staging table = what every profile should be on that day

:mod:`lifecycle_store` then writes what differs.  Nothing here changes the
profiles, so the same path answers for a day of the past.

:mod:`lifecycle_engine_facts` makes the facts, :mod:`lifecycle_engine_scorers` the
scores.  To add a score: extend ``_get_score_columns`` and ``_get_scorers``.
"""

import io
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_profile import STAGING, STAGING_TABLE

FACTS_TABLE = "lifecycle_facts"
SCORES_TABLE = "lifecycle_scores"

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

    @api.model
    def _recompute_company(self, company, run, as_of=None):
        """Bring the profiles of a company to where they stand on a day.

        :param as_of: a day in the time zone of the company, default today
        :return: figures of the run, as values of ``lifecycle.run``
        """
        context = self._stage_company(company, as_of)
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
        # without figures of its size the rules below would be planned badly
        self.env.execute_query(SQL("ANALYZE %s", SQL.identifier(STAGING_TABLE)))

    @api.model
    def _assign_stages(self, company, as_of):
        """Put each staged customer into the last stage whose rule holds.

        A pin that has not run out goes before the rules, unless its stage is
        archived.
        """
        # a run sorts by the rules of the company, whoever asked for it
        stages = self.env["lifecycle.stage"].sudo()._get_for_company(company)
        profiles = (
            self.env["lifecycle.profile"]
            .sudo()  # rules are checked with their author's rights when saved
            .with_company(company)
            .with_context(
                lifecycle_staging=STAGING,
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
