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
# Fewer gaps than this say nothing about a company's rhythm.
MIN_GAPS = 20


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
    return int(np.clip(_whole_days(gap_quantile), MIN_LAPSE_DAYS, MAX_LAPSE_DAYS))


def learn_rhythm(gaps: np.ndarray, lapse_days: int | None = None) -> RhythmRules:
    """Rhythm of a company from the gaps between purchases of its customers.

    :param gaps: days between two order days of one customer, shape (n,)
    :param lapse_days: lapse period where it is not to be learned

    >>> learn_rhythm(np.arange(20))
    RhythmRules(gap_days=9.5, lapse_days=90)
    >>> learn_rhythm(np.arange(19))
    RhythmRules(gap_days=60.0, lapse_days=365)
    """
    median = late = None
    if len(gaps) >= MIN_GAPS:
        median, late = np.quantile(gaps, [0.5, 0.95])
    return RhythmRules(
        gap_days=float(median or DEFAULT_GAP_DAYS),
        lapse_days=find_lapse_days(late) if lapse_days is None else lapse_days,
    )


def find_patience_days(
    first_day: np.ndarray,
    last_day: np.ndarray,
    order_days: np.ndarray,
    rules: RhythmRules,
) -> np.ndarray:
    """Days after the last order from which a customer is at risk.

    :param order_days: number of order days known; from two on the own rhythm counts
    """
    personal = (last_day - first_day) / np.maximum(order_days - 1, 1)
    wait = np.where(
        order_days > 1, PERSONAL_FACTOR * personal, COMPANY_FACTOR * rules.gap_days
    )
    return _whole_days(wait)


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
    last_day = last_day.astype(np.int64)
    gap = np.full(len(order_days), np.nan)
    span = last_day - first_day
    gap[repeat] = span[repeat] / (order_days[repeat] - 1)
    expected = _whole_days(np.where(repeat, gap, rules.gap_days))
    patience = find_patience_days(first_day, last_day, order_days, rules)
    at_risk = np.where(bought, last_day + patience, NO_DAY)
    lapse = np.where(bought, last_day + rules.lapse_days, NO_DAY)
    return {
        "gap_days": gap,
        "next_order_day": np.where(bought, last_day + expected, NO_DAY),
        "at_risk_day": at_risk,
        "lapse_day": np.maximum(at_risk, lapse),
    }


def _whole_days(wait):
    # a thousandth of a day of slack: 1.5 * 20.0000001 is 30 days, not 31
    return np.maximum(np.ceil(wait - 1e-3).astype(np.int64), 1)
