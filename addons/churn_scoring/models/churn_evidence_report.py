"""Which of our own failures cost us customers: one row per company and kind."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .churn_fields import UnknownFloat

# Fewer customers on one side say nothing.
LEAST = 20
# Two shares differ when chance would do it in fewer than 5 of 100 cases.
_Z = 1.96
_MONTHS = 12
# The past is measured again after so many days: it moves by as much.
_MEASURED_DAYS = 7


class ChurnEvidenceReport(models.Model):
    """Customers with one kind of evidence, and what became of those who had it before.

    **Now**: customers with evidence of the last 12 months, and their value at risk.

    **Then**: what was known on ``cut``, one churn horizon ago, about the customers who
    had bought in the 12 months before it.  Who bought nothing from then to now has
    churned.  Those with evidence of the 12 months before the cut are set beside those
    without who bought on as many days, see :mod:`..scoring.comparison`: customers who
    buy more also have more chances of a late delivery.  It stays an association.
    """

    _name = "churn.evidence.report"
    _description = "What Costs Us Customers"
    _order = "revenue_at_risk desc, id"
    _rec_name = "kind"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection="_selection_kind", required=True, readonly=True, help="What happened."
    )
    customer_count = fields.Integer(
        string="Customers Now",
        readonly=True,
        help="Customers to whom it happened in the last 12 months.",
    )
    revenue_at_risk = fields.Monetary(
        string="Value at Risk",
        readonly=True,
        help="Value at risk of these customers. A customer to whom several things "
        "happened counts in each line, so the lines do not add up.",
    )
    cut_date = fields.Date(
        string="Looked Back To",
        readonly=True,
        help="One churn horizon before the day of the measurement. What was known on "
        "this day is set beside what the customers did after it.",
    )
    horizon_days = fields.Integer(
        string="Horizon (days)",
        readonly=True,
        aggregator=None,
        help="Who bought nothing for so many days after that has churned.",
    )
    measured_on = fields.Date(readonly=True, help="Day of the measurement.")
    with_count = fields.Integer(
        string="Had It",
        readonly=True,
        help="Customers to whom it happened in the 12 months before, of those who had "
        "bought in them.",
    )
    with_churned = fields.Integer(
        string="Had It and Left", readonly=True, help="Of those, who has churned."
    )
    without_count = fields.Integer(
        string="Had It Not",
        readonly=True,
        help="Customers who had bought in the 12 months before, without it.",
    )
    without_churned = fields.Integer(
        string="Had It Not and Left", readonly=True, help="Of those, who has churned."
    )
    with_share = UnknownFloat(
        string="Left, with It",
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Churned share of the customers to whom it had happened. Empty: nobody.",
    )
    without_share = UnknownFloat(
        string="Left, without It",
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Churned share of the customers to whom it had not happened, if they "
        "bought as often as those to whom it had. Empty: nobody.",
    )
    matched_count = fields.Integer(
        string="Set Beside Others",
        readonly=True,
        aggregator=False,
        help="Customers to whom it had happened and who have others without it, who "
        "bought as often, to be set beside.",
    )
    deviation = fields.Float(
        readonly=True,
        aggregator=False,
        digits=(8, 2),
        help="By how many standard deviations more of them left than of those others "
        "(Mantel and Haenszel). Beyond 1.96 chance alone would do it in fewer than 5 "
        "of 100 cases.",
    )
    verdict = fields.Selection(
        [
            ("more", "Leave more often"),
            ("same", "No clear difference"),
            ("less", "Leave less often"),
            ("few", "Too few to tell"),
        ],
        compute="_compute_verdict",
        help="More or less often only where chance alone would make such a difference "
        "in fewer than 5 of 100 cases; too few below 20 customers on either side.",
    )
    sentence = fields.Char(
        string="In Words",
        compute="_compute_verdict",
        help="The comparison in words, with the numbers of customers behind it.",
    )

    _kind_uniq = models.Constraint(
        "UNIQUE(company_id, kind)", "There is one line per company and kind."
    )

    @api.model
    def _selection_kind(self):
        return self.env["churn.evidence"]._selection_kind()

    @api.depends(
        "with_count",
        "with_churned",
        "without_count",
        "without_churned",
        "without_share",
        "matched_count",
        "deviation",
    )
    @api.depends_context("lang")
    def _compute_verdict(self):
        for report in self:
            report.verdict = report._get_verdict()
            report.sentence = report._say()

    def _get_verdict(self):
        if min(self.matched_count, self.without_count) < LEAST:
            return "few"
        if abs(self.deviation) <= _Z:
            return "same"
        return "more" if self.deviation > 0 else "less"

    def _say(self):
        values = {
            "with_count": self.with_count,
            "with_churned": self.with_churned,
            "without_count": self.without_count,
            "without_churned": self.without_churned,
        }
        if not self.with_count and not self.without_count:
            return self.env._("Nobody had bought in the year that is looked back to.")
        if self.verdict == "few":
            return self.env._(
                "%(with_churned)s of %(with_count)s left with it, %(without_churned)s "
                "of %(without_count)s without it: too few to tell.",
                **values,
            )
        return self.env._(
            "%(with_churned)s of %(with_count)s left with it (%(with_share)s %%); of "
            "others who buy as often, %(without_share)s %%.",
            with_share=round(100 * self.with_churned / self.with_count),
            without_share=round(100 * self.without_share),
            **values,
        )

    # -- refresh -----------------------------------------------------------------

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
                since=as_of - relativedelta(months=_MONTHS),
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
        scope = evidence._get_evidence_scope(company, cut, months=_MONTHS)
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

    # -- actions -------------------------------------------------------------------

    def action_view_evidence(self):
        """The lines behind the number of customers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "churn_scoring.action_churn_evidence"
        )
        since = self.company_id._get_lifecycle_today() - relativedelta(months=_MONTHS)
        return {
            **action,
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
                ("date", ">", since),
            ],
        }
