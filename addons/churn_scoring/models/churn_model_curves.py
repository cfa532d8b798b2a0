"""The curves of the model card."""

from odoo import api, fields, models
from odoo.tools import format_date

_HISTORY = 26  # trainings in the curve: half a year


class ChurnModel(models.Model):
    _inherit = "churn.model"

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

    @api.depends("calibration", "company_id", "state")
    @api.depends_context("lang")
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
                        # unknown where only one left, or stayed
                        "low": _get_known(other.auc_low),
                        "high": _get_known(other.auc_high),
                    }
                    for other in reversed(past)
                ],
            }


def _get_known(figure):
    """None for JSON where a figure is unknown."""
    return None if figure is False else figure
