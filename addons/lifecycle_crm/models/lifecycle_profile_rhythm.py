"""The customer in words: its rhythm, what to do next, and what it spent by month."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

CURVE_MONTHS = 24


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    rhythm_summary = fields.Char(
        string="Rhythm",
        compute="_compute_rhythm_summary",
        help="How often this customer buys, on average, and when it last did.",
    )
    next_step = fields.Char(
        string="What to Do Next",
        compute="_compute_next_step",
        help="What the rhythm and the scores of this customer suggest.",
    )
    spend_curve = fields.Json(
        string="Spend by Month",
        compute="_compute_spend_curve",
        help="Untaxed purchases less returns of the last 24 months, month by month, "
        "in the currency of the company. The last one is not over yet.",
    )

    @api.depends("gap_days", "last_order_date", "order_days")
    @api.depends_context("lang", "lifecycle_as_of", "company")
    def _compute_rhythm_summary(self):
        today = self._get_days_base()
        for profile in self:
            last = profile.last_order_date
            if not last:
                profile.rhythm_summary = self.env._("No purchase yet")
                continue
            ago = self._say_days_ago((today - last).days)
            if profile.gap_days:
                profile.rhythm_summary = self.env._(
                    "Every %(gap)s days; last %(ago)s",
                    gap=round(profile.gap_days) or 1,
                    ago=ago,
                )
            else:
                profile.rhythm_summary = self.env._("One day of purchase; %s", ago)

    @api.model
    def _say_days_ago(self, days):
        if days <= 0:
            return self.env._("today")
        if days == 1:
            return self.env._("yesterday")
        return self.env._("%s days ago", days)

    # -- what to do next -------------------------------------------------------

    @api.depends("last_order_date", "next_order_date", "at_risk_date", "lapse_date")
    @api.depends_context("lang", "lifecycle_as_of", "company")
    def _compute_next_step(self):
        for profile in self:
            steps = profile._get_next_steps()
            profile.next_step = steps[0]["text"] if steps else False

    def _get_next_steps(self):
        """What to do about one customer, the most pressing first.

        An addon that knows more extends it.

        :return: list of ``{text, tone, buttons: [{label, method}]}``; ``tone`` is a
            class of Bootstrap, a method is one of ``res.partner`` that returns an
            action
        """
        self.ensure_one()
        today = self._get_days_base()
        quote = {
            "label": self.env._("New Quotation"),
            "method": "action_lifecycle_quotation",
        }

        def step(text, tone):
            return [{"text": text, "tone": tone, "buttons": [quote]}]

        def day(value):
            return format_date(self.env, value)

        if not self.last_order_date:
            text = self.env._("Has not bought yet: ask what keeps them from it.")
            return step(text, "info")
        if self.lapse_date and self.lapse_date <= today:
            text = self.env._(
                "Counts as lapsed since %s: ask why, and make an offer to come back.",
                day(self.lapse_date),
            )
            return step(text, "danger")
        if self.at_risk_date and self.at_risk_date <= today:
            text = self.env._(
                "Overdue since %(expected)s: call. Without an order it counts as "
                "lapsed from %(lapse)s.",
                expected=day(self.next_order_date),
                lapse=day(self.lapse_date),
            )
            return step(text, "warning")
        if self.next_order_date and self.next_order_date <= today:
            text = self.env._(
                "The next order is due since %s: a good moment to call.",
                day(self.next_order_date),
            )
            return step(text, "info")
        text = self.env._(
            "Nothing is due: the next order is expected on %s.",
            day(self.next_order_date),
        )
        return step(text, "success")

    # -- spend -----------------------------------------------------------------

    @api.depends("partner_id", "company_id", "revenue_total")
    @api.depends_context("lifecycle_as_of", "company")
    def _compute_spend_curve(self):
        for company, profiles in self.grouped("company_id").items():
            curves = profiles._read_spend(company)
            for profile in profiles:
                profile.spend_curve = curves[profile.partner_id.id]
        for profile in self.filtered(lambda p: not p.company_id):
            profile.spend_curve = False

    def _read_spend(self, company):
        """What these customers spent by month, in one query.

        :param company: the company of all of them
        :return: ``{partner id: [{month, amount}]}``, oldest first, months as text of
            their first day, amounts in the currency of the company
        """
        today = self._get_days_base()
        first = today.replace(day=1) - relativedelta(months=CURVE_MONTHS - 1)
        months = [first + relativedelta(months=n) for n in range(CURVE_MONTHS)]
        self.env.flush_all()
        # Sums of a customer, no documents: who may read its revenue may read them.
        query = self.env["lifecycle.transaction"]._get_query(
            company, today, self.partner_id.ids
        )
        spent = defaultdict(float)
        for partner_id, month, amount in self.env.execute_query(
            SQL(
                """SELECT partner_id, date_trunc('month', day)::date, SUM(amount)
                FROM (%s) t WHERE day >= %s GROUP BY 1, 2""",
                query,
                first,
            )
        ):
            spent[partner_id, month] = float(amount)
        return {
            partner_id: [
                {"month": month.isoformat(), "amount": spent[partner_id, month]}
                for month in months
            ]
            for partner_id in self.partner_id.ids
        }
