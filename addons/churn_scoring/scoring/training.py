"""Training, with the backtest that says whether the models hold here.

Nothing after the day of the training is used. What is learned by a label (no order in
the H days after a cut) takes a cut H days ago; what is not (purchase and value models)
takes everything up to the day.

The backtest does all of it again as of H days ago, with what was known then (an order
that was returned later was an order), and compares what it would have said with what
happened in the H days since. It reports and may veto; it never picks the best of
several models, which costs more than it brings.
Sources: the measurements behind these choices are summed up in docs/model-quality.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from . import boosting, logistic, metrics
from .customers import Customers, find_order_days
from .drawing import choose, choose_known
from .horizon import find_horizon, find_median_gap
from .ladder import (
    LARGE,
    METHODS,
    MIN_CUSTOMERS,
    NO_MODEL,
    PROVEN,
    UNPROVEN,
    History,
    find_rung,
    find_vetoes,
)
from .learning import Learned, Sample, find_windows, learn
from .lifetime_value import expected_spend
from .model import Baseline, TrainedModel, is_finite
from .parallel import calm_blas
from .score import find_logits, find_value_factor
from .windows import Window, find_spend

# Who ordered within so many horizons is one of those whom a customer is set beside.
BASELINE_HORIZONS = 2


@dataclass(frozen=True)
class TrainingSettings:
    """What a company decides, and limits.

    :param horizon_days: None to find it in the gaps between orders
    :param clv_months: period of the lifetime value
    :param discount_rate: per year
    :param digits: decimals of the currency
    :param max_rung: highest rung allowed
    :param cap: customers learned from and judged on; more are drawn at random
    :param trees_cap: the same of the sixteen features and the trees
    """

    horizon_days: int | None = None
    clv_months: int = 12
    discount_rate: float = 0.1
    digits: int = 2
    seed: int = 0
    max_rung: int = LARGE
    cap: int = 200_000
    trees_cap: int = 50_000


def train(
    purchases,
    as_of: int,
    settings: TrainingSettings,
    count: int | None = None,
    known_at: Callable[[int], object] | None = None,
) -> TrainedModel:
    """The best model that the history carries and that its backtest does not veto.

    :param purchases: as for ``Customers.from_purchases``; later rows are left out
    :param as_of: the day whose end is known
    :param count: number of the company's customers, where the purchases are of some
        of them, drawn at random
    :param known_at: gives the purchases as they were known by the end of an earlier
        day; default: no later document changed what a day looked like
    """
    rows, known, chosen = choose(purchases, as_of, settings)
    count = known if count is None else count
    buyer, day = find_order_days(rows, as_of)
    gaps = np.diff(day)[buyer[1:] == buyer[:-1]]
    first_day = int(day.min()) if len(day) else as_of
    sample = Sample(
        purchases=rows,
        digits=settings.digits,
        horizon=settings.horizon_days or find_horizon(gaps),
        first_day=first_day,
        cap=settings.cap,
        trees_cap=settings.trees_cap,
        seed=settings.seed,
        known_at=known_at and choose_known(known_at, rows, as_of, chosen),
    )
    now = sample.customers_at(as_of)
    past = sample.window_at(as_of - sample.horizon)
    # of those who were drawn to those who are there
    share = count / max(len(now), 1)
    repeaters = round(int((now.repeats > 0).sum()) * share)
    history = History(
        customers=count,
        repeaters=repeaters,
        days=as_of - first_day,
        horizon=sample.horizon,
        median_gap=find_median_gap(gaps),
        left=int(past.left.sum()),
        stayed=int((~past.left).sum()),
        # not loaded where it would not be used
        trees=count < MIN_CUSTOMERS[LARGE] or boosting.is_available(),
    )
    rung, reasons = find_rung(history)
    if rung > settings.max_rung:
        rung, reasons = settings.max_rung, []
    model = TrainedModel(
        as_of=as_of,
        horizon=sample.horizon,
        rung=rung,
        reasons=reasons,
        customers=count,
        repeaters=repeaters,
        days=history.days,
        median_gap=history.median_gap,
        base_rate=float(past.left.mean()) if len(past) else None,
        largest_share=_find_largest_share(now, share),
        clv_months=settings.clv_months,
        discount_rate=settings.discount_rate,
        digits=settings.digits,
        baseline=_find_baseline(now, sample.horizon),
    )
    if rung == NO_MODEL:
        return model
    with calm_blas():
        return _climb_down(model, sample, now, past)


def _climb_down(model, sample, now: Customers, past: Window) -> TrainedModel:
    """From the rung that the history carries to the first one without a veto."""
    current = learn(sample, now, find_windows(sample, now.as_of, past))
    before = None
    if len(past):
        cut = past.customers.as_of
        before = learn(sample, past.customers, find_windows(sample, cut))
    vetoes, report = [], {}
    for rung in range(model.rung, NO_MODEL, -1):
        if not current.carries(rung):
            found = [
                {"code": "nothing_to_learn", "rung": rung, "have": None, "need": None}
            ]
        else:
            models = select(current, rung)
            report = backtest(before, past, rung) if before else {}
            found = find_vetoes(
                rung,
                {**report.get("churn", {}), "method": report.get("method")},
                at_bounds=current.mbg.at_bounds,
                finite=is_finite(list(models.values())) and _scores(models, now),
            )
        if not found:
            return replace(model, rung=rung, vetoes=vetoes, backtest=report, **models)
        vetoes += found
    return replace(model, rung=NO_MODEL, vetoes=vetoes, backtest=report)


def select(learned: Learned, rung: int) -> dict:
    """The models that a rung uses, by their names in TrainedModel.

    What could not be learned is left out: the rung is then as good as a lower one.
    """
    names = ["mbg", "gamma_gamma"]
    if rung >= PROVEN:
        names.append("logistic2")
    if rung >= LARGE and learned.learn_large():
        names += ["logistic16", "trees_churn", "trees_spend"]
    return {name: getattr(learned, name) for name in names}


class _Models:
    """Some models, None for the others, as ``score`` takes them."""

    def __init__(self, models):
        self.mbg = self.gamma_gamma = self.logistic2 = self.logistic16 = None
        self.trees_churn = self.trees_spend = None
        self.__dict__.update(models)

    @property
    def rung(self):
        if self.logistic16 is not None:
            return LARGE
        return PROVEN if self.logistic2 is not None else UNPROVEN


def backtest(before: Learned, window: Window, rung: int) -> dict:
    """What the rung would have said at the window's begin, against what happened.

    :param before: learned as of that day
    :return: ``cut`` and ``until`` (days), ``method`` (what could be learned then; it
        can be a lower rung's), ``churn`` as of ``metrics.judge_churn``, ``value`` as of
        ``metrics.judge_value``
    """
    models = _Models(select(before, rung))
    customers = window.customers
    probability, value = predict(before.sample, models, customers, window.horizon)
    recency_brier = math.nan
    if before.recency is not None:
        design = logistic.features2(customers)[:, :1]
        alone = logistic.predict(before.recency, design)
        recency_brier = metrics.brier(window.left, alone)
    last_period = find_spend(
        before.sample.rows_at(customers.as_of),
        customers,
        window.horizon,
        before.sample.digits,
    )
    return {
        "cut": int(customers.as_of),
        "until": int(customers.as_of + window.horizon),
        "method": METHODS[models.rung],
        "churn": metrics.judge_churn(window.left, probability, recency_brier),
        "value": metrics.judge_value(window.spend, value, last_period),
    }


def predict(sample: Sample, models, customers: Customers, horizon: int):
    """Probability of no order, and spend, within the horizon; float (n,) each.

    Customers whose net revenue is not above 0 are expected to spend nothing.
    """
    features = None
    if models.logistic16 is not None:
        features = sample.features_at(customers)
    base, added = find_logits(models, customers, horizon, features)
    value = expected_spend(models.mbg, models.gamma_gamma, customers, horizon)
    value = value * find_value_factor(models, customers, horizon, features)
    return expit(base + added), np.nan_to_num(value)


def _scores(models, customers):
    """Whether the purchase model gives numbers for customers there are."""
    few = customers.take(slice(0, 1000))
    base, _added = find_logits(_Models(models), few, 30)
    return bool(np.isfinite(base).all())


def _find_baseline(customers, horizon):
    """The middle of who ordered lately: a company's past is full of customers who are
    gone, beside whom everybody looks safe."""
    if not len(customers):
        return Baseline()
    age = customers.as_of - customers.first
    lately = customers.recency_days <= BASELINE_HORIZONS * horizon
    if not lately.any():
        lately[:] = True
    return Baseline(
        *(
            int(np.median(values[lately]))
            for values in (customers.recency_days, customers.orders, age)
        )
    )


def _find_largest_share(customers, share):
    """Share of the largest customer; of a draw, of the largest one that was drawn.

    :param share: how many customers there are by how many were drawn
    """
    revenue = np.nan_to_num(customers.value) * customers.orders
    total = float(revenue.sum()) * share
    return float(revenue.max()) / total if total > 0 else None
