"""Groups of customers over recency (R) and FM, the mean of F and M."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class SegmentRule:
    """A rectangle of the grid; both ends belong to it.

    :param key: what the caller wants back, a positive integer
    :param recency: lowest and highest R, 0 to 5 (0: never bought)
    :param value: lowest and highest FM, 0 to 5 in steps of 0.5
    """

    key: int
    recency: tuple[int, int]
    value: tuple[float, float]


def assign_segments(
    recency: np.ndarray, value: np.ndarray, rules: list[SegmentRule]
) -> np.ndarray:
    """Key of the first rule that holds, 0 where none does.

    :param recency: R of each customer, shape (n,), 0 for never bought
    :param value: FM of each customer, shape (n,), 0 for never bought
    :return: int64 array of shape (n,)

    >>> rules = [SegmentRule(7, (5, 5), (4, 5)), SegmentRule(9, (1, 5), (1, 5))]
    >>> assign_segments(np.array([5, 3, 0]), np.array([4.5, 2.0, 0.0]), rules).tolist()
    [7, 9, 0]
    """
    keys = np.zeros(len(recency), dtype=np.int64)
    for rule in reversed(rules):
        holds = (recency >= rule.recency[0]) & (recency <= rule.recency[1])
        holds &= (value >= rule.value[0]) & (value <= rule.value[1])
        keys[holds] = rule.key
    return keys


def uncovered_cells(rules: list[SegmentRule]) -> list[tuple[int, float]]:
    """Cells (R, FM) of customers who bought, that no rule takes.

    >>> uncovered_cells([SegmentRule(1, (1, 5), (1, 4.5))])
    [(1, 5.0), (2, 5.0), (3, 5.0), (4, 5.0), (5, 5.0)]
    """
    cells = [(r, fm / 2) for r in range(1, 6) for fm in range(2, 11)]
    keys = assign_segments(
        np.array([r for r, _fm in cells]), np.array([fm for _r, fm in cells]), rules
    )
    return [cell for cell, key in zip(cells, keys, strict=True) if not key]
