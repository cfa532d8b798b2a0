"""The model card: what a training found, in plain words."""

import json

from odoo import api, fields, models
from odoo.tools import format_date

from .churn_model import MANAGERS

# What people make of a distance between said and happened.
_GOOD, _FAIR = 0.03, 0.08
_HISTORY = 26  # trainings in the curve: half a year


class ChurnModel(models.Model):
    _inherit = "churn.model"

    summary = fields.Char(
        compute="_compute_summary", help="The verdict in one sentence."
    )
    level_text = fields.Text(
        string="What It Is", compute="_compute_texts", help="The level in words."
    )
    missing_text = fields.Text(
        string="What Is Missing",
        compute="_compute_texts",
        help="What the next level needs, and what there is.",
    )
    veto_text = fields.Text(
        string="What Speaks Against",
        compute="_compute_texts",
        help="Why a level that was reached is not used.",
    )
    ranking_text = fields.Text(
        string="Ranking", compute="_compute_texts", help="The AUC in words."
    )
    probability_text = fields.Text(
        string="Probabilities", compute="_compute_texts", help="The Brier in words."
    )
    calibration_text = fields.Text(
        string="Said and Happened",
        compute="_compute_texts",
        help="The calibration in words.",
    )
    value_text = fields.Text(
        string="Expected Value", compute="_compute_texts", help="CLV in words."
    )
    bands_text = fields.Text(
        string="Risk Bands", compute="_compute_texts", help="The cut points in words."
    )
    params_text = fields.Text(
        string="Parameters in Full",
        compute="_compute_params_text",
        groups=MANAGERS,
        help="Parameters of the models, for who wants to check them.",
    )
    company_judgement_ids = fields.Many2many(
        "churn.judgement",
        compute="_compute_judgements",
        string="Judgements",
        help="What was said by this and earlier models, and what happened.",
    )
    curve = fields.Json(
        string="Calibration Curve",
        compute="_compute_curves",
        help="For each of ten groups of customers: what was said, what happened.",
    )
    history_curve = fields.Json(
        string="Trainings So Far",
        compute="_compute_curves",
        help="The AUC of each training with its 95 % interval.",
    )

    @api.depends("as_of", "company_id", "state")
    def _compute_display_name(self):
        for model in self:
            day = format_date(self.env, model.as_of) if model.as_of else "…"
            model.display_name = self.env._(
                "%(company)s, %(day)s", company=model.company_id.name, day=day
            )

    # -- in one sentence -----------------------------------------------------------

    @api.depends("state", "rung", "auc", "as_of")
    @api.depends_context("lang")
    def _compute_summary(self):
        for model in self:
            model.summary = model._get_summary() if model.rung else False

    def _get_summary(self):
        self.ensure_one()
        values = {
            "day": format_date(self.env, self.as_of),
            "customers": f"{self.customer_count:,}",
            "horizon": self.horizon_days,
        }
        if self.rung == "0":
            return self.env._(
                "Too little history for probabilities on %(day)s: a plain rule is used "
                "(%(customers)s customers).",
                **values,
            )
        if self.rung == "1":
            return self.env._(
                "A model of %(day)s that is not yet proven here: churn is no order "
                "within %(horizon)s days (%(customers)s customers).",
                **values,
            )
        return self.env._(
            "Proven on %(day)s: of two customers, one who left and one who stayed, it "
            "ranks them rightly in %(pairs)s of 100 pairs; churn is no order within "
            "%(horizon)s days (%(customers)s customers).",
            pairs=round(100 * self.auc),
            **values,
        )

    # -- in words ------------------------------------------------------------------

    @api.depends("rung", "method", "auc", "brier", "ece", "clv_bias", "reasons")
    @api.depends_context("lang")
    def _compute_texts(self):
        for model in self:
            known = bool(model.rung)
            judged = known and model.has_backtest
            reasons = model.reasons or {}
            model.level_text = known and model._say_level()
            model.missing_text = model._say_reasons(reasons.get("missing"))
            model.veto_text = model._say_reasons(reasons.get("vetoes"))
            model.ranking_text = judged and model._say_ranking()
            model.probability_text = judged and model._say_probability()
            model.calibration_text = judged and model._say_calibration()
            model.value_text = judged and model._say_value()
            model.bands_text = known and model._say_bands()

    def _say_level(self):
        return {
            "0": self.env._(
                "There is not enough history for probabilities. Customers who have "
                "not ordered for twice their usual gap are at high risk; the expected "
                "value is what they brought in the last 12 months."
            ),
            "1": self.env._(
                "The model rests partly on what is usual elsewhere, for there are few "
                "customers here yet. Its probabilities can be used; how good they are "
                "here is not proven yet."
            ),
            "2": self.env._(
                "Two models are averaged: one of how customers buy and leave, and one "
                "learned from who left and who stayed. The average was judged on the "
                "past of the company, with what was known at that time only."
            ),
            "3": self.env._(
                "Four models are averaged, two of which look at every purchase of a "
                "customer. The average was judged on the past of the company, with "
                "what was known at that time only."
            ),
        }[self.rung]

    def _say_ranking(self):
        return self.env._(
            "Of two customers, one who left and one who stayed, it ranks them rightly "
            "in %(pairs)s of 100 pairs (with 95 %% certainty in %(low)s to %(high)s). "
            "By chance it would be 50.",
            pairs=round(100 * self.auc),
            low=round(100 * self.auc_low),
            high=round(100 * self.auc_high),
        )

    def _say_probability(self):
        better = 1 - self.brier / self.brier_base if self.brier_base else 0
        text = self.env._(
            "The error of the probabilities (Brier score) is %(own)s. Giving everybody "
            "the average would make %(base)s: the model takes away %(percent)s %% of "
            "that.",
            own=f"{self.brier:.4f}",
            base=f"{self.brier_base:.4f}",
            percent=round(100 * better),
        )
        if self.brier_recency:
            text += " " + self.env._(
                "Knowing only the days since the last order makes %(recency)s.",
                recency=f"{self.brier_recency:.4f}",
            )
        return text

    def _say_calibration(self):
        text = self.env._(
            "Of %(count)s customers it said that %(said)s %% would leave; %(happened)s "
            "%% did.",
            count=f"{self.judged_count:,}",
            said=round(100 * self.predicted_share),
            happened=round(100 * self.observed_share),
        )
        points = f"{100 * self.ece:.1f}"
        if self.ece <= _GOOD:
            more = self.env._(
                "A percentage can be taken as it stands: it is off by %(points)s "
                "points on average.",
                points=points,
            )
        elif self.ece <= _FAIR:
            more = self.env._(
                "A percentage is about right: it is off by %(points)s points on "
                "average.",
                points=points,
            )
        else:
            more = self.env._(
                "Trust the order of the customers more than the percentages: they are "
                "off by %(points)s points on average.",
                points=points,
            )
        return f"{text} {more}"

    def _say_value(self):
        if not self.clv_mae_last and not self.clv_mae:
            return False
        currency = self.currency_id
        text = self.env._(
            "For every 100 that came within %(days)s days, it had said %(said)s. The "
            "value of a customer was off by %(own)s on average; guessing that "
            "everybody spends what it spent the time before is off by %(last)s.",
            days=self.horizon_days,
            said=round(100 * self.clv_bias),
            own=currency.format(self.clv_mae),
            last=currency.format(self.clv_mae_last),
        )
        if self.lift:
            text += " " + self.env._(
                "The tenth of the customers expected to bring most brought %(lift)s "
                "times the average.",
                lift=f"{self.lift:.1f}",
            )
        return text

    def _say_bands(self):
        company = self.company_id
        if self.rung == "0":
            return self.env._(
                "High: silent for twice the usual gap. Medium: the next order is "
                "overdue. Customers who have lapsed are in no band."
            )
        medium, high = self.cut_medium, self.cut_high
        if not company.churn_bands_auto:
            medium, high = company.churn_cut_medium / 100, company.churn_cut_high / 100
        if not medium:
            return self.env._(
                "The customers do not differ enough to be put into bands of risk."
            )
        if high > 1:
            return self.env._(
                "Medium from a churn probability of %(medium)s %% on. Higher ones do "
                "not differ enough. Customers who have lapsed are in no band.",
                medium=round(100 * medium),
            )
        return self.env._(
            "Medium from a churn probability of %(medium)s %% on, high from %(high)s "
            "%%. Customers who have lapsed are in no band.",
            medium=round(100 * medium),
            high=round(100 * high),
        )

    # -- parameters and judgements -------------------------------------------------

    @api.depends("params")
    def _compute_params_text(self):
        for model in self:
            model.params_text = model.params and json.dumps(model.params, indent=2)

    @api.depends("company_id")
    def _compute_judgements(self):
        for model in self:
            model.company_judgement_ids = self.env["churn.judgement"].search(
                [("company_id", "=", model.company_id.id)]
            )

    # -- curves --------------------------------------------------------------------

    @api.depends("calibration", "company_id", "state")
    def _compute_curves(self):
        for model in self:
            model.curve = {"kind": "calibration", "groups": model.calibration or []}
            past = self.search(
                [
                    ("company_id", "=", model.company_id.id),
                    ("has_backtest", "=", True),
                    ("as_of", "<=", model.as_of or fields.Date.today()),
                ],
                limit=_HISTORY,
            )
            model.history_curve = {
                "kind": "history",
                "points": [
                    {
                        "day": format_date(self.env, other.as_of),
                        "auc": other.auc,
                        "low": other.auc_low,
                        "high": other.auc_high,
                    }
                    for other in reversed(past)
                ],
            }
