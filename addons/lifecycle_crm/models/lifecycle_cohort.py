from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..scoring.months import month_start

# A share over several rows: the sum of these divided by the customers of the cohorts.
SHARES = {"buyer_rate": "buyer_count", "active_rate": "active_count"}


class LifecycleCohort(models.Model):
    """What became of the customers who first bought in one month, month by month.

    One row per company, cohort and month, written with the monthly figures from the
    customers of the month end, so a screen never reads customers.
    """

    _name = "lifecycle.cohort"
    _description = "Cohort of Customers"
    _order = "cohort desc, month desc"
    _log_access = False
    _rec_name = "cohort"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cohort = fields.Date(
        string="First Order In",
        required=True,
        readonly=True,
        help="First day of the month in which these customers bought for the first "
        "time.",
    )
    month = fields.Date(
        required=True,
        readonly=True,
        help="Last day of the month that the figures are of, in the time zone of the "
        "company.",
    )
    age = fields.Integer(
        string="Months Since",
        readonly=True,
        aggregator="avg",
        help="Months between the month of the first order and this one: 0 is the "
        "month of the first order itself.",
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        help="Customers of the cohort, as known at the end of the month. Over several "
        "months a customer counts once for each.",
    )
    buyer_count = fields.Integer(
        string="Buyers",
        readonly=True,
        help="Those with an order in the month.",
    )
    active_count = fields.Integer(
        string="Active",
        readonly=True,
        help="Those who had not lapsed by the end of the month.",
    )
    buyer_rate = fields.Float(
        string="Bought",
        readonly=True,
        aggregator="avg",
        help="Share of the cohort with an order in the month. Over several rows: "
        "weighted by customers.",
    )
    active_rate = fields.Float(
        string="Still Active",
        readonly=True,
        aggregator="avg",
        help="Share of the cohort who had not lapsed by the end of the month: its "
        "retention. Over several rows: weighted by customers.",
    )
    revenue_total = fields.Monetary(
        string="Revenue So Far",
        readonly=True,
        help="Untaxed purchases less returns of the cohort up to the end of the "
        "month, in the currency of the company.",
    )

    _company_cohort_month_uniq = models.Constraint(
        "UNIQUE(company_id, cohort, month)",
        "There is one row per company, cohort and month.",
    )

    @api.depends("cohort")
    def _compute_display_name(self):
        for row in self:
            row.display_name = format_date(self.env, row.cohort, date_format="MMMM y")

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if name in SHARES and function == "avg":
            self._check_field_access(self._fields[name], "read")
            return SQL(
                "SUM(%s)::float8 / NULLIF(SUM(%s), 0)",
                self._field_to_sql(self._table, SHARES[name], query),
                self._field_to_sql(self._table, "customer_count", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _write_month(self, company, month):
        """Replace the rows of a month by what its snapshots say.

        :param month: the last day of the month
        """
        self.env.cr.execute(
            SQL(
                "DELETE FROM lifecycle_cohort WHERE company_id = %s AND month = %s",
                company.id,
                month,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_cohort (company_id, cohort, month, age,
                    customer_count, buyer_count, active_count, buyer_rate,
                    active_rate, revenue_total)
                SELECT %(company)s, c.cohort, %(month)s::date,
                    (EXTRACT(YEAR FROM AGE(%(first_day)s::date, c.cohort)) * 12
                    + EXTRACT(MONTH FROM AGE(%(first_day)s::date, c.cohort)))::int,
                    c.customers, c.buyers, c.active,
                    c.buyers::float8 / c.customers, c.active::float8 / c.customers,
                    c.revenue
                FROM (
                    SELECT DATE_TRUNC('month', first_order_date)::date AS cohort,
                        COUNT(*) AS customers,
                        COUNT(*) FILTER (
                            WHERE last_order_date >= %(first_day)s) AS buyers,
                        COUNT(*) FILTER (WHERE NOT lapsed) AS active,
                        SUM(revenue_total) AS revenue
                    FROM lifecycle_snapshot
                    WHERE company_id = %(company)s AND month = %(month)s
                      AND order_count > 0 AND first_order_date IS NOT NULL
                    GROUP BY 1) c
                ORDER BY c.cohort""",
                company=company.id,
                month=month,
                first_day=month_start(month),
            )
        )
        self.invalidate_model()
