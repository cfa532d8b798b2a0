"""Who had it happen, who had not, and who of both has left."""

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from .churn_evidence_report import MONTHS

# The past is measured again after so many days: it moves by as much.
_MEASURED_DAYS = 7


class ChurnEvidenceReport(models.Model):
    _inherit = "churn.evidence.report"

    @api.model
    def _get_horizon(self, company):
        """Days within which a customer orders or has churned."""
        model = self.env["churn.model"].sudo()._get_active(company)  # no secret
        return model.horizon_days or company.lifecycle_lapse_days

    @api.model
    def _refresh(self, company, as_of, kind):
        """Bring one line up to date; the past is measured once a week."""
        line = self.search([("company_id", "=", company.id), ("kind", "=", kind)])
        values = self._count_now(company, as_of, kind)
        horizon = self._get_horizon(company)
        age = (as_of - line.measured_on).days if line.measured_on else _MEASURED_DAYS
        if not 0 <= age < _MEASURED_DAYS or line.horizon_days != horizon:
            values.update(self._measure(company, as_of, kind, horizon))
        if not line:
            self.create({"company_id": company.id, "kind": kind, **values})
        elif any(line[name] != value for name, value in values.items()):
            line.write(values)

    @api.model
    def _count_now(self, company, as_of, kind):
        self.env.flush_all()
        [[customers, at_risk]] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), COALESCE(SUM(f.revenue_at_risk), 0)
                FROM lifecycle_profile f
                WHERE f.company_id = %(company)s AND f.partner_id IN (
                    SELECT partner_id FROM churn_evidence
                    WHERE company_id = %(company)s AND kind = %(kind)s
                      AND date > %(since)s)""",
                company=company.id,
                kind=kind,
                since=as_of - relativedelta(months=MONTHS),
            )
        )
        return {
            "customer_count": customers,
            "revenue_at_risk": company.currency_id.round(float(at_risk)),
        }

    @api.model
    def _measure(self, company, as_of, kind, horizon):
        """Who had it before the cut, who had not, and who of both has left."""
        from ..scoring.comparison import CLASSES, compare

        evidence = self.env["churn.evidence"]
        transactions = self.env["lifecycle.transaction"]
        cut = as_of - relativedelta(days=horizon)
        scope = evidence._get_evidence_scope(company, cut, months=MONTHS)
        after = transactions._get_scope(
            company, as_of, since=cut + relativedelta(days=1)
        )
        rows = self.env.execute_query(
            SQL(
                # side by side in one pass: a join of what is taken for one row each
                # would compare all with all
                """WITH told AS (
                    SELECT partner_id, day, FALSE AS back, FALSE AS had
                    FROM (%(bought)s) b WHERE day > %(since)s
                    UNION ALL SELECT partner_id, NULL, TRUE, FALSE FROM (%(after)s) a
                    UNION ALL SELECT partner_id, NULL, FALSE, TRUE
                    FROM (%(evidence)s) e
                ), customers AS MATERIALIZED (
                    SELECT partner_id, COUNT(DISTINCT day)::int AS days,
                        BOOL_OR(back) AS back, BOOL_OR(had) AS had
                    FROM told GROUP BY partner_id HAVING COUNT(day) > 0
                )
                SELECT COUNT(*) FILTER (WHERE had),
                    COUNT(*) FILTER (WHERE had AND NOT back),
                    COUNT(*) FILTER (WHERE NOT had),
                    COUNT(*) FILTER (WHERE NOT had AND NOT back)
                FROM customers c
                WHERE (SELECT TRUE FROM lifecycle_profile f
                    WHERE f.partner_id = c.partner_id
                      AND f.company_id = %(company)s)
                GROUP BY WIDTH_BUCKET(c.days, %(classes)s::int[])""",
                bought=evidence._select_orders(scope),
                since=scope.since,
                after=evidence._select_orders(after),
                evidence=evidence._select_evidence(kind, scope),
                company=company.id,
                classes=list(CLASSES),
            )
        )
        had, had_left, without, without_left = (
            sum(row[column] for row in rows) for column in range(4)
        )
        found = compare(rows)
        return {
            "cut_date": cut,
            "horizon_days": horizon,
            "measured_on": as_of,
            "with_count": had,
            "with_churned": had_left,
            "without_count": without,
            "without_churned": without_left,
            "with_share": had_left / had if had else False,
            "without_share": self._get_share_of_others(found, without, without_left),
            "matched_count": found.count,
            "deviation": round(found.deviation, 2),
        }

    @api.model
    def _get_share_of_others(self, found, without, without_left):
        """That of those who buy as often; of all where there is nobody to compare."""
        if found.count:
            return found.expected / found.count
        return without_left / without if without else False

    @api.model
    def _forget_others(self, company, kinds):
        """Lines of kinds that are not looked for any more."""
        self.search(
            [("company_id", "=", company.id), ("kind", "not in", kinds)]
        ).unlink()
