"""Recency, frequency and monetary value, each scored 1 to 5.

Hughes (1994), *Strategic Database Marketing*, with two changes that small and
middle companies need: customers who are equal are never scored differently
(``NTILE`` splits them), and frequency is cut at fixed numbers by default, since
half of all customers have one order.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

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


def score_by_rank(values: np.ndarray) -> np.ndarray:
    """Quintile of the average rank: ``ceil(5 * rank / n)``.

    Equal values share their average rank, hence their score.

    :param values: finite floats, shape (n,); higher is better
    :return: int16 array of shape (n,), 1 to 5

    >>> score_by_rank(np.array([10.0, 20, 30, 40, 50])).tolist()
    [1, 2, 3, 4, 5]
    >>> score_by_rank(np.array([7.0, 7, 7, 7])).tolist()
    [4, 4, 4, 4]
    """
    count = len(values)
    if not count:
        return np.empty(0, dtype=np.int16)
    # twice the average rank is a whole number: no rounding at the borders
    doubled = np.rint(pd.Series(values).rank(method="average").to_numpy() * 2)
    return (-(-doubled.astype(np.int64) * SCORES // (2 * count))).astype(np.int16)


def score_by_bands(values: np.ndarray, bands: tuple[float, ...]) -> np.ndarray:
    """Score by fixed lower bounds: 1 below the first, 5 from the fourth on.

    >>> score_by_bands(np.array([1, 2, 4, 5, 10]), (2, 3, 5, 10)).tolist()
    [1, 2, 3, 4, 5]
    """
    return (np.searchsorted(bands, values, side="right") + 1).astype(np.int16)


def score_rfm(
    recency_days: np.ndarray,
    orders: np.ndarray,
    revenue: np.ndarray,
    rules: RfmRules,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score the customers who bought within the window.

    :param recency_days: days since the last purchase, shape (n,)
    :param orders: orders in the window, shape (n,), at least 1
    :param revenue: net revenue in the window, shape (n,)
    :return: recency, frequency and monetary scores, int16 of shape (n,)
    """
    # bands of recency are upper bounds: fewer days are better
    if rules.recency.method == "bands":
        position = np.searchsorted(rules.recency.bands, recency_days, side="left")
        recency = (SCORES - position).astype(np.int16)
    else:
        recency = score_by_rank(-recency_days.astype(float))
    return (
        recency,
        _score(orders.astype(float), rules.frequency),
        _score(revenue.astype(float), rules.monetary),
    )


def _score(values: np.ndarray, rule: ScaleRule) -> np.ndarray:
    if rule.method == "bands":
        return score_by_bands(values, rule.bands)
    return score_by_rank(values)
