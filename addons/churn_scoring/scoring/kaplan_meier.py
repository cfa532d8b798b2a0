"""Retention of subscriptions, where leaving is seen and need not be guessed.

Kaplan and Meier (1958), with delayed entry: a subscription that had already run when
the records began counts as at risk only from then on. Durations are in any one unit,
usually months; the value is in the company's currency.
"""

import math
from dataclasses import dataclass

import numpy as np

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class RetentionCurve:
    """Share still subscribed just after each duration at which somebody ended.

    :param time: ascending durations with at least one end, float (k,)
    :param survival: float (k,), in 0..1
    :param low, high: 95 % interval (Greenwood, on the log-log scale), float (k,);
        equal to the survival where it is 0 or 1
    :param at_risk, ended: counts at each time, int (k,)
    :param longest: longest duration seen, ended or not; nothing is known after it
    :param hazard: ends per unit of time over everything seen
    """

    time: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    ended: np.ndarray
    longest: float
    hazard: float

    @property
    def median(self) -> float:
        """Duration by which half have left; NaN where more than half are still there.

        >>> fit([1.0, 2, 3], [True, True, True]).median
        2.0
        """
        below = np.flatnonzero(self.survival <= 0.5 + 1e-12)
        return float(self.time[below[0]]) if len(below) else math.nan

    def at(self, time) -> np.ndarray:
        """Share still subscribed at any durations.

        After the longest duration seen the mean hazard of all goes on.

        >>> fit([1.0, 2, 3], [True, True, False]).at([0.5, 1, 2.5]).round(4).tolist()
        [1.0, 0.6667, 0.3333]
        """
        time = np.asarray(time, dtype=float)
        steps = np.append(1.0, self.survival)
        known = steps[np.searchsorted(self.time, time, side="right")]
        return known * np.exp(-self.hazard * np.maximum(time - self.longest, 0.0))


def fit(duration, ended, entry=None) -> RetentionCurve:
    """The curve of a set of subscriptions.

    Who ended at a duration counts before who was still there at the same duration.

    :param duration: age at the end, or today; (n,), 0 or more
    :param ended: whether it ended, bool (n,)
    :param entry: age at which it was first observed, (n,); 0 by default; rows whose
        duration does not exceed it say nothing and are left out

    >>> curve = fit([6, 6, 6, 7, 10], [True, True, False, True, False])
    >>> curve.at_risk.tolist(), curve.survival.round(3).tolist()
    ([5, 2], [0.6, 0.3])
    """
    duration = np.asarray(duration, dtype=float)
    ended = np.asarray(ended, dtype=bool)
    entry = np.zeros(len(duration)) if entry is None else np.asarray(entry, dtype=float)
    seen = np.isfinite(duration) & np.isfinite(entry) & (duration > entry)
    # an end on the first day is an end all the same
    seen |= (duration == 0) & (entry == 0)
    duration, ended, entry = duration[seen], ended[seen], entry[seen]
    time, count = np.unique(duration[ended], return_counts=True)
    # of those who entered before the time, who had not gone before it
    entered = np.searchsorted(np.sort(entry), time, side="left")
    entered = np.where(time == 0, len(entry) - np.sum(entry > 0), entered)
    gone = np.searchsorted(np.sort(duration), time, side="left")
    at_risk = entered - gone
    survival = np.cumprod(1 - count / np.maximum(at_risk, 1))
    low, high = _find_interval(survival, at_risk, count)
    exposure = float(np.sum(duration - entry))
    return RetentionCurve(
        time=time,
        survival=survival,
        low=low,
        high=high,
        at_risk=at_risk,
        ended=count,
        longest=float(duration.max()) if len(duration) else 0.0,
        hazard=float(ended.sum()) / exposure if exposure > 0 else 0.0,
    )


def _find_interval(survival, at_risk, ended):
    """Kalbfleisch and Prentice: symmetric for log(-log S), so it stays within 0..1."""
    low, high = survival.copy(), survival.copy()
    inside = (survival > 0) & (survival < 1)
    rest = np.maximum(at_risk - ended, 1)  # nobody is left only where survival is 0
    variance = np.cumsum(ended / (np.maximum(at_risk, 1) * rest))[inside]
    log_survival = np.log(survival[inside])
    width = np.exp(Z_95 * np.sqrt(variance) / -log_survival)
    low[inside] = np.exp(log_survival * width)
    high[inside] = np.exp(log_survival / width)
    return low, high


def expected_remaining(
    curve: RetentionCurve,
    age: np.ndarray,
    periods: int,
    discount_rate: float = 0.0,
) -> np.ndarray:
    """Renewals to expect in the next periods from who is still subscribed.

    Sum over k = 1..periods of S(age + k) / S(age), each discounted.

    :param age: durations so far, float (n,), in the unit of the curve
    :param periods: how many renewals ahead, one per unit of time
    :param discount_rate: per period, 0.01 for 1 % a month
    :return: float (n,); times margin per renewal it is the expected remaining value

    >>> curve = fit([1.0, 2, 3, 4], [True] * 4)
    >>> expected_remaining(curve, np.array([0.0, 2.0]), 3).tolist()
    [1.5, 0.5]
    """
    age = np.asarray(age, dtype=float)
    now = curve.at(age)
    total = np.zeros(len(age))
    for period in range(1, periods + 1):
        total += curve.at(age + period) / (1 + discount_rate) ** period
    # who has outlived a curve that went down to nothing: the mean hazard is left
    lost = np.exp(-curve.hazard * np.arange(1, periods + 1))
    rest = float(np.sum(lost / (1 + discount_rate) ** np.arange(1, periods + 1)))
    return np.where(now > 0, total / np.where(now > 0, now, 1.0), rest)


def remaining_value(
    curve: RetentionCurve,
    age: np.ndarray,
    margin: np.ndarray,
    periods: int = 12,
    discount_rate: float = 0.0,
) -> np.ndarray:
    """Expected value of what subscribers will still pay.

    :param margin: of one renewal, in currency, float (n,); may be negative

    >>> curve = fit([1.0, 2, 3, 4], [True] * 4)
    >>> remaining_value(curve, np.array([0.0]), np.array([10.0]), 3).tolist()
    [15.0]
    """
    return np.asarray(margin, dtype=float) * expected_remaining(
        curve, age, periods, discount_rate
    )
