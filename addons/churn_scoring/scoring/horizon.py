"""The horizon H: churn is "no order within the next H days"."""

import numpy as np

HORIZONS = (30, 60, 90, 180, 365)
DEFAULT_HORIZON = 90
QUANTILE = 0.9
# Fewer gaps than this say nothing about a company's rhythm.
MIN_GAPS = 20


def find_horizon(gaps: np.ndarray) -> int:
    """The 90 % quantile of a company's gaps as one of the five customary horizons.

    Nine of ten customers who came back did so within it. Rounded to the nearest by
    ratio: 42 days are 30, 43 are 60.

    :param gaps: days between consecutive order days of one customer, shape (n,)
    :return: days; 90 where fewer than 20 gaps are known

    >>> find_horizon(np.arange(1, 101)), find_horizon(np.full(50, 800))
    (90, 365)
    >>> find_horizon(np.array([3, 4]))
    90
    """
    if len(gaps) < MIN_GAPS:
        return DEFAULT_HORIZON
    wanted = max(float(np.quantile(gaps, QUANTILE)), 1.0)
    distance = np.abs(np.log(np.array(HORIZONS) / wanted))
    return HORIZONS[int(np.argmin(distance))]


def find_median_gap(gaps: np.ndarray) -> float | None:
    """Typical days between two order days; None where fewer than 20 are known.

    >>> find_median_gap(np.arange(21)), find_median_gap(np.array([5]))
    (10.0, None)
    """
    return float(np.median(gaps)) if len(gaps) >= MIN_GAPS else None
