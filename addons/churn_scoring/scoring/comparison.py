"""Whether customers to whom something happened leave more often than others.

Who buys more has more chances of a late delivery, and leaves less often, too.  So
customers are set beside others who bought as often: the test is that of Mantel and
Haenszel (1959), over classes of customers by their number of order days.
"""

import math
from dataclasses import dataclass

import numpy as np

# Lower bounds of the classes: 1, 2, 3 to 4, 5 to 9, 10 order days and more.
CLASSES = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Comparison:
    """What came of customers with something, beside others who bought as often.

    :param count: customers with it who have others to be set beside
    :param left: of these, who left
    :param expected: of these, who would have left by the shares of the others
    :param deviation: standard deviations by which more left than chance explains; 0
        where all left, or none
    """

    count: int
    left: int
    expected: float
    deviation: float


def compare(counts) -> Comparison:
    """
    :param counts: whole numbers of shape (k, 4), a row for each class: customers with
        it, of them who left, customers without it, of them who left

    Of those who buy seldom and of those who buy often as many leave with it as without
    it, but it happens to those who buy often:

    >>> found = compare([(10, 8, 100, 80), (90, 9, 50, 5)])
    >>> found.left, round(found.expected, 6), round(found.deviation, 6)
    (17, 17.0, 0.0)
    >>> compare([(20, 20, 0, 0)])
    Comparison(count=0, left=0, expected=0.0, deviation=0.0)
    """
    rows = np.asarray(counts, dtype=float).reshape(-1, 4)
    had, had_left, had_not, other_left = rows[(rows[:, 0] > 0) & (rows[:, 2] > 0)].T
    total, left = had + had_not, had_left + other_left
    surplus = float(np.sum(had_left - had * left / total))
    variance = float(
        np.sum(had * had_not * left * (total - left) / (total**2 * (total - 1)))
    )
    return Comparison(
        count=int(had.sum()),
        left=int(had_left.sum()),
        expected=float(np.sum(had * other_left / had_not)),
        deviation=surplus / math.sqrt(variance) if variance > 0 else 0.0,
    )
