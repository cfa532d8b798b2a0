"""Kept predictions, judged by what happened: the honest backtest."""

from odoo import api, fields, models
from odoo.tools import format_date

from .churn_fields import UnknownFloat, UnknownMonetary


class ChurnJudgement(models.Model):
    _name = "churn.judgement"
    _description = "Judged Predictions"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    model_id = fields.Many2one(
        "churn.model",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The model that said it.",
    )
    kind = fields.Selection(
        [("churn", "Churn"), ("value", "Expected Value")],
        required=True,
        readonly=True,
        help="What was judged: the probability of no order within the horizon, or the "
        "value expected of the months after.",
    )
    date = fields.Date(
        string="Said On", required=True, readonly=True, help="Day of the predictions."
    )
    until = fields.Date(
        string="Judged Up To", readonly=True, help="Last day that was waited for."
    )
    horizon_days = fields.Integer(
        string="Horizon (days)", readonly=True, aggregator=False
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        aggregator=False,
        help="Customers of whom something was said.",
    )
    predicted_share = UnknownFloat(
        string="Said to Leave",
        readonly=True,
        aggregator="avg",
        digits=(5, 4),
        help="Share of the customers who would order nothing, by the probabilities.",
    )
    observed_share = UnknownFloat(
        string="Did Leave",
        readonly=True,
        aggregator="avg",
        digits=(5, 4),
        help="Share of the customers who ordered nothing.",
    )
    share_low = fields.Float(
        string="At Least",
        readonly=True,
        aggregator=False,
        digits=(5, 4),
        help="Lower end of what may happen where the model is right: what chance "
        "explains (95 %), and five points more for what no model knows, as a season.",
    )
    share_high = fields.Float(
        string="At Most",
        readonly=True,
        aggregator=False,
        digits=(5, 4),
        help="Upper end of what may happen where the model is right.",
    )
    auc = UnknownFloat(
        string="AUC",
        readonly=True,
        aggregator="avg",
        digits=(5, 3),
        help="Of two customers, one who left and one who stayed: how often the one who "
        "left had the higher probability.",
    )
    auc_low = UnknownFloat(
        string="AUC, at Least", readonly=True, aggregator=False, digits=(5, 3)
    )
    auc_high = UnknownFloat(
        string="AUC, at Most", readonly=True, aggregator=False, digits=(5, 3)
    )
    brier = UnknownFloat(
        string="Brier Score", readonly=True, aggregator="avg", digits=(6, 4)
    )
    value_predicted = UnknownMonetary(
        string="Value Said",
        readonly=True,
        help="Sum of the expected values.",
    )
    value_observed = UnknownMonetary(
        string="Value That Came",
        readonly=True,
        help="Revenue of these customers in these months.",
    )
    value_mae = UnknownMonetary(
        string="Error of the Value",
        readonly=True,
        aggregator="avg",
        help="Mean absolute error of the value expected of a customer.",
    )
    drift = fields.Boolean(
        string="Off",
        readonly=True,
        help="What happened lies outside of what may happen where the model is right.",
    )
    verdict = fields.Char(
        compute="_compute_verdict", help="What was said, and what happened."
    )

    _said_uniq = models.Constraint(
        "UNIQUE(company_id, date, kind)",
        "What was said on a day is judged once.",
    )

    @api.depends("date", "kind", "predicted_share", "observed_share", "drift")
    @api.depends_context("lang")
    def _compute_verdict(self):
        for judged in self:
            day = format_date(self.env, judged.date)
            if judged.kind == "value":
                judged.verdict = self.env._(
                    "%(day)s: %(said)s said, %(came)s came",
                    day=day,
                    said=judged.currency_id.format(judged.value_predicted),
                    came=judged.currency_id.format(judged.value_observed),
                )
            else:
                judged.verdict = self.env._(
                    "%(day)s: %(said)s %% said, %(happened)s %% happened",
                    day=day,
                    said=round(100 * judged.predicted_share),
                    happened=round(100 * judged.observed_share),
                )
