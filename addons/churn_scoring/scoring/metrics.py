"""How good predictions were, once what happened is known.

Nothing here raises on data that cannot be judged (nobody left, everybody left, no
customers): the figure is NaN and ``judge_churn`` says why by a code.
"""

import math

import numpy as np

Z_95 = 1.959963984540054
BINS = 10


def find_midranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1 where equal values share the mean of their ranks.

    :param values: float array of shape (n,), no NaN

    >>> find_midranks(np.array([30.0, 10, 20, 20])).tolist()
    [4.0, 1.0, 2.5, 2.5]
    """
    _distinct, inverse, count = np.unique(
        values, return_inverse=True, return_counts=True
    )
    last = np.cumsum(count)
    return (last - (count - 1) / 2)[inverse]


def auc_delong(left: np.ndarray, score: np.ndarray) -> tuple[float, float, float]:
    """Share of the pairs (one who left, one who stayed) ranked rightly; equal is half.

    With a 95 % interval after DeLong, DeLong and Clarke-Pearson (1988), by the
    O(n log n) algorithm of Sun and Xu (2014), clipped to 0..1.

    :param left: bool array of shape (n,): what happened
    :param score: float array of shape (n,), higher for who is thought to leave
    :return: (AUC, low, high); three NaN unless some left and some stayed; low and
        high are NaN where there is only one of either kind, whose spread is unknown

    >>> auc_delong(np.array([True, True, False]), np.array([0.9, 0.4, 0.4]))[0]
    0.75
    >>> auc_delong(np.array([True, True]), np.array([0.9, 0.4]))
    (nan, nan, nan)
    """
    left = np.asarray(left, dtype=bool)
    score = np.asarray(score, dtype=float)
    left_score, stayed_score = score[left], score[~left]
    n_left, n_stayed = len(left_score), len(stayed_score)
    if not n_left or not n_stayed:
        return math.nan, math.nan, math.nan
    ranks = find_midranks(np.concatenate([left_score, stayed_score]))
    # share of those who stayed below each who left, and the other way round
    above = (ranks[:n_left] - find_midranks(left_score)) / n_stayed
    below = 1 - (ranks[n_left:] - find_midranks(stayed_score)) / n_left
    auc = float(above.mean())
    if min(n_left, n_stayed) < 2:
        return auc, math.nan, math.nan
    variance = above.var(ddof=1) / n_left + below.var(ddof=1) / n_stayed
    margin = Z_95 * math.sqrt(variance)
    return auc, max(auc - margin, 0.0), min(auc + margin, 1.0)


def brier(left: np.ndarray, probability: np.ndarray) -> float:
    """Mean squared error of probabilities (Brier 1950); NaN without customers.

    >>> brier(np.array([True, False]), np.array([0.8, 0.4]))
    0.1
    """
    if not len(probability):
        return math.nan
    return float(np.mean((np.asarray(probability, dtype=float) - left) ** 2))


def base_rate_brier(left: np.ndarray) -> float:
    """Brier of the best single number for everybody: the share that did leave.

    >>> base_rate_brier(np.array([True, False, False, False]))
    0.1875
    """
    if not len(left):
        return math.nan
    rate = float(np.mean(left))
    return rate * (1 - rate)


def calibration_in_the_large(left: np.ndarray, probability: np.ndarray) -> float:
    """Mean promised minus share that happened: above 0 is too pessimistic.

    >>> round(calibration_in_the_large([True, False], [0.8, 0.4]), 6)
    0.1
    """
    if not len(probability):
        return math.nan
    return float(np.mean(probability) - np.mean(left))


def expected_calibration_error(
    left: np.ndarray, probability: np.ndarray, bins: int = BINS
) -> tuple[float, list[dict]]:
    """Mean distance between promised and happened, in groups of about equal size.

    Groups of equal size rather than equal width (Nixon et al. 2019): where 83 % of
    the customers leave, most widths would hold nobody. Equal probabilities are never
    put into two groups, so there can be fewer groups than asked for.

    :return: the error, and for each group from the lowest on: mean ``predicted``,
        share ``observed`` and ``count``; NaN and [] without customers

    >>> error, groups = expected_calibration_error(
    ...     np.array([False, True, True, True]), np.array([0.25, 0.25, 0.75, 0.75]), 2)
    >>> error
    0.25
    >>> groups[0]
    {'predicted': 0.25, 'observed': 0.5, 'count': 2}
    """
    probability = np.asarray(probability, dtype=float)
    count = len(probability)
    if not count:
        return math.nan, []
    order = np.argsort(probability, kind="stable")
    ordered, happened = probability[order], np.asarray(left, dtype=float)[order]
    wanted = np.arange(1, bins) * count // bins
    # each border moves up to where the probability changes
    borders = np.searchsorted(ordered, ordered[wanted], side="left")
    starts = np.unique(np.append(0, borders))
    size = np.diff(np.append(starts, count))
    predicted = np.add.reduceat(ordered, starts) / size
    observed = np.add.reduceat(happened, starts) / size
    error = float(np.sum(size * np.abs(predicted - observed)) / count)
    groups = [
        {"predicted": float(p), "observed": float(o), "count": int(n)}
        for p, o, n in zip(predicted, observed, size, strict=True)
    ]
    return error, groups


def mae(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Mean absolute error, in the unit of both.

    >>> mae(np.array([10.0, 20]), np.array([12.0, 16]))
    3.0
    """
    if not len(actual):
        return math.nan
    return float(np.mean(np.abs(np.asarray(predicted, dtype=float) - actual)))


