"""Training: from the purchases of a company to a model with its figures."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.scoring.days import day_number

from .churn_model_scales import NEVER

# Parameters learned from so many are those learned from all, to a percent.
LEARNED_FROM = 200_000
_METHODS = {"rule": "rule", "mbg": "prior", "avg2": "avg2", "avg4": "avg4"}


@dataclass(frozen=True)
class Scoring:
    """What customers are scored by.

    :param model: the kernel's :class:`..scoring.model.TrainedModel`
    :param cuts: probabilities from which the risk is medium and high; None: to be
        found from the customers themselves
    :param value_scale: mean value of an order day, None: that of the customers at hand
    :param value_days: days that the expected value is of, None: the months of the model
    """

    model: object
    cuts: tuple[float, float] | None
    value_scale: float | None = None
    value_days: int | None = None

    @property
    def method(self) -> str:
        return _METHODS[self.model.method]


class ChurnModel(models.Model):
    _inherit = "churn.model"

    trees_churn = fields.Binary(
        attachment=True,
        readonly=True,
        groups="lifecycle_crm.group_lifecycle_manager",
        help="Boosted trees of the probability, as plain arrays.",
    )
    trees_spend = fields.Binary(
        attachment=True,
        readonly=True,
        groups="lifecycle_crm.group_lifecycle_manager",
        help="Boosted trees of the value, as plain arrays.",
    )

    # -- to score by -------------------------------------------------------------

    def _get_scoring(self):
        """What the customers of the company are scored by, with its cut points."""
        self.ensure_one()
        company = self.company_id
        if company.churn_bands_auto:
            cuts = (self.cut_medium or NEVER, self.cut_high or NEVER)
        else:
            cuts = (company.churn_cut_medium / 100, company.churn_cut_high / 100)
        return Scoring(self._load(), cuts, self.value_scale or None)

    @tools.ormcache("self.id")
    def _load(self):
        """The kernel's model.

        What was trained is never written again, so it is read once per process.
        """
        from ..scoring.model import TrainedModel

        row = self.with_context(bin_size=False)
        trees = {
            name: b64decode(row[f"trees_{name}"])
            for name in ("churn", "spend")
            if row[f"trees_{name}"]
        }
        return TrainedModel.from_json(json.dumps(row.params), trees)

    # -- to learn ------------------------------------------------------------------

    def _train(self, company, as_of):
        """Train on the purchases of a company up to a day; changes nothing.

        :return: values of a row
        """
        engine = self.env["lifecycle.engine"].with_company(company)
        engine._flush_sources()
        share, count = self._choose_share(company)
        drawn = engine._draw(self.env.cr, share)
        lasting, changed = engine._read_from(
            company,
            lambda cr: engine._read_parted_purchases(
                company, as_of, cr=cr, drawn=drawn
            ),
        )
        purchases, known_at = lasting, None
        if len(changed):
            purchases = lasting.merge(changed)
            known_at = self._get_known_at(company, lasting, changed, as_of, drawn)
        model = self._learn(company, purchases, as_of, count=count, known_at=known_at)
        return {
            "as_of": as_of,
            "value_basis": company._get_value_basis(),
            **self._get_values(model),
            **self._find_scales(company, model, purchases, as_of, share),
        }

    @api.model
    def _choose_share(self, company):
        """Whose purchases a training reads: of more than it learns from, a draw.

        :return: (share of the customers, None for all; how many there are, None: to
            be counted)
        """
        [[count]] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*) FROM lifecycle_profile
                WHERE company_id = %s AND order_count > 0""",
                company.id,
            )
        )
        if count <= LEARNED_FROM:
            return None, None
        # a hair less: a draw is not exact, and what it has too much is read for nothing
        return (LEARNED_FROM - 2 * LEARNED_FROM**0.5) / count, count

    @api.model
    def _learn(
        self,
        company,
        purchases,
        as_of,
        horizon_days=None,
        count=None,
        known_at=None,
    ):
        """The kernel's model of the purchases up to a day.

        :param horizon_days: default as in the settings
        :param count: number of customers, where the purchases are of some of them
        :param known_at: as for the kernel's ``train``
        """
        from ..scoring.training import TrainingSettings, train

        if horizon_days is None and not company.churn_horizon_auto:
            horizon_days = company.churn_horizon_days
        settings = TrainingSettings(
            horizon_days=horizon_days,
            clv_months=int(company.churn_clv_months),
            discount_rate=company.churn_discount_rate / 100,
            digits=company.currency_id.decimal_places,
            cap=LEARNED_FROM,
        )
        return train(purchases, day_number(as_of), settings, count, known_at)

    @api.model
    def _get_known_at(self, company, lasting, changed, as_of, drawn=None):
        """What the kernel asks for purchases as they were known on an earlier day.

        What was returned later was an order until then.

        :param lasting: purchases that looked the same on every day
        :param changed: the others, as they look on the day
        :param drawn: who was read, see ``lifecycle.engine._draw``; not given: all
        """
        import numpy as np

        engine, today = self.env["lifecycle.engine"], day_number(as_of)
        # nobody else's looked different on any day; a draw is told faster than a list
        partner_ids = None if drawn else np.unique(changed.customer).tolist()

        def known_at(day):
            date = as_of - timedelta(days=today - day)
            then = engine._read_purchases(
                company, date, partner_ids, known=as_of, drawn=drawn
            )
            return lasting.until(day).merge(then)

        return known_at

    @api.model
    def _learn_for(self, company, purchases, as_of, horizon_days=None):
        """A model of a day of the past, from what was known then; kept nowhere.

        :param purchases: as known on the day
        :param horizon_days: of the probability and of the value; default as in the
            settings
        """
        company = company.sudo()  # settings of a company that the user may ask about
        engine, known_at = self.env["lifecycle.engine"], None
        if len(engine._read_purchases(company, as_of, known=as_of)):
            lasting, changed = engine._read_parted_purchases(company, as_of)
            known_at = self._get_known_at(company, lasting, changed, as_of)
        model = self._learn(company, purchases, as_of, horizon_days, known_at=known_at)
        cuts = None
        if not company.churn_bands_auto:
            cuts = (company.churn_cut_medium / 100, company.churn_cut_high / 100)
        return Scoring(model, cuts, value_days=horizon_days)

    # -- to keep -------------------------------------------------------------------

    @api.model
    def _get_values(self, model):
        """Values of a row, of a kernel's model."""
        trees = model.trees_to_bytes()
        return {
            "rung": str(model.rung),
            "method": _METHODS[model.method],
            "horizon_days": model.horizon,
            "clv_months": model.clv_months,
            "discount_rate": 100 * model.discount_rate,
            "customer_count": model.customers,
            "repeater_count": model.repeaters,
            "history_days": model.days,
            "top_share": 100 * (model.largest_share or 0),
            "params": json.loads(model.to_json()),
            "reasons": {"missing": model.reasons, "vetoes": model.vetoes},
            "vetoed": bool(model.vetoes),
            **{f"trees_{name}": b64encode(data) for name, data in trees.items()},
            **self._get_figures(model.backtest),
        }

    @api.model
    def _get_figures(self, backtest):
        """Values of a row, of a kernel's backtest; empty where there is none."""
        churn = backtest.get("churn") or {}
        value = backtest.get("value") or {}
        judged = bool(churn.get("auc"))
        return {
            "has_backtest": judged,
            "judged_count": churn.get("count") or 0,
            "left_count": churn.get("left") or 0,
            "predicted_share": _get_known(churn, "mean_predicted"),
            "observed_share": _get_known(churn, "base_rate"),
            "calibration": churn.get("bins") or [],
            **{
                name: _get_known(churn, name)
                for name in (
                    "auc",
                    "auc_low",
                    "auc_high",
                    "brier",
                    "brier_base",
                    "brier_recency",
                    "ece",
                )
            },
            "clv_bias": _get_known(value, "bias"),
            "clv_mae": _get_known(value, "mae"),
            "clv_mae_last": _get_known(value, "mae_last_period"),
            "lift": _get_known(value, "lift"),
        }


def _get_known(figures, name):
    """A figure, False where there is none."""
    value = figures.get(name)
    return False if value is None else value
