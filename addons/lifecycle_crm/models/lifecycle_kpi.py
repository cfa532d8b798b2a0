"""The figures of a company, month by month."""

from odoo import api, fields, models
from odoo.tools import SQL, format_date

# A rate over several rows: the sum of these divided by the sum of those, so each
# month and each company weighs as much as it has customers.
RATES = {
    "retention_rate": ("retained_count", "active_start_count"),
    "churn_rate": ("lapsed_count", "active_start_count"),
    "repeat_purchase_rate": ("repeat_customer_count", "customer_count"),
    "average_order_value": ("revenue", "order_count"),
}
# What stands on a day is not added up over months: the average month counts.
STOCKS = (
    "customer_count",
    "repeat_customer_count",
    "prospect_count",
    "active_start_count",
    "active_count",
)


class LifecycleKpi(models.Model):
    """One row per company and month, from the first purchase on.

    Amounts are untaxed and in the currency of the company; days are days in its
    time zone.  Written by :mod:`lifecycle_kpi_compute` from two month ends.
    """

    _name = "lifecycle.kpi"
    _description = "Monthly Figures"
    _order = "month desc, company_id"
    _log_access = False
    _rec_name = "month"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        readonly=True,
        help="Last day of the month, in the time zone of the company.",
    )

    # at the end of the month
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        help="Who had ever bought by the end of the month. Over several months: the "
        "average month.",
    )
    repeat_customer_count = fields.Integer(
        string="Repeat Customers",
        readonly=True,
        help="Customers with more than one order by the end of the month. Over "
        "several months: the average month.",
    )
    prospect_count = fields.Integer(
        string="Prospects",
        readonly=True,
        help="Contacts with a lead or a quotation, but no order by the end of the "
        "month. Over several months: the average month.",
    )
    active_start_count = fields.Integer(
        string="Active at Start",
        readonly=True,
        help="Customers who had not lapsed when the month began. Over several "
        "months: the average month.",
    )
    active_count = fields.Integer(
        string="Active Customers",
        readonly=True,
        help="Customers who had not lapsed by the end of the month: active at the "
        "start + new + won back − lapsed + other changes. Over several months: the "
        "average month.",
    )

    # in the month
    buyer_count = fields.Integer(
        string="Buyers",
        readonly=True,
        help="Customers with an order in the month. Over several months a customer "
        "counts once for each.",
    )
    new_count = fields.Integer(
        string="New Customers",
        readonly=True,
        help="Customers whose first order came in the month.",
    )
    retained_count = fields.Integer(
        string="Retained",
        readonly=True,
        help="Customers who were active when the month began and still were at its "
        "end, whether they bought in it or not.",
    )
    lapsed_count = fields.Integer(
        string="Lapsed",
        readonly=True,
        help="Customers who were active when the month began and had lapsed by its "
        "end.",
    )
    won_back_count = fields.Integer(
        string="Won Back",
        readonly=True,
        help="Customers who had lapsed when the month began, bought in it and were "
        "active at its end.",
    )
    other_count = fields.Integer(
        string="Other Changes",
        readonly=True,
        help="Active customers gained (or lost, where negative) otherwise: the lapse "
        "period was learned anew, all orders were returned, contacts were merged or "
        "deleted.",
    )
    order_count = fields.Integer(
        string="Orders",
        readonly=True,
        aggregator="sum",
        help="Orders of the month, less earlier ones that were returned in full in it.",
    )

    # rates; without a denominator there is none
    retention_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Retained customers divided by the customers active at the start of the "
        "month. Empty where there were none. Over several months: the average month, "
        "weighted by customers.",
    )
    churn_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Customers who lapsed in the month divided by the customers active at "
        "its start. Empty where there were none. Over several months: the average "
        "month, weighted by customers.",
    )
    repeat_purchase_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Customers with more than one order divided by all who ever bought, at "
        "the end of the month. Over several months: the average month, weighted by "
        "customers.",
    )

    # money
    revenue = fields.Monetary(
        readonly=True,
        help="Untaxed purchases less returns of the month, in the currency of the "
        "company.",
    )
    revenue_new = fields.Monetary(
        string="Revenue from New",
        readonly=True,
        help="Revenue of the month from customers whose first order came in it.",
    )
    revenue_returning = fields.Monetary(
        string="Revenue from Returning",
        readonly=True,
        help="Revenue of the month from everybody else. Returns count here, too, so "
        "it can be negative.",
    )
    average_order_value = fields.Monetary(
        string="Average Order",
        readonly=True,
        aggregator="avg",
        help="Revenue of the month divided by its orders. Empty without orders. Over "
        "several months: all revenue divided by all orders.",
    )

    _company_month_uniq = models.Constraint(
        "UNIQUE(company_id, month)", "There is one row per company and month."
    )

    @api.depends("month")
    def _compute_display_name(self):
        for kpi in self:
            kpi.display_name = format_date(self.env, kpi.month, date_format="MMMM y")

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Sums of several months and companies that mean something."""
        name, _colon, function = aggregate_spec.partition(":")
        if name in RATES and function == "avg":
            numerator, denominator = (
                self._field_to_sql(self._table, part, query) for part in RATES[name]
            )
            self._check_field_access(self._fields[name], "read")
            return SQL(
                "SUM(%s)::float8 / NULLIF(GREATEST(SUM(%s), 0), 0)",
                numerator,
                denominator,
            )
        if name in STOCKS and function == "sum":
            return SQL(
                "ROUND(SUM(%s)::numeric / NULLIF(COUNT(DISTINCT %s), 0))::int",
                self._field_to_sql(self._table, name, query),
                self._field_to_sql(self._table, "month", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def action_view_customers(self):
        """The customers as they stood at the end of this month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_snapshot"
        )
        return {
            **action,
            "display_name": self.display_name,
            "domain": [
                ("month", "=", self.month),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }
