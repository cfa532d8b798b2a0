"""Who leaves under which conditions: shares of groups, and how sure they are."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..scoring.months import last_month_end, month_ends

# Months that somebody is followed for.
SPANS = (3, 6, 12)
# Of the normal distribution, for an interval that holds in 95 of 100 cases.
_Z = 1.96


class LifecycleLossReport(models.Model):
    """Customers who were active at a month end, and whether they had lapsed later.

    One row per customer and span: active so many months before the last complete
    month, lapsed at its end or not.  Nothing is stored: two month ends are set beside
    each other, with what the customer is.  What a group is not asked for, PostgreSQL
    does not read.

    The interval of a share is that of Wilson (Probable inference, the law of
    succession, and statistical inference, JASA 22, 1927): it stays between 0 and 1,
    and is wide where there are few customers.
    """

    _name = "lifecycle.loss.report"
    _description = "Who Leaves"
    _auto = False
    _order = "lost_count desc, revenue_year desc, id"
    _rec_name = "partner_id"
    _depends = {
        "lifecycle.snapshot": ["month", "stage_id", "segment_id", "lapsed"],
        "res.partner": ["country_id", "industry_id", "user_id"],
        "crm.lead": ["source_id"],
        "sale.order": ["source_id", "state"],
    }

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    span = fields.Selection(
        "_selection_span",
        string="Followed For",
        readonly=True,
        help="Months between the two month ends that are compared.",
    )
    month = fields.Date(
        string="Active On",
        readonly=True,
        help="Month end at which the customer had bought and had not lapsed.",
    )
    stage_id = fields.Many2one(
        "lifecycle.stage", readonly=True, help="Stage at that month end."
    )
    segment_id = fields.Many2one(
        "lifecycle.segment", readonly=True, help="RFM segment at that month end."
    )
    order_band = fields.Selection(
        [("1", "1 order"), ("2", "2 orders"), ("3", "3 to 5"), ("6", "6 and more")],
        string="Orders by Then",
        readonly=True,
        help="How often the customer had bought by that month end.",
    )
    country_id = fields.Many2one("res.country", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    first_product_id = fields.Many2one(
        "product.template",
        readonly=True,
        help="Of the first day of purchase, the product that most was paid for.",
    )
    first_categ_id = fields.Many2one(
        "product.category",
        string="First Category",
        readonly=True,
        help="Category of the first product.",
    )
    source_id = fields.Many2one(
        "utm.source",
        string="Acquisition Source",
        readonly=True,
        help="Source of the customer's first lead or order that has one.",
    )
    customer_count = fields.Integer(
        string="Customers", readonly=True, help="Customers who were active."
    )
    lost_count = fields.Integer(
        string="Lost", readonly=True, help="Those who had lapsed at the end."
    )
    lost_rate = fields.Float(
        string="Share Lost",
        readonly=True,
        aggregator="avg",
        help="Lost divided by customers.",
    )
    rate_low = fields.Float(
        string="At Least",
        readonly=True,
        aggregator="avg",
        help="Lower end of the interval in which the true share lies in 95 of 100 "
        "cases (Wilson). Order groups by this, not by the share: of two customers one "
        "leaves soon.",
    )
    rate_high = fields.Float(
        string="At Most",
        readonly=True,
        aggregator="avg",
        help="Upper end of the interval in which the true share lies in 95 of 100 "
        "cases (Wilson).",
    )
    revenue_year = fields.Monetary(
        string="Revenue of the Year Before",
        readonly=True,
        help="Untaxed purchases less returns in the 12 months up to the month end, in "
        "the currency of the company.",
    )
    revenue_lost = fields.Monetary(
        readonly=True,
        help="What those who were lost had brought in the year before.",
    )

    @api.model
    def _selection_span(self):
        return [(str(months), self.env._("%s months", months)) for months in SPANS]

    # -- the table ---------------------------------------------------------------

    @api.model
    def _get_spans(self):
        """``(company id, months, first month end, last, a year before the first)``"""
        spans = []
        for company in self.env.companies:
            last = last_month_end(company._get_lifecycle_today())
            for months in SPANS:
                first = month_ends(last, months + 1)[0]
                year = month_ends(first, 13)[0]
                spans.append((company.id, months, first, last, year))
        return spans

    @property
    def _table_query(self):
        companies, months, firsts, lasts, years = (
            list(column) for column in zip(*self._get_spans(), strict=True)
        )
        return SQL(
            """SELECT base.id::bigint * 100 + h.months AS id,
                base.partner_id, base.company_id, h.months::varchar AS span,
                base.month, base.stage_id, base.segment_id,
                CASE WHEN base.order_count >= 6 THEN '6'
                    WHEN base.order_count >= 3 THEN '3'
                    ELSE base.order_count::varchar END AS order_band,
                p.country_id, p.industry_id, p.user_id,
                first.template_id AS first_product_id, first.categ_id AS first_categ_id,
                source.source_id,
                1 AS customer_count, done.lapsed::int AS lost_count,
                done.lapsed::int::float8 AS lost_rate,
                NULL::float8 AS rate_low, NULL::float8 AS rate_high,
                base.revenue_total - COALESCE(year.revenue_total, 0) AS revenue_year,
                CASE WHEN done.lapsed
                    THEN base.revenue_total - COALESCE(year.revenue_total, 0)
                    ELSE 0 END AS revenue_lost
            FROM unnest(%(companies)s::int[], %(months)s::int[], %(firsts)s::date[],
                %(lasts)s::date[], %(years)s::date[])
                AS h (company_id, months, first, last, year)
            JOIN lifecycle_snapshot base ON base.company_id = h.company_id
                AND base.month = h.first AND base.order_count > 0 AND NOT base.lapsed
            JOIN lifecycle_snapshot done ON done.company_id = h.company_id
                AND done.month = h.last AND done.partner_id = base.partner_id
            JOIN res_partner p ON p.id = base.partner_id
            LEFT JOIN lifecycle_snapshot year ON year.company_id = h.company_id
                AND year.month = h.year AND year.partner_id = base.partner_id
            LEFT JOIN (%(products)s) first ON first.company_id = h.company_id
                AND first.partner_id = base.partner_id
            LEFT JOIN (%(sources)s) source ON source.company_id = h.company_id
                AND source.partner_id = base.partner_id""",
            companies=companies,
            months=months,
            firsts=firsts,
            lasts=lasts,
            years=years,
            products=self._select_first_products(),
            sources=self._select_sources(),
        )

    @api.model
    def _select_first_products(self):
        """Of each customer the product most paid for on its first day."""
        lines = self.env["lifecycle.transaction"]
        selects = [
            SQL(
                "SELECT %s AS company_id, l.* FROM (%s) l",
                company.id,
                lines._select_product_lines(company),
            )
            for company in self.env.companies.sudo()  # settings of own companies
        ]
        return SQL(
            """SELECT DISTINCT ON (company_id, partner_id)
                company_id, partner_id, template_id, categ_id
            FROM (%s) all_lines
            ORDER BY company_id, partner_id, day, amount DESC, line_id""",
            SQL(" UNION ALL ").join(selects),
        )

    @api.model
    def _select_sources(self):
        """Of each customer the first source that a lead or an order names."""
        return SQL(
            """SELECT DISTINCT ON (company_id, partner_id)
                company_id, partner_id, source_id
            FROM (
                SELECT c.id AS company_id, p.commercial_partner_id AS partner_id,
                    d.source_id, d.moment
                FROM (
                    SELECT company_id, partner_id, source_id, create_date AS moment
                    FROM crm_lead WHERE source_id IS NOT NULL
                    UNION ALL
                    SELECT company_id, partner_id, source_id, date_order
                    FROM sale_order WHERE source_id IS NOT NULL AND state <> 'cancel'
                ) d
                JOIN unnest(%s::int[]) c (id)
                    ON d.company_id = c.id OR d.company_id IS NULL
                JOIN res_partner p ON p.id = d.partner_id) named
            ORDER BY company_id, partner_id, moment, source_id""",
            self.env.companies.ids,
        )

    # -- shares ------------------------------------------------------------------

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The ends of the interval, for whatever group is asked for."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in ("rate_low", "rate_high") or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields[name], "read")
        lost = SQL("SUM(%s)", self._field_to_sql(self._table, "lost_count", query))
        return SQL(
            """LEAST(1, GREATEST(0, (%(lost)s + %(z2)s / 2) / (COUNT(*) + %(z2)s)
                %(sign)s %(z)s / (COUNT(*) + %(z2)s) * SQRT(
                    %(lost)s * (COUNT(*) - %(lost)s)::float8 / NULLIF(COUNT(*), 0)
                    + %(z2)s / 4)))""",
            lost=lost,
            sign=SQL("-" if name == "rate_low" else "+"),
            z=_Z,
            z2=_Z * _Z,
        )

    def action_open_partner(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }
