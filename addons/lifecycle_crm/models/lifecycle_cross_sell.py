"""What customers bought next: from category to category, counted among customers."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Purchases of so many months are looked at.
MONTHS = 24
# Fewer customers say nothing about the next one.
MIN_CUSTOMERS = 20
MIN_BOUGHT = 5
_Z = 1.96
_DAYS = 7  # between two computations


class LifecycleCrossSell(models.Model):
    """One row per company and pair of categories, computed once a week by SQL.

    Of the customers who bought something of the first category and had not bought any
    of the second by then, some bought of the second on a later day.  That share is set
    beside the same share of all customers: those who did not begin with the second
    category, and bought of it on a later day than their first.  The quotient is the
    lift: above 1 means more often than customers do anyway.
    """

    _name = "lifecycle.cross.sell"
    _description = "What Customers Bought Next"
    _order = "lift desc, bought_count desc, id"
    _log_access = False
    _rec_name = "to_categ_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    from_categ_id = fields.Many2one(
        "product.category",
        string="Who Bought",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    to_categ_id = fields.Many2one(
        "product.category",
        string="Bought Next",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Most Chosen Product",
        readonly=True,
        ondelete="cascade",
        help="The product of the second category that most customers bought, of those "
        "that can be sold.",
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        aggregator=None,
        help="Bought of the first category, and nothing of the second until then.",
    )
    bought_count = fields.Integer(
        string="Bought It Later",
        readonly=True,
        aggregator=None,
        help="Those who bought of the second category on a later day: what the share "
        "rests on.",
    )
    share = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Bought it later, divided by the customers.",
    )
    share_low = fields.Float(
        string="At Least",
        readonly=True,
        aggregator="avg",
        help="Lower end of the interval in which the true share lies in 95 of 100 "
        "cases (Wilson).",
    )
    base_share = fields.Float(
        string="Of All Customers",
        readonly=True,
        aggregator="avg",
        help="Share of all customers who bought of the second category on a later day "
        "than their first, without those who began with it.",
    )
    lift = fields.Float(
        readonly=True,
        digits=(8, 2),
        aggregator="avg",
        help="The share divided by that of all customers. 2: twice as often.",
    )
    gap_days = fields.Integer(
        string="Days Between",
        readonly=True,
        aggregator="avg",
        help="Half of those who bought it did so within so many days.",
    )
    sure = fields.Boolean(
        string="More than Chance",
        readonly=True,
        help="On: even the lower end of the interval is above the share of all "
        "customers. Only these are proposed on a contact.",
    )
    computed_on = fields.Date(readonly=True, help="Day of the computation.")

    _company_pair_uniq = models.Constraint(
        "UNIQUE(company_id, from_categ_id, to_categ_id)",
        "There is one row per company and pair of categories.",
    )

    @api.depends("from_categ_id", "to_categ_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            ends = {
                "from": row.from_categ_id.display_name,
                "to": row.to_categ_id.display_name,
            }
            row.display_name = self.env._("%(from)s → %(to)s", **ends)

    # -- computing -----------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Compute the companies whose rows are a week old, or that have none."""
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        for number, company in enumerate(companies, 1):
            today = company._get_lifecycle_today()
            latest = self.search([("company_id", "=", company.id)], limit=1)
            if not latest or latest.computed_on <= today - timedelta(days=_DAYS):
                self._refresh(company, today)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number)

    @api.model
    def _refresh(self, company, today):
        """Replace the rows of a company.

        :param today: last day that counts, in the time zone of the company
        """
        since = today - relativedelta(months=MONTHS)
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM lifecycle_cross_sell WHERE company_id = %s", company.id)
        )
        self.env.cr.execute(
            SQL(
                """WITH lines AS MATERIALIZED (%(lines)s),
                bought AS MATERIALIZED (
                    SELECT partner_id, categ_id, MIN(day) AS day
                    FROM lines WHERE categ_id IS NOT NULL GROUP BY 1, 2),
                firsts AS MATERIALIZED (
                    SELECT partner_id, MIN(day) AS day FROM bought GROUP BY 1),
                everybody AS (SELECT COUNT(*) AS n FROM firsts),
                base AS (
                    SELECT b.categ_id, COUNT(*) AS n,
                        COUNT(*) FILTER (WHERE b.day > f.day) AS later
                    FROM bought b JOIN firsts f ON f.partner_id = b.partner_id
                    GROUP BY 1),
                pairs AS (
                    SELECT a.categ_id AS from_id, b.categ_id AS to_id,
                        COUNT(*) FILTER (WHERE b.day > a.day) AS later,
                        COUNT(*) FILTER (WHERE b.day <= a.day) AS before,
                        PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY b.day - a.day)
                            FILTER (WHERE b.day > a.day) AS gap
                    FROM bought a
                    JOIN bought b ON b.partner_id = a.partner_id
                        AND b.categ_id <> a.categ_id
                    GROUP BY 1, 2),
                chosen AS (
                    SELECT DISTINCT ON (categ_id) categ_id, product_id
                    FROM (
                        SELECT l.categ_id, l.product_id,
                            COUNT(DISTINCT l.partner_id) AS n
                        FROM lines l
                        JOIN product_product v ON v.id = l.product_id AND v.active
                        JOIN product_template t ON t.id = v.product_tmpl_id
                            AND t.active AND t.sale_ok
                            AND (t.company_id IS NULL OR t.company_id = %(company)s)
                        GROUP BY 1, 2) c
                    ORDER BY categ_id, n DESC, product_id),
                shares AS (
                    SELECT p.from_id, p.to_id, p.later, p.gap,
                        a.n - p.before AS customers,
                        b.later::float8 / NULLIF(e.n - (b.n - b.later), 0) AS base
                    FROM pairs p
                    JOIN base a ON a.categ_id = p.from_id
                    JOIN base b ON b.categ_id = p.to_id
                    CROSS JOIN everybody e
                    WHERE p.later >= %(min_bought)s
                      AND a.n - p.before >= %(min_customers)s),
                ends AS (
                    SELECT s.*, (later + %(z2)s / 2) / (customers + %(z2)s)
                        - %(z)s / (customers + %(z2)s) * SQRT(
                            later * (customers - later)::float8 / customers
                            + %(z2)s / 4) AS low
                    FROM shares s WHERE base > 0)
                INSERT INTO lifecycle_cross_sell (company_id, from_categ_id,
                    to_categ_id, product_id, customer_count, bought_count, share,
                    share_low, base_share, lift, gap_days, sure, computed_on)
                SELECT %(company)s, s.from_id, s.to_id, c.product_id, s.customers,
                    s.later, s.later::float8 / s.customers, s.low, s.base,
                    ROUND((s.later / s.customers::float8 / s.base)::numeric, 2),
                    s.gap, s.low > s.base, %(today)s
                FROM ends s LEFT JOIN chosen c ON c.categ_id = s.to_id
                ORDER BY s.from_id, s.to_id""",
                lines=self.env["lifecycle.transaction"]._select_product_lines(
                    company, since
                ),
                company=company.id,
                min_bought=MIN_BOUGHT,
                min_customers=MIN_CUSTOMERS,
                today=today,
                z=_Z,
                z2=_Z * _Z,
            )
        )
        self.invalidate_model()

    # -- proposing -------------------------------------------------------------------

    @api.model
    def _propose(self, partner, company, limit=3):
        """What customers like this one bought next, that it has not bought yet.

        :param partner: a customer
        :return: rows of this model, the highest lift first, one per category
        """
        if not self.has_access("read"):
            return self.browse()
        self.env.flush_all()
        since = company._get_lifecycle_today() - relativedelta(months=MONTHS)
        rows = self.env.execute_query(
            SQL(
                """WITH own AS MATERIALIZED (
                    SELECT DISTINCT categ_id FROM (%s) l WHERE categ_id IS NOT NULL)
                SELECT id FROM (
                    SELECT DISTINCT ON (to_categ_id) id, lift, bought_count
                    FROM lifecycle_cross_sell
                    WHERE company_id = %s AND sure AND product_id IS NOT NULL
                      AND from_categ_id IN (SELECT categ_id FROM own)
                      AND to_categ_id NOT IN (SELECT categ_id FROM own)
                    ORDER BY to_categ_id, lift DESC, id) best
                ORDER BY lift DESC, bought_count DESC, id LIMIT %s""",
                self.env["lifecycle.transaction"]._select_product_lines(
                    company, since, partner.ids
                ),
                company.id,
                limit,
            )
        )
        return self.browse(row_id for (row_id,) in rows)
