"""Risk bands from the company's own distribution of churn probabilities."""

import math

import numpy as np

BANDS = ("low", "medium", "high")
# Half of the customers are at low risk, the worst fifth at high risk.
DEFAULT_SHARES = (0.5, 0.8)
# Smaller differences than this are no difference to anybody.
MIN_DISTANCE = 0.005


def check_shares(shares: tuple[float, float]) -> tuple[float, float]:
    """Two shares of the customers that a person typed.

    :raises ValueError: with the reason: count, number, range, order

    >>> check_shares((0.5, 0.8))
    (0.5, 0.8)
    >>> check_shares((0.8, 0.5))
    Traceback (most recent call last):
    ...
    ValueError: order
    """
    if len(shares) != 2:
        raise ValueError("count")
    low, high = map(float, shares)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("number")
    if not (0 < low < 1 and 0 < high < 1):
        raise ValueError("range")
    if low >= high:
        raise ValueError("order")
    return low, high


def find_cuts(
    probability: np.ndarray, shares: tuple[float, float] = DEFAULT_SHARES
) -> tuple[float, float] | None:
    """Probabilities at which medium and high risk begin.

    :param probability: of the customers that count (not of those who lapsed long
        ago), shape (n,); NaN is left out
    :param shares: share of the customers below each cut
    :return: the two cuts; None where there is nothing to tell apart: no customers,
        or all of them equal. The second is infinite where only two bands can be told
        apart.

    >>> find_cuts(np.arange(1, 11) / 10)
    (0.6, 0.9)
    >>> find_cuts(np.array([0.4, 0.4])) is None
    True
    """
    values = np.sort(probability[np.isfinite(probability)])
    if not len(values) or values[-1] - values[0] < MIN_DISTANCE:
        return None
    distinct = np.append(np.unique(values), np.inf)
    low, high = (
        values[min(math.ceil(share * len(values) - 1e-9), len(values) - 1)]
        for share in check_shares(shares)
    )
    # equal customers are in one band, so a band may have to begin further up
    low = max(low, distinct[1])
    if high <= low:
        high = distinct[np.searchsorted(distinct, low, side="right")]
    return float(low), float(high)


def find_band(probability: np.ndarray, cuts: tuple[float, float] | None) -> np.ndarray:
    """0 low, 1 medium, 2 high; -1 where there is no probability or no cuts.

    :return: int8 array of shape (n,), positions in ``BANDS``

    >>> find_band(np.array([0.1, 0.6, 0.95, np.nan]), (0.6, 0.9)).tolist()
    [0, 1, 2, -1]
    """
    band = np.full(len(probability), -1, dtype=np.int8)
    if cuts is None:
        return band
    known = np.isfinite(probability)
    band[known] = np.searchsorted(np.asarray(cuts), probability[known], side="right")
    return band
