"""The backtest of a training: what it would have said one horizon ago."""

from odoo import fields, models

from .churn_fields import UnknownFloat, UnknownMonetary


class ChurnModel(models.Model):
    _inherit = "churn.model"

    judged_count = fields.Integer(
        string="Customers in the Backtest",
        readonly=True,
        aggregator=False,
        help="Customers of one horizon before the training, who were scored with what "
        "was known then.",
    )
    left_count = fields.Integer(
        string="Left",
        readonly=True,
        aggregator=False,
        help="Of these, who ordered nothing within the horizon.",
    )
    auc = UnknownFloat(
        string="AUC",
        readonly=True,
        aggregator="avg",
        digits=(5, 3),
        help="Of two customers, one who left and one who stayed: how often the one who "
        "left had the higher probability. 0.5 is chance, 1 is perfect.",
    )
    auc_low = UnknownFloat(
        string="AUC, at Least",
        readonly=True,
        aggregator=False,
        digits=(5, 3),
        help="Lower end of the 95 % interval (DeLong).",
    )
    auc_high = UnknownFloat(
        string="AUC, at Most",
        readonly=True,
        aggregator=False,
        digits=(5, 3),
        help="Upper end of the 95 % interval (DeLong).",
    )
    brier = UnknownFloat(
        string="Brier Score",
        readonly=True,
        aggregator="avg",
        digits=(6, 4),
        help="Mean squared error of the probabilities: smaller is better.",
    )
    brier_base = UnknownFloat(
        string="Brier of the Average",
        readonly=True,
        aggregator="avg",
        digits=(6, 4),
        help="The same for a model that gives everybody the average.",
    )
    brier_recency = UnknownFloat(
        string="Brier of the Last Order",
        readonly=True,
        aggregator="avg",
        digits=(6, 4),
        help="The same for a model that knows only the days since the last order.",
    )
    ece = UnknownFloat(
        string="Calibration Error",
        readonly=True,
        aggregator="avg",
        digits=(5, 3),
        help="Mean distance between what was said and what happened, in ten groups.",
    )
    calibration = fields.Json(
        readonly=True,
        help="Ten groups from the lowest probability to the highest: what was said, "
        "what happened, number of customers.",
    )
    predicted_share = UnknownFloat(
        string="Said to Leave",
        readonly=True,
        aggregator="avg",
        digits=(5, 4),
        help="Share of the customers who would leave, by the probabilities.",
    )
    observed_share = UnknownFloat(
        string="Did Leave",
        readonly=True,
        aggregator="avg",
        digits=(5, 4),
        help="Share of the customers who did.",
    )
    clv_bias = UnknownFloat(
        string="Value Said / Came",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Revenue that was expected within the horizon, divided by what came: 1.10 "
        "is a tenth too much.",
    )
    clv_mae = UnknownMonetary(
        string="Error of the Value",
        readonly=True,
        aggregator="avg",
        help="Mean absolute error of the value expected of a customer.",
    )
    clv_mae_last = UnknownMonetary(
        string="Error of “As Last Time”",
        readonly=True,
        aggregator="avg",
        help="The same for the guess that each customer spends what it spent in the "
        "period before.",
    )
    lift = UnknownFloat(
        string="Top Tenth",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="How many times the average the tenth of the customers brought that was "
        "expected to bring most.",
    )
    has_backtest = fields.Boolean(
        readonly=True, help="Whether there was enough history to judge it."
    )
    vetoed = fields.Boolean(
        string="Fell Back",
        readonly=True,
        help="A higher level was reached, but the backtest spoke against it.",
    )
