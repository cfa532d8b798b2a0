"""The rhythm of a customer: when the next order is due, when it is late."""

from dataclasses import dataclass

import numpy as np

NO_DAY = -(2**31)

# "At risk" begins after 1.5 personal gaps, or after 2 typical gaps of the
# company while a personal one is not known (one order day only).
PERSONAL_FACTOR = 1.5
COMPANY_FACTOR = 2.0
MIN_LAPSE_DAYS = 90
MAX_LAPSE_DAYS = 3 * 365
# Without any repeat purchase there is no gap to learn from.
DEFAULT_GAP_DAYS = 60.0


@dataclass(frozen=True)
class RhythmRules:
    """Rhythm of a company.

    :param gap_days: typical (median) days between two order days, above 0
    :param lapse_days: days without a purchase after which a customer lapsed
    """

    gap_days: float = DEFAULT_GAP_DAYS
    lapse_days: int = 365


def find_lapse_days(gap_quantile: float | None) -> int:
    """Lapse period from the 95 % quantile of a company's gaps.

    >>> find_lapse_days(212.4), find_lapse_days(12.0), find_lapse_days(None)
    (213, 90, 365)
    """
    if gap_quantile is None or not np.isfinite(gap_quantile):
        return 365
    return int(min(max(np.ceil(gap_quantile), MIN_LAPSE_DAYS), MAX_LAPSE_DAYS))


def score_rhythm(
    first_day: np.ndarray,
    last_day: np.ndarray,
    order_days: np.ndarray,
    rules: RhythmRules,
) -> dict[str, np.ndarray]:
    """Personal gap and the three dates that follow from the last order.

    :param first_day: day of the first order, int, NO_DAY for never bought
    :param last_day: day of the last order, int, NO_DAY for never bought
    :param order_days: number of distinct days with an order
    :return: ``gap_days`` (float, NaN where unknown) and the int days
        ``next_order_day``, ``at_risk_day`` and ``lapse_day``; ``lapse_day`` is
        never before ``at_risk_day``

    >>> out = score_rhythm(np.array([0, 50]), np.array([60, 50]),
    ...                    np.array([4, 1]), RhythmRules(30.0, 90))
    >>> [out[k].tolist() for k in ("next_order_day", "at_risk_day", "lapse_day")]
    [[80, 80], [90, 110], [150, 140]]
    """
    bought = order_days > 0
    repeat = order_days > 1
    gap = np.full(len(order_days), np.nan)
    span = last_day.astype(np.int64) - first_day
    gap[repeat] = span[repeat] / (order_days[repeat] - 1)
    expected = np.where(repeat, gap, rules.gap_days)
    patience = np.where(repeat, PERSONAL_FACTOR * gap, COMPANY_FACTOR * rules.gap_days)
    at_risk = _days_after(last_day, patience, bought)
    lapse = np.where(bought, last_day.astype(np.int64) + rules.lapse_days, NO_DAY)
    return {
        "gap_days": gap,
        "next_order_day": _days_after(last_day, expected, bought),
        "at_risk_day": at_risk,
        "lapse_day": np.maximum(at_risk, lapse),
    }


def _days_after(day: np.ndarray, wait: np.ndarray, bought: np.ndarray) -> np.ndarray:
    # a thousandth of a day of slack: 1.5 * 20.0000001 is 30 days, not 31
    whole = np.ceil(wait - 1e-3).astype(np.int64)
    return np.where(bought, day + np.maximum(whole, 1), NO_DAY)
