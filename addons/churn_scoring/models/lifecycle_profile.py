from odoo import api, fields, models

from .churn_fields import UnknownFloat, UnknownMonetary

RISKS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
METHODS = [
    ("rule", "Rule: longer silent than twice the usual gap"),
    ("prior", "Model, not yet proven here"),
    ("avg2", "Average of two models"),
    ("avg4", "Average of four models"),
]
CONFIDENCES = [
    ("too_early", "Too early: younger than a usual gap"),
    ("one_order", "1 order: mostly an average of all customers"),
    ("unproven", "Model not yet proven here"),
    ("proven", "Proven on the past of the company"),
]


class LifecycleProfile(models.Model):
    """What is expected of a customer.  The engine writes it, as the other scores."""

    _inherit = "lifecycle.profile"

    churn_probability = UnknownFloat(
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Probability that the customer orders nothing within the churn horizon "
        "of the company, counted from today. Empty for who never bought, and while "
        "the company has too little history for probabilities.",
    )
    churn_risk = fields.Selection(
        RISKS,
        readonly=True,
        help="Band of the churn probability, by the cut points of the company. Empty "
        "for customers who have lapsed already: they are not at risk, they are gone.",
    )
    expected_orders = UnknownFloat(
        readonly=True,
        digits=(10, 2),
        help="Number of days with an order to expect within the churn horizon.",
    )
    clv_expected = UnknownMonetary(
        string="Expected Value",
        readonly=True,
        help="Expected customer lifetime value: what the customer will bring in the "
        "next months (12 by default), untaxed, in the currency of the company. While "
        "the company has too little history: what it brought in the last 12 months.",
    )
    clv_low = UnknownMonetary(
        string="Expected Value, at Least",
        readonly=True,
        aggregator=None,
        help="Lower end of the 80 % interval: one customer in ten brings less.",
    )
    clv_high = UnknownMonetary(
        string="Expected Value, at Most",
        readonly=True,
        aggregator=None,
        help="Upper end of the 80 % interval: one customer in ten brings more.",
    )
    revenue_at_risk = UnknownMonetary(
        string="Value at Risk",
        readonly=True,
        help="Churn probability times what the customer would bring in a year if it "
        "went on as before. Empty for who has lapsed already.",
    )
    churn_method = fields.Selection(
        METHODS, readonly=True, help="What the churn probability was made by."
    )
    churn_confidence = fields.Selection(
        CONFIDENCES,
        readonly=True,
        help="How far the churn probability and the expected value can be trusted.",
    )
    revenue_year = UnknownMonetary(
        string="Revenue in 12 Months",
        readonly=True,
        help="Untaxed purchases less returns of the last 12 months: what the expected "
        "value can be compared with.",
    )
    churn_offset = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 6),
        groups="lifecycle_crm.group_lifecycle_manager",
        help="What the models that look at every purchase add to the score, on the "
        "scale of the logit. Kept, so that a night without news need not read the "
        "purchases.",
    )
    value_factor = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 6),
        groups="lifecycle_crm.group_lifecycle_manager",
        help="The same for the expected value, as a factor.",
    )

    # -- in words, for the form ------------------------------------------------

    churn_summary = fields.Char(
        string="Churn",
        compute="_compute_churn_summary",
        help="Churn probability, the time it stands for, and how sure it is.",
    )
    value_summary = fields.Char(
        string="Value",
        compute="_compute_churn_summary",
        help="Expected value with its 80 % interval.",
    )
    churn_lapsed = fields.Boolean(
        string="Already Lapsed",
        compute="_compute_churn_summary",
        help="The lapse period has passed: the customer is not at risk, it is gone.",
    )

    @api.depends(
        "churn_probability",
        "churn_confidence",
        "clv_expected",
        "clv_low",
        "clv_high",
        "lapse_date",
    )
    @api.depends_context("lang", "lifecycle_as_of", "company")
    def _compute_churn_summary(self):
        today = self._get_days_base()
        # no secret: the horizon, not the parameters
        actives = self.env["churn.model"].sudo()
        horizons = {
            company: actives._get_active(company) for company in self.company_id
        }
        for profile in self:
            model = horizons[profile.company_id]
            profile.churn_lapsed = bool(
                profile.lapse_date and profile.lapse_date <= today
            )
            profile.churn_summary = profile._say_churn(model)
            profile.value_summary = profile._say_value(model)

    def _say_churn(self, model):
        if self.churn_method in (False, "rule") or not self.churn_confidence:
            return False
        return self.env._(
            "%(percent)s %% that no order comes within %(days)s days",
            percent=round(100 * self.churn_probability),
            days=model.horizon_days,
        )

    def _say_value(self, model):
        if not self.churn_method:
            return False
        currency = self.currency_id
        if self.churn_method == "rule":
            return self.env._(
                "%(value)s: what came in the last 12 months",
                value=currency.format(self.clv_expected),
            )
        return self.env._(
            "%(value)s in the next %(months)s months; eight of ten such customers "
            "bring %(low)s to %(high)s",
            value=currency.format(self.clv_expected),
            months=model.clv_months,
            low=currency.format(self.clv_low),
            high=currency.format(self.clv_high),
        )
