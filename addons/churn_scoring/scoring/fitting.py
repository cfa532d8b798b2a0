"""What the fits have in common: distinct values, samples, bounded maximisation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

# Parameters are fitted as logarithms within these bounds (1e-4 to 1e4).
LOG_BOUND = 9.0
# how near to a bound is at the bound
_NEAR = 1e-3
# slope per customer below which a fit has arrived, whatever the search says
_FLAT = 1e-5


@dataclass(frozen=True)
class Fit:
    """Where a search ended.

    :param point: logarithms of the parameters
    :param objective: value there
    :param converged: whether it is the top, or as good as
    :param at_bounds: whether a parameter ran into its bound
    """

    point: np.ndarray
    objective: float
    converged: bool
    at_bounds: bool


def maximise(objective: Callable, start: np.ndarray, weight: float, bounds=None) -> Fit:
    """Maximise by L-BFGS-B.

    :param objective: of a point; gives its value and gradient
    :param start: first point
    :param weight: number of customers, which the objective grows with
    :param bounds: pairs of lower and upper bound; ``LOG_BOUND`` each if not given
    """
    bounds = bounds or [(-LOG_BOUND, LOG_BOUND)] * len(start)
    scale = -1.0 / max(weight, 1.0)

    def scaled(point):
        value, gradient = objective(point)
        return value * scale, gradient * scale

    result = minimize(
        scaled,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-12, "gtol": 1e-8, "maxiter": 500},
    )
    low, high = np.array(bounds).T
    at_bound = (result.x < low + _NEAR) | (result.x > high - _NEAR)
    slope = np.abs(np.where(at_bound, 0.0, result.jac)).max()
    return Fit(
        point=result.x,
        objective=float(result.fun / scale),
        converged=bool(np.isfinite(result.fun) and (result.success or slope < _FLAT)),
        at_bounds=bool(at_bound.any()),
    )


def dot(one: np.ndarray, other: np.ndarray) -> float:
    """Sum of the products.

    Not ``@``: BLAS starts threads that wait busily for each other, which on a machine
    with other work takes twenty times as long.
    """
    return float(np.sum(one * other))


def find_levels(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct values ascending, and the position of each value among them.

    As ``np.unique(return_inverse=True)``, ten times faster for integers that lie
    close together.

    >>> find_levels(np.array([5, 2, 5]))
    (array([2, 5]), array([1, 0, 1]))
    """
    if not len(values):
        return values, np.zeros(0, dtype=np.int64)
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values) + 100_000:
        return np.unique(values, return_inverse=True)
    shifted = values - low
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[shifted] = True
    position = np.cumsum(seen) - 1
    return np.flatnonzero(seen) + low, position[shifted]


def find_rows(*columns: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Distinct combinations of integer columns, and the position of each row.

    :return: the columns of the distinct rows, and int64 of shape (n,)

    >>> find_rows(np.array([1, 1, 0]), np.array([7, 7, 9]))
    ([array([0, 1]), array([9, 7])], array([1, 1, 0]))
    """
    place, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        levels, index = find_levels(column)
        if size * len(levels) >= 2**62:
            known, place = find_levels(place)
            size = len(known)
        place = place * len(levels) + index
        size *= len(levels)
    known, place = find_levels(place)
    example = np.zeros(len(known), dtype=np.int64)
    example[place] = np.arange(len(place))
    return [column[example] for column in columns], place


def sample_rows(count: int, size: int | None, seed: int) -> np.ndarray | slice:
    """Rows of a random sample without repetition, ascending; all if they fit."""
    if size is None or count <= size:
        return slice(None)
    chosen = np.random.default_rng(seed).choice(count, size, replace=False)
    return np.sort(chosen)


def sample_evenly(count: np.ndarray, size: int | None, seed: int) -> np.ndarray:
    """How often each distinct row is in a systematic sample; all if they fit.

    Every n-th of the customers in the order of the rows: where neighbours are alike,
    such a sample stands for all of them far better than a draw.

    :param count: how often each row is there, ints of shape (n,)

    >>> sample_evenly(np.array([4, 2, 4]), 5, seed=0).tolist()
    [2, 1, 2]
    """
    total = int(count.sum())
    if size is None or total <= size:
        return count
    start = np.random.default_rng(seed).random()
    places = ((np.arange(size) + start) * (total / size)).astype(np.int64)
    index = np.searchsorted(np.cumsum(count), places, side="right")
    return np.bincount(np.minimum(index, len(count) - 1), minlength=len(count))