def bias(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Sum promised over sum that came: 1.1 promised 10 % too much; NaN for nothing.

    >>> bias(np.array([10.0, 20]), np.array([12.0, 21]))
    1.1
    """
    total = float(np.sum(actual))
    return float(np.sum(predicted)) / total if total > 0 else math.nan


def spearman(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Correlation of the ranks; NaN where either is the same for everybody.

    >>> spearman(np.array([1.0, 2, 3]), np.array([10.0, 20, 90]))
    1.0
    """
    if not len(actual):
        return math.nan
    ranks = [find_midranks(np.asarray(side)) for side in (actual, predicted)]
    first, second = (side - side.mean() for side in ranks)
    spread = math.sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / spread if spread else math.nan


def top_decile_lift(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Mean of the tenth thought best over the mean of all.

    Of customers thought equal at the border of the tenth each counts in part, so the
    figure does not depend on the order of the rows.

    >>> top_decile_lift(np.arange(20.0), np.arange(20.0))
    1.9473684210526316
    >>> top_decile_lift(np.arange(20.0), np.zeros(20))
    1.0
    """
    count = len(actual)
    actual = np.asarray(actual, dtype=float)
    mean = float(actual.mean()) if count else 0.0
    if mean <= 0:
        return math.nan
    predicted = np.asarray(predicted, dtype=float)
    size = max(-(-count // 10), 1)
    border = np.partition(predicted, count - size)[count - size]
    above, equal = predicted > border, predicted == border
    rest = size - int(above.sum())
    top = float(actual[above].sum()) + rest * float(actual[equal].mean())
    return top / size / mean


def judge_churn(
    left: np.ndarray, probability: np.ndarray, recency_brier: float = math.nan
) -> dict:
    """All figures about churn, finite or None, ready for JSON.

    :param recency_brier: Brier of a model that knows only the days since the last
        order
    :return: dict of count, left, base_rate, mean_predicted, auc, auc_low, auc_high,
        brier, brier_base, brier_recency, brier_skill (1 - brier / brier_base), ece,
        bins, calibration and codes ("no_customers", "one_class")

    >>> report = judge_churn(np.array([True, True]), np.array([0.9, 0.4]))
    >>> report["auc"], report["codes"]
    (None, ['one_class'])
    """
    left = np.asarray(left, dtype=bool)
    auc, low, high = auc_delong(left, probability)
    error, groups = expected_calibration_error(left, probability)
    own, base = brier(left, probability), base_rate_brier(left)
    codes = []
    if not len(left):
        codes.append("no_customers")
    elif math.isnan(auc):
        codes.append("one_class")
    figures = {
        "auc": auc,
        "auc_low": low,
        "auc_high": high,
        "base_rate": float(left.mean()) if len(left) else math.nan,
        "mean_predicted": float(np.mean(probability)) if len(left) else math.nan,
        "brier": own,
        "brier_base": base,
        "brier_recency": recency_brier,
        "brier_skill": 1 - own / base if base else math.nan,
        "ece": error,
        "calibration": calibration_in_the_large(left, probability),
    }
    return {
        "count": len(left),
        "left": int(left.sum()),
        **clean(figures),
        "bins": groups,
        "codes": codes,
    }


def judge_value(
    actual: np.ndarray, predicted: np.ndarray, last_period: np.ndarray
) -> dict:
    """All figures about value, finite or None, ready for JSON.

    :param actual: what each customer spent in the period, in currency
    :param predicted: what was promised
    :param last_period: what each spent in the period of the same length before,
        the simplest promise
    """
    figures = {
        "actual_mean": float(np.mean(actual)) if len(actual) else math.nan,
        "bias": bias(actual, predicted),
        "mae": mae(actual, predicted),
        "spearman": spearman(actual, predicted),
        "lift": top_decile_lift(actual, predicted),
        "bias_last_period": bias(actual, last_period),
        "mae_last_period": mae(actual, last_period),
        "lift_last_period": top_decile_lift(actual, last_period),
    }
    return {"count": len(actual), **clean(figures)}


def clean(figures: dict) -> dict:
    """None for what JSON cannot hold.

    >>> clean({"a": float("nan"), "b": 1.5})
    {'a': None, 'b': 1.5}
    """
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in figures.items()
    }
