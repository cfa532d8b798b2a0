"""Evidence brought up to date: what the sources find, compared with what is stored."""

import logging
from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Of so few customers it does not matter how lines are compared.
_FEW = 1000
_COUNTED = ("created_count", "changed_count", "deleted_count")


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _get_evidence_scope(self, company, as_of=None, partner_ids=None, months=None):
        """What a source is asked for.

        :param as_of: a day in the time zone of the company, default today
        :param months: how far back, default what the company keeps
        """
        as_of = as_of or company._get_lifecycle_today()
        months = months or company.churn_evidence_months
        return self.env["lifecycle.transaction"]._get_scope(
            company, as_of, partner_ids, since=as_of - relativedelta(months=months)
        )

    @api.model
    def _select_evidence(self, kind, scope):
        """What one source finds, by customer: one row per ``partner_id, source_key``.

        Only contacts with a profile in the company are customers.  An unusable row of
        a source (no day, no document) is left out.
        """
        method = self._get_evidence_sources()[kind][1]
        # Whose a line is, is looked up line by line: PostgreSQL takes what a source
        # finds for one row, and a join might go through all of it for each customer.
        return SQL(
            """WITH owned AS MATERIALIZED (
                SELECT s.*, (
                    SELECT c.commercial_partner_id FROM res_partner c
                    WHERE c.id = s.contact_id
                ) AS partner_id
                FROM (%(source)s) s
                WHERE s.day BETWEEN %(since)s AND %(as_of)s AND s.res_id IS NOT NULL
            )
            SELECT DISTINCT ON (o.partner_id, o.source_key)
                o.partner_id, o.source_key, o.day, o.figures, o.amount,
                ROUND(GREATEST(0, LEAST(1, o.weight))::numeric, 2) AS weight,
                o.res_model, o.res_id
            FROM owned o
            WHERE (SELECT TRUE FROM lifecycle_profile f
                WHERE f.partner_id = o.partner_id AND f.company_id = %(company)s)
            ORDER BY o.partner_id, o.source_key, o.day DESC, o.res_id DESC""",
            source=getattr(self, method)(scope),
            company=scope.company_id,
            since=scope.since,
            as_of=scope.as_of,
        )

    @api.model
    def _refresh(self, company, partner_ids=None, kinds=None, as_of=None):
        """Store what the sources find now; only differences are written.

        :param partner_ids: commercial partners, None for all of the company
        :param kinds: default all
        :return: Counter of ``created_count``, ``changed_count``, ``deleted_count``
        """
        self.env.flush_all()
        counts = Counter(dict.fromkeys(_COUNTED, 0))
        scope = self._get_evidence_scope(company, as_of, partner_ids)
        for kind in kinds or self._get_evidence_sources():
            counts.update(self._refresh_kind(kind, scope))
        self.invalidate_model()
        return counts

    @api.model
    def _refresh_kind(self, kind, scope):
        if scope.partner_ids is None:
            asked = SQL("TRUE")
        else:
            asked = SQL("e.partner_id = ANY(%s)", list(scope.partner_ids))
        found = self._select_evidence(kind, scope)
        if scope.partner_ids is None or len(scope.partner_ids) > _FEW:
            found = self._keep_found(found)
        [counts] = self.env.execute_query(
            SQL(
                """WITH found AS (%(found)s),
                gone AS (
                    DELETE FROM churn_evidence e
                    WHERE e.company_id = %(company)s AND e.kind = %(kind)s
                      AND %(asked)s AND NOT EXISTS (
                        SELECT FROM found f WHERE f.partner_id = e.partner_id
                          AND f.source_key = e.source_key)
                    RETURNING 1
                ), changed AS (
                    UPDATE churn_evidence e SET date = f.day, figures = f.figures,
                        amount = f.amount, weight = f.weight, res_model = f.res_model,
                        res_id = f.res_id, as_of = %(as_of)s
                    FROM found f
                    WHERE e.company_id = %(company)s AND e.kind = %(kind)s
                      AND e.partner_id = f.partner_id AND e.source_key = f.source_key
                      AND (e.date, e.figures, e.amount, e.weight, e.res_model, e.res_id)
                        IS DISTINCT FROM (f.day, f.figures, f.amount, f.weight,
                            f.res_model, f.res_id)
                    RETURNING 1
                ), created AS (
                    INSERT INTO churn_evidence (company_id, partner_id, date, kind,
                        source_key, figures, amount, weight, res_model, res_id, as_of)
                    SELECT %(company)s, f.partner_id, f.day, %(kind)s, f.source_key,
                        f.figures, f.amount, f.weight, f.res_model, f.res_id, %(as_of)s
                    FROM found f WHERE NOT EXISTS (
                        SELECT FROM churn_evidence e WHERE e.company_id = %(company)s
                          AND e.kind = %(kind)s AND e.partner_id = f.partner_id
                          AND e.source_key = f.source_key)
                    RETURNING 1
                )
                SELECT (SELECT COUNT(*) FROM created), (SELECT COUNT(*) FROM changed),
                    (SELECT COUNT(*) FROM gone)""",
                found=found,
                company=scope.company_id,
                kind=kind,
                asked=asked,
                as_of=scope.as_of,
            )
        )
        return dict(zip(_COUNTED, counts, strict=True))

    @api.model
    def _keep_found(self, found):
        """What was found in a temporary table, so that its size is known.

        Else PostgreSQL might compare every line found with every line stored.
        """
        for query in (
            SQL("DROP TABLE IF EXISTS churn_found"),
            SQL("CREATE TEMP TABLE churn_found ON COMMIT DROP AS %s", found),
            SQL("ANALYZE churn_found"),
        ):
            self.env.cr.execute(query)
        return SQL("SELECT * FROM churn_found")

    @api.model
    def _forget_strangers(self, company):
        """Remove the lines of who is no customer any more, and of kinds that are gone.

        :return: their number
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM churn_evidence e
                WHERE e.company_id = %(company)s AND (e.kind <> ALL(%(kinds)s)
                    OR NOT EXISTS (
                        SELECT FROM lifecycle_profile f
                        WHERE f.partner_id = e.partner_id
                          AND f.company_id = e.company_id))""",
                company=company.id,
                kinds=list(self._get_evidence_sources()),
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _forget_kinds(self, kinds):
        """Their sources go, with the addon that has them: what they told goes now.

        Until the next night nothing could say it.
        """
        for model in (self, self.env["churn.evidence.report"]):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE kind = ANY(%s)",
                    SQL.identifier(model._table),
                    list(kinds),
                )
            )
            model.invalidate_model(flush=False)

    @api.autovacuum
    def _gc_evidence(self):
        """Lines older than a company keeps, also where the nightly run is off."""
        companies = self.env["res.company"].with_context(active_test=False)
        # pylint: disable-next=no-search-all
        for company in companies.search([]):
            scope = self._get_evidence_scope(company)
            self.env.cr.execute(
                SQL(
                    "DELETE FROM churn_evidence WHERE company_id = %s AND date < %s",
                    company.id,
                    scope.since,
                )
            )
        self.invalidate_model()
