"""Scores of customers from a trained model: arrays in, arrays out.

Customers who never bought are no rows of ``Customers`` and so have no score.
"""

import numpy as np
from scipy.special import expit

from . import btyd, gamma_gamma, logistic, trees
from .averages import LOGIT_LIMIT, average_logits
from .customers import Customers
from .ladder import NO_MODEL, UNPROVEN, shows_alive
from .lifetime_value import expected_spend, lifetime_value
from .parallel import calm_blas, map_parts

# From the least: how far a score is to be trusted.
CONFIDENCES = ("rule", "too_early", "one_order", "unproven", "proven")
# Where a company has too few gaps to know its own.
DEFAULT_GAP_DAYS = 60.0
# Without a model a customer is overdue after this many usual gaps.
OVERDUE_GAPS = 2
# Trees and purchase model differ by more than this only where both are next to nothing.
MAX_FACTOR = 1e6

# Customers that ``score_in_parts`` looks at together.
PART = 100_000


def find_logits(
    models, customers: Customers, horizon: int, features: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of no order within the horizon, without and with the large models.

    :param models: TrainedModel or Learned: mbg, logistic2, logistic16, trees_churn
    :param features: the sixteen, (n, 16); without them the large models stay silent
    :return: log odds by purchase model and logistic regression, what the large
        models add to them (0 without); float (n,) each
    """
    parts = [btyd.p_no_order(models.mbg, customers, horizon)]
    if models.logistic2 is not None:
        design = logistic.features2(customers)
        parts.append(logistic.predict(models.logistic2, design))
    base = average_logits(*parts)
    if features is None or models.logistic16 is None:
        return base, np.zeros(len(base))
    large = [
        logistic.predict(models.logistic16, features),
        trees.predict(models.trees_churn, features),
    ]
    return base, average_logits(*parts, *large) - base


def find_churn(
    model, customers: Customers, features: np.ndarray | None = None
) -> np.ndarray:
    """Probability of no order within the horizon of the model alone, float (n,).

    As ``churn_probability`` of :func:`score`; not on rung 0.
    """
    base, added = find_logits(model, customers, model.horizon, features)
    return expit(np.clip(base + added, -LOGIT_LIMIT, LOGIT_LIMIT))


def find_value_factor(
    models, customers: Customers, horizon: int, features: np.ndarray | None = None
) -> np.ndarray:
    """What the trees make of the value that the purchase model expects, float (n,).

    The mean of both, as a factor, so that it can be kept and holds for any period: the
    purchase model alone says how value goes on after the horizon. 1 without features.
    """
    if features is None or models.trees_spend is None:
        return np.ones(len(customers))
    theirs = trees.predict(models.trees_spend, features)
    ours = expected_spend(models.mbg, models.gamma_gamma, customers, horizon)
    known = ours > 0
    ratio = np.ones(len(customers))
    np.divide(theirs, ours, out=ratio, where=known)
    return np.minimum((1 + ratio) / 2, MAX_FACTOR)


def find_confidence(model, customers: Customers) -> np.ndarray:
    """Positions in ``CONFIDENCES``, int8 (n,)."""
    rule, too_early, one_order, unproven, proven = range(len(CONFIDENCES))
    if model.rung == NO_MODEL:
        return np.full(len(customers), rule, dtype=np.int8)
    best = unproven if model.rung == UNPROVEN else proven
    confidence = np.full(len(customers), best, dtype=np.int8)
    confidence[customers.orders == 1] = one_order
    age = customers.as_of - customers.first
    confidence[age < (model.median_gap or DEFAULT_GAP_DAYS)] = too_early
    return confidence


def find_usual_gap(model, customers: Customers) -> np.ndarray:
    """Days between the orders of each customer, of the company with one order only."""
    own = (customers.last - customers.first) / np.maximum(customers.repeats, 1)
    usual = model.median_gap or DEFAULT_GAP_DAYS
    return np.where(customers.repeats > 0, own, max(usual, 1.0))


def score(
    model,
    customers: Customers,
    features: np.ndarray | None = None,
    offset: np.ndarray | None = None,
    factor: np.ndarray | None = None,
    recent_value: np.ndarray | None = None,
    clv_days: float | None = None,
) -> dict[str, np.ndarray]:
    """Scores as of ``customers.as_of``.

    On rung 3 either ``features`` (where purchases are at hand) or the ``offset`` and
    ``factor`` that were returned with them last time; without both rung 2's scores.

    :param model: TrainedModel
    :param features: the sixteen, float (n, 16)
    :param offset: what the large models last added to the log odds, float (n,)
    :param factor: what they last made of the value, float (n,); NaN is 1
    :param recent_value: net revenue of the last 12 months in currency, float (n,): the
        value on rung 0, where nothing can be expected
    :param clv_days: length of the period of the value; the model's months by default
    :return: float (n,), NaN where there is none, unless said otherwise:
        ``churn_probability``; ``churn_logit``, its log odds; ``churn_offset`` and
        ``value_factor``, to be kept; ``expected_orders`` order days within the horizon;
        ``order_value`` expected of the next one; ``clv_expected``, ``clv_low``,
        ``clv_high`` in currency, an 80 % interval; ``value_if_alive`` of the same
        period, by the purchase model alone; ``p_alive``; ``overdue`` (bool):
        no order for twice the usual gap; ``confidence`` (int8, see ``CONFIDENCES``)
    """
    found = {
        "overdue": customers.recency_days
        > OVERDUE_GAPS * np.maximum(find_usual_gap(model, customers), 1.0),
        "confidence": find_confidence(model, customers),
    }
    if model.rung == NO_MODEL:
        nothing = np.full(len(customers), np.nan)
        recent = nothing if recent_value is None else np.asarray(recent_value, float)
        return {**found, **dict.fromkeys(_FLOATS, nothing), "clv_expected": recent}
    base, added = find_logits(model, customers, model.horizon, features)
    scale = find_value_factor(model, customers, model.horizon, features)
    if features is None and model.needs_features:
        added = added if offset is None else np.nan_to_num(offset)
        scale = scale if factor is None else np.nan_to_num(factor, nan=1.0)
    odds = np.clip(base + added, -LOGIT_LIMIT, LOGIT_LIMIT)
    months = model.clv_months if clv_days is None else clv_days / _DAYS_PER_MONTH
    value = lifetime_value(
        model.mbg, model.gamma_gamma, customers, months, model.discount_rate
    )
    if shows_alive(model.mbg.a, model.mbg.b):
        alive = btyd.p_alive(model.mbg, customers)
    else:
        alive = np.full(len(customers), np.nan)
    return {
        **found,
        "churn_probability": expit(odds),
        "churn_logit": odds,
        "churn_offset": odds - base,
        "value_factor": scale,
        "expected_orders": btyd.expected_orders(model.mbg, customers, model.horizon),
        "order_value": gamma_gamma.expected_value(
            model.gamma_gamma, customers.orders, customers.value
        ),
        "clv_expected": value.expected * scale,
        "clv_low": value.low * scale,
        "clv_high": value.high * scale,
        # without the trees: where both expect next to nothing, their factor is large
        "value_if_alive": value.if_alive,
        "p_alive": alive,
    }


def score_in_parts(
    model,
    customers: Customers,
    size: int = PART,
    names: tuple[str, ...] | None = None,
    **arrays,
) -> dict[str, np.ndarray]:
    """As :func:`score`, some customers at a time: what is worked on stays small.

    :param names: what is wanted of it, all if not given
    :param arrays: arguments of :func:`score`; arrays of all customers are cut as well
    """
    count, found = len(customers), {}
    parts = [slice(begin, begin + size) for begin in range(0, max(count, 1), size)]

    def score_part(part):
        own = {
            name: value[part] if isinstance(value, np.ndarray) else value
            for name, value in arrays.items()
        }
        return score(model, customers.take(part), **own)

    with calm_blas():
        for part, scores in zip(parts, map_parts(score_part, parts), strict=True):
            for name in names or scores:
                if name not in found:
                    found[name] = np.empty(count, dtype=scores[name].dtype)
                found[name][part] = scores[name]
    return found


_DAYS_PER_MONTH = btyd.DAYS_PER_YEAR / 12
_FLOATS = (
    "churn_probability",
    "churn_logit",
    "churn_offset",
    "value_factor",
    "expected_orders",
    "order_value",
    "clv_expected",
    "clv_low",
    "clv_high",
    "value_if_alive",
    "p_alive",
)
