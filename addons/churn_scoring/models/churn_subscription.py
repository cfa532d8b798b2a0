"""Subscriptions and contracts: whether a customer left is seen, not guessed."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

DAYS_PER_MONTH = 30.4375
# Of a subscription that was billed once, where nobody was billed twice.
_DEFAULT_INTERVAL = 30
# Months ahead of which the value is expected.
VALUE_MONTHS = 12


class ChurnSubscription(models.Model):
    """One row per customer with recurring revenue, written by the engine's numbers."""

    _name = "churn.subscription"
    _description = "Customer with Recurring Revenue"
    _order = "expected_value desc, id"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    start_date = fields.Date(
        readonly=True, help="Day of the first sale of recurring revenue."
    )
    last_date = fields.Date(
        string="Last Billed", readonly=True, help="Day of the latest such sale."
    )
    interval_days = fields.Float(
        string="Usual Interval (days)",
        readonly=True,
        digits=(8, 1),
        aggregator="avg",
        help="Median number of days between two such sales to this customer; that of "
        "all customers where there was one only.",
    )
    state = fields.Selection(
        [("running", "Running"), ("ended", "Ended")],
        readonly=True,
        help="Ended: nothing was billed for twice the usual interval.",
    )
    end_date = fields.Date(
        readonly=True, help="Last billed plus one interval: until then it was paid."
    )
    age_months = fields.Float(
        string="Age (months)",
        readonly=True,
        digits=(8, 1),
        aggregator="avg",
        help="From the first sale to the end, or to today.",
    )
    monthly_value = fields.Monetary(
        readonly=True,
        help="Margin per month, or revenue where the margin is not known, over the "
        "time that was paid for.",
    )
    expected_value = fields.Monetary(
        readonly=True,
        help="Expected value of the next 12 months: the monthly value times the "
        "probability of each month to be still subscribed (Kaplan and Meier). 0 for "
        "what has ended.",
    )

    _customer_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "There is one row per customer and company.",
    )

    def action_refresh(self):
        """Read the recurring sales again."""
        if not self.env.user.has_group("lifecycle_crm.group_lifecycle_manager"):
            raise AccessError(
                self.env._("Only a lifecycle manager can refresh the subscriptions.")
            )
        # of the chosen companies, as the scheduled action would
        for company in self.env.companies:
            self.sudo()._refresh(company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # -- computing -----------------------------------------------------------------

    @api.model
    def _refresh(self, company):
        """Bring the subscriptions and the retention curve of a company up to date."""
        from ..scoring import kaplan_meier

        self.env.flush_all()
        self._forget(company)
        transactions = self.env["lifecycle.transaction"]
        if not transactions._sells_recurring(company.id):
            return
        found = self._read_subscriptions(company)
        if not len(found["partner_id"]):
            return
        curve = kaplan_meier.fit(found["age_months"], found["ended"])
        found["expected_value"] = kaplan_meier.remaining_value(
            curve, found["age_months"], found["monthly_value"], VALUE_MONTHS
        )
        found["expected_value"][found["ended"]] = 0.0
        self._store(company, found)
        self.env["churn.retention"]._store(company, curve, found)

    @api.model
    def _forget(self, company):
        for table in (self._table, self.env["churn.retention"]._table):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE company_id = %s",
                    SQL.identifier(table),
                    company.id,
                )
            )
        self.env.invalidate_all(flush=False)

    @api.model
    def _read_subscriptions(self, company):
        """One subscription per customer, as arrays by name; days since 1970-01-01."""
        import numpy as np

        from odoo.addons.lifecycle_crm.scoring.days import day_number

        rows = self.env["lifecycle.engine"]._copy_out(
            self.env.cr,
            self._select_billed_days(company),
            {"customer": "int4", "day": "int4", "value": "int8"},
        )
        begins = np.ones(len(rows["customer"]), dtype=bool)
        begins[1:] = rows["customer"][1:] != rows["customer"][:-1]
        starts = np.flatnonzero(begins)
        lengths = np.diff(np.append(starts, len(begins)))
        first, last = rows["day"][starts], rows["day"][starts + lengths - 1]
        interval = self._find_intervals(rows["day"], starts, lengths)
        today = day_number(company._get_lifecycle_today())
        ended = today - last > 2 * interval
        end = last + interval
        age = np.where(ended, end - first, today - first) / DAYS_PER_MONTH
        paid_months = np.maximum(end - first, 1) / DAYS_PER_MONTH
        value = np.add.reduceat(rows["value"], starts) if len(starts) else first
        return {
            "partner_id": rows["customer"][starts],
            "first": first,
            "last": last,
            "interval": interval,
            "ended": ended,
            "end": np.round(end).astype(np.int64),
            "age_months": age,
            "monthly_value": value
            / 10**company.currency_id.decimal_places
            / paid_months,
        }

    @api.model
    def _find_intervals(self, day, starts, lengths):
        """Median gap of each customer, that of all gaps where there is none."""
        import numpy as np

        gaps = np.diff(day)
        inside = np.ones(len(day), dtype=bool)
        inside[starts] = False
        every = gaps[inside[1:]]
        usual = float(np.median(every)) if len(every) else _DEFAULT_INTERVAL
        # sorted within each customer: the median is in the middle of its part
        owner = np.repeat(np.arange(len(starts)), lengths - 1)
        every = every[np.lexsort((every, owner))]
        count = lengths - 1
        begin = np.cumsum(count) - count
        has = count > 0
        interval = np.full(len(starts), usual)
        low = begin[has] + (count[has] - 1) // 2
        high = begin[has] + count[has] // 2
        interval[has] = (every[low] + every[high]) / 2
        return interval

    @api.model
    def _select_billed_days(self, company):
        """``customer, day, value`` of recurring sales, sorted, one row a day.

        The value is in the smallest unit of the currency.
        """
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(company)
        if company.lifecycle_source == "invoice":
            lines = transactions._select_billed_invoices(scope)
        else:
            lines = transactions._select_billed_orders(scope)
        return SQL(
            """SELECT c.commercial_partner_id, (l.day - DATE '1970-01-01')::int4,
                (SUM(l.value) * %s)::int8
            FROM (%s) l JOIN res_partner c ON c.id = l.contact_id
            WHERE %s
            GROUP BY c.commercial_partner_id, l.day
            HAVING SUM(l.value) > 0
            ORDER BY c.commercial_partner_id, l.day""",
            10**company.currency_id.decimal_places,
            lines,
            transactions._is_customer(SQL("c.commercial_partner_id")),
        )

    @api.model
    def _store(self, company, found):
        epoch = SQL("DATE '1970-01-01'")
        self.env.cr.execute(
            SQL(
                """INSERT INTO churn_subscription (company_id, partner_id, start_date,
                    last_date, interval_days, state, end_date, age_months,
                    monthly_value, expected_value)
                SELECT %(company)s, partner_id, %(epoch)s + first, %(epoch)s + last,
                    span, CASE WHEN ended THEN 'ended' ELSE 'running' END,
                    CASE WHEN ended THEN %(epoch)s + until END, age,
                    ROUND(monthly::numeric, %(digits)s),
                    ROUND(expected::numeric, %(digits)s)
                FROM unnest(%(partners)s::int[], %(first)s::int[], %(last)s::int[],
                    %(spans)s::float8[], %(ended)s::bool[], %(ends)s::int[],
                    %(ages)s::float8[], %(monthly)s::float8[], %(expected)s::float8[])
                    AS t(partner_id, first, last, span, ended, until, age, monthly,
                        expected)""",
                company=company.id,
                epoch=epoch,
                digits=company.currency_id.decimal_places,
                partners=found["partner_id"].tolist(),
                first=found["first"].tolist(),
                last=found["last"].tolist(),
                spans=found["interval"].tolist(),
                ended=found["ended"].tolist(),
                ends=found["end"].tolist(),
                ages=found["age_months"].tolist(),
                monthly=found["monthly_value"].tolist(),
                expected=found["expected_value"].tolist(),
            )
        )
