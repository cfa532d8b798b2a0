"""Recency, frequency and monetary value, each scored 1 to 5.

Hughes (1994), *Strategic Database Marketing*, with two changes that small and
middle companies need: customers who are equal are never scored differently
(``NTILE`` splits them), and frequency is cut at fixed numbers by default, since
half of all customers have one order.
"""

from dataclasses import dataclass, field

import numpy as np

SCORES = 5


@dataclass(frozen=True)
class ScaleRule:
    """How one of the three is turned into a score.

    :param method: ``quantile`` (by rank) or ``bands`` (by fixed thresholds)
    :param bands: for ``bands``, four ascending thresholds
    """

    method: str = "quantile"
    bands: tuple[float, ...] = ()


@dataclass(frozen=True)
class RfmRules:
    """The three scales; recency bands are days since the last purchase."""

    recency: ScaleRule = field(default_factory=ScaleRule)
    frequency: ScaleRule = ScaleRule("bands", (2.0, 3.0, 5.0, 10.0))
    monetary: ScaleRule = field(default_factory=ScaleRule)


@dataclass(frozen=True)
class RfmScale:
    """Lower bounds of the scores 2 to 5, infinite where nobody reaches a score.

    Once learned from all customers they score one customer alone.  Recency is in
    days counted down: -30 is better than -90.
    """

    recency: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary: tuple[float, ...]


def find_edges(values: np.ndarray) -> tuple[float, ...]:
    """Lower bounds of the scores 2 to 5 by rank: ``ceil(5 * average rank / n)``.

    Equal values share their average rank, hence their score.

    :param values: finite floats, shape (n,); higher is better

    >>> find_edges(np.array([10.0, 20, 30, 40, 50]))
    (20.0, 30.0, 40.0, 50.0)
    >>> find_edges(np.array([7.0, 7, 7, 7]))
    (7.0, 7.0, 7.0, inf)
    """
    values = np.sort(values)
    count = len(values)
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))[:count]
    ends = np.append(starts[1:], count)
    # twice the average rank is a whole number: no rounding at the borders
    doubled = starts + 1 + ends
    scores = -(-doubled * SCORES // (2 * count)) if count else starts
    position = np.searchsorted(scores, np.arange(2, SCORES + 1))
    distinct = np.append(values[starts], np.inf)
    return tuple(distinct[position].tolist())


def score_by_rank(values: np.ndarray) -> np.ndarray:
    """Quintile of the average rank.

    :param values: finite floats, shape (n,); higher is better
    :return: int16 array of shape (n,), 1 to 5

    >>> score_by_rank(np.array([10.0, 20, 30, 40, 50])).tolist()
    [1, 2, 3, 4, 5]
    >>> score_by_rank(np.array([7.0, 7, 7, 7])).tolist()
    [4, 4, 4, 4]
    """
    return score_by_bands(values, find_edges(values))


def score_by_bands(values: np.ndarray, bands: tuple[float, ...]) -> np.ndarray:
    """Score by fixed lower bounds: 1 below the first, 5 from the fourth on.

    >>> score_by_bands(np.array([1, 2, 4, 5, 10]), (2, 3, 5, 10)).tolist()
    [1, 2, 3, 4, 5]
    """
    return (np.searchsorted(bands, values, side="right") + 1).astype(np.int16)


def learn_scale(
    recency_days: np.ndarray, orders: np.ndarray, revenue: np.ndarray, rules: RfmRules
) -> RfmScale:
    """Bounds of the scores, from the customers who bought within the window.

    Arguments as for :func:`score_by_scale`.
    """
    # bands of recency are upper bounds: fewer days are better
    recency = tuple(-float(days) for days in reversed(rules.recency.bands))
    return RfmScale(
        recency=recency
        if rules.recency.method == "bands"
        else find_edges(-recency_days.astype(float)),
        frequency=_find_bounds(orders, rules.frequency),
        monetary=_find_bounds(revenue, rules.monetary),
    )


def score_rfm(
    recency_days: np.ndarray, orders: np.ndarray, revenue: np.ndarray, rules: RfmRules
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score the customers who bought within the window, beside each other.

    Arguments and result as for :func:`score_by_scale`, but for the rules.
    """
    values = recency_days, orders, revenue
    return score_by_scale(*values, learn_scale(*values, rules))


def score_by_scale(
    recency_days: np.ndarray, orders: np.ndarray, revenue: np.ndarray, scale: RfmScale
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score customers who bought within the window, by a scale that was learned.

    :param recency_days: days since the last purchase, shape (n,)
    :param orders: orders in the window, shape (n,), at least 1
    :param revenue: net revenue in the window, shape (n,)
    :return: recency, frequency and monetary scores, int16 of shape (n,)
    """
    return (
        score_by_bands(-recency_days.astype(float), scale.recency),
        score_by_bands(orders.astype(float), scale.frequency),
        score_by_bands(revenue.astype(float), scale.monetary),
    )


def _find_bounds(values: np.ndarray, rule: ScaleRule) -> tuple[float, ...]:
    if rule.method == "bands":
        return tuple(map(float, rule.bands))
    return find_edges(values.astype(float))
