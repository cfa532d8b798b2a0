"""Whether a play earned: said once it is sure enough, asked every night.

Whoever looks at a 95 % interval every week and stops when it leaves 0 is wrong far more
often than 5 % of the time.  So the verdict needs more than the interval: the boundary
of Robbins's normal mixture (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021;
with estimated variances, Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024), which a
play without effect crosses with a chance of at most 2.5 % on either side *ever*,
however often it is asked, in large samples.  It is about 3 standard errors, flat over a
wide range.
"""

import math
from dataclasses import dataclass

from .uplift import Uplift

EARNED, LOST, UNSURE = "earned", "lost", "unsure"

_ALPHA = 0.05  # both sides together
# Effective size at which the boundary is lowest: 1,800 customers of which 10 % are held
# out.  At a tenth or the tenfold of it it is 27 % or 7 % higher.
_BEST_SIZE = 160
_SCALE = (-2 * math.log(_ALPHA) + math.log(1 - 2 * math.log(_ALPHA))) / _BEST_SIZE
# A verdict needs so many who bought, or money means little
_LEAST_BUYERS = 10
# Farther into the future nothing is promised
MAX_WEEKS = 104


@dataclass(frozen=True)
class Verdict:
    """What is known of a play.

    :param state: ``earned``, ``lost`` or ``unsure``
    :param weeks: how many more weeks until it is known, if the difference and the pace
        stay as they are; 0 where it is known, None where not within ``MAX_WEEKS``, or
        where nothing is known to go by
    """

    state: str
    weeks: int | None


def boundary(treated: int, control: int) -> float:
    """Standard errors that the difference must be from 0 to be known, above 0.

    >>> [round(boundary(9 * n, n), 1) for n in (10, 100, 180, 1000, 10_000)]
    [4.5, 3.1, 3.0, 3.2, 3.5]
    >>> boundary(50, 0)
    inf
    """
    size = _get_effective_size(treated, control) * _SCALE
    if not size:
        return math.inf
    return math.sqrt((1 + 1 / size) * (math.log1p(size) - 2 * math.log(_ALPHA)))


def judge(
    money: Uplift, treated: int, control: int, buyers: int, per_week=0.0
) -> Verdict:
    """The verdict on a play.

    Only customers whose outcome is complete count: those of whom little time was seen
    would make every play look poor at first.

    :param money: what it earned per customer, net of its cost
    :param treated, control: customers whose outcome is complete
    :param buyers: how many of both arms bought
    :param per_week: customers whose outcome completes each week from now on

    >>> sure = Uplift(4.0, 2.5, 5.5, 5.2, 900)
    >>> judge(sure, 900, 100, buyers=180).state
    'earned'
    >>> judge(Uplift(1.0, -0.3, 2.3, 1.5, 900), 900, 100, 180, per_week=100)
    Verdict(state='unsure', weeks=33)
    >>> judge(sure, 9, 1, buyers=2)
    Verdict(state='unsure', weeks=None)
    >>> judge(sure, 90, 10, buyers=2, per_week=10)
    Verdict(state='unsure', weeks=40)
    """
    if buyers >= _LEAST_BUYERS and abs(money.z) >= boundary(treated, control):
        return Verdict(EARNED if money.z > 0 else LOST, 0)
    weeks = _get_weeks(money.z, treated, control, buyers, per_week)
    return Verdict(UNSURE, weeks)


def _get_weeks(z, treated, control, buyers, per_week):
    """Weeks until a difference as it is now would cross the boundary, or None.

    Enough customers must have bought by then, too.
    """
    size = treated + control
    if not treated or not control or per_week <= 0 or not z or not buyers:
        return None
    for weeks in range(1, MAX_WEEKS + 1):
        more = 1 + per_week * weeks / size
        if buyers * more < _LEAST_BUYERS:
            continue
        if abs(z) * math.sqrt(more) >= boundary(
            round(treated * more), round(control * more)
        ):
            return weeks
    return None


def _get_effective_size(treated, control):
    return treated * control / (treated + control) if treated and control else 0.0
