"""Ways to score customers as of a cut, each from what was known by then.

What has to be learned by labels is learned one horizon before the cut, from what
followed until the cut; ``judge`` alone looks at what came after it.
"""

from dataclasses import dataclass, field

import numpy as np
from churn_scoring_scoring import btyd, gamma_gamma, logistic, metrics
from churn_scoring_scoring.learning import Learned, Sample, find_windows, learn
from churn_scoring_scoring.lifetime_value import expected_spend
from churn_scoring_scoring.score import find_logits, find_value_factor, score
from churn_scoring_scoring.training import TrainingSettings, train
from churn_scoring_scoring.windows import find_spend
from lifecycle_crm_scoring import rfm
from scipy.special import expit

from .data import DataSet

EVERYBODY = 10**9
# A cell of RFM scores with fewer customers than this says little by itself.
CELL = 5


@dataclass
class Quality:
    """The figures of a data set.

    :param churn: {method: report of metrics.judge_churn}
    :param value: {method: report of metrics.judge_value}
    :param model: what the product trained as of the cut
    """

    data: DataSet
    count: int
    left: float
    spend: float
    model: object
    churn: dict = field(default_factory=dict)
    value: dict = field(default_factory=dict)


def judge(data: DataSet) -> Quality:
    """All methods on a data set."""
    days = data.purchases.day[data.purchases.is_order]
    sample = Sample(
        data.purchases,
        data.digits,
        data.horizon,
        int(days.min()) if len(days) else data.cut,
        EVERYBODY,
        EVERYBODY,
        0,
    )
    customers = sample.customers_at(data.cut)
    learned = learn(sample, customers, find_windows(sample, data.cut))
    settings = TrainingSettings(data.horizon, digits=data.digits)
    model = train(data.purchases, data.cut, settings)
    window = sample.window_at(data.cut, customers)
    quality = Quality(
        data,
        len(window),
        float(window.left.mean()) if len(window) else 0.0,
        float(window.spend.mean()) if len(window) else 0.0,
        model,
    )
    for name, probability in find_churn(learned, model, data).items():
        quality.churn[name] = metrics.judge_churn(window.left, probability)
    last = find_spend(data.purchases, customers, data.horizon, data.digits)
    for name, value in find_values(learned, model, data, last).items():
        quality.value[name] = metrics.judge_value(
            window.spend, np.nan_to_num(value), last
        )
    return quality


def find_churn(learned: Learned, model, data: DataSet) -> dict[str, np.ndarray]:
    """Probabilities of no order within the horizon, by method."""
    customers, horizon = learned.customers, data.horizon
    found = {}
    if learned.windows:
        before = np.concatenate([w.left for w in learned.windows])
        found["share that left in the last period"] = np.full(
            len(customers), before.mean()
        )
        found["recency (logistic regression)"] = logistic.predict(
            learned.recency, logistic.features2(customers)[:, :1]
        )
        scores = np.concatenate([_rfm(w.customers) for w in learned.windows])
        found["RFM scores (logistic regression)"] = logistic.predict(
            logistic.fit(scores, before, ("r", "f", "m"), sample=None), _rfm(customers)
        )
    bg = btyd.fit("bg", customers, sample=None)
    found["BG/NBD, 1 - P(alive)"] = 1 - btyd.p_alive(bg, customers)
    found["BG/NBD, P(no order)"] = btyd.p_no_order(bg, customers, horizon)
    found["MBG/NBD, P(no order)"] = btyd.p_no_order(learned.mbg, customers, horizon)
    if learned.windows:
        found["avg2: MBG/NBD and a logistic regression"] = expit(
            find_logits(learned, customers, horizon)[0]
        )
    if learned.learn_large():
        features = learned.sample.features_at(customers)
        found["avg4: also 16 features and trees"] = expit(
            sum(find_logits(learned, customers, horizon, features))
        )
    if model.rung:
        found["**what the product shows**"] = _product(learned, model)[
            "churn_probability"
        ]
    return found


def find_values(learned: Learned, model, data: DataSet, last) -> dict[str, np.ndarray]:
    """Expected spend within the horizon in currency, by method."""
    customers, horizon = learned.customers, data.horizon
    age = np.maximum(customers.as_of - customers.first, 7)
    revenue = np.nan_to_num(customers.value) * customers.orders
    found = {
        "own rate so far": revenue / age * horizon,
        "same as last period": last,
    }
    if learned.windows:
        found["mean of the RFM cell"] = _cell_means(learned.windows, customers)
    bg = btyd.fit("bg", customers, sample=None)
    spend = gamma_gamma.fit(customers.orders, customers.value, sample=None)
    found["BG/NBD x Gamma-Gamma"] = expected_spend(bg, spend, customers, horizon)
    ours = expected_spend(learned.mbg, spend, customers, horizon)
    found["MBG/NBD x Gamma-Gamma"] = ours
    if learned.learn_large():
        features = learned.sample.features_at(customers)
        factor = find_value_factor(learned, customers, horizon, features)
        found["mean of that and trees"] = ours * factor
    if model.rung:
        found["**what the product shows**"] = _product(learned, model)["clv_expected"]
    return found


def _product(learned, model):
    features = None
    if model.needs_features:
        features = learned.sample.features_at(learned.customers)
    return score(model, learned.customers, features, clv_days=model.horizon)


def _rfm(customers):
    """The three scores as floats, (n, 3)."""
    revenue = np.nan_to_num(customers.value) * customers.orders
    return np.column_stack(
        rfm.score_rfm(customers.recency_days, customers.orders, revenue, rfm.RfmRules())
    ).astype(float)


def _cell_means(windows, customers):
    """Mean spend of the customers who had the same scores one horizon before."""
    cells = [np.concatenate([_rfm(w.customers) for w in windows]), _rfm(customers)]
    before, now = ((cell @ [25, 5, 1]).astype(int) for cell in cells)
    spend = np.concatenate([w.spend for w in windows])
    size = 156
    count = np.bincount(before, minlength=size)
    total = np.bincount(before, spend, minlength=size)
    mean = np.full(size, spend.mean())
    enough = count >= CELL
    mean[enough] = total[enough] / count[enough]
    return mean[now]
