"""What a return takes back of the points that a purchase gave.

Points are floats of at most two decimals, amounts floats in the currency of the order.
Everything is worked out from the state of the documents, never from the last event:
the same credit note seen twice takes nothing twice, and one that is cancelled gives
back what it took.
"""

import math
from dataclasses import dataclass

# Differences below this are rounding, not points.
EPSILON = 0.005


@dataclass(frozen=True)
class Trade:
    """What became of the part of an order that gave points.

    :param base: amount of that part when the points were given
    :param invoiced: all that was invoiced of it
    :param refunded: what credit notes gave back since the points were recorded
    :param refunded_before: what they had given back before that
    """

    base: float
    invoiced: float = 0.0
    refunded: float = 0.0
    refunded_before: float = 0.0

    @property
    def returned_share(self) -> float:
        """Share of the purchase that came back, between 0 and 1.

        What is invoiced beyond the order makes up for a credit note: an invoice that
        was credited and written again costs nobody points.

        >>> Trade(100, invoiced=100, refunded=30).returned_share
        0.3
        >>> Trade(100, invoiced=200, refunded=100).returned_share
        0.0
        >>> Trade(100, invoiced=100, refunded=130).returned_share
        1.0
        """
        if self.base <= 0:
            return 0.0
        again = max(0.0, self.invoiced - self.refunded_before - self.base)
        share = (self.refunded - again) / self.base
        return min(1.0, max(0.0, share))


def points_due(given: float, share: float, expired: float = 0.0) -> float:
    """Points of a purchase that are to be taken back in all.

    Rounded down to two decimals, in favour of the customer; all of them where
    all came back.  Points that expired unused are not asked for again.

    >>> points_due(100, 1 / 3)
    33.33
    >>> points_due(33.33, 1.0)
    33.33
    >>> points_due(100, 0.5, expired=80)
    20
    """
    # 0.29 * 100 is 28.999…: what is lost in floats is not the customer's gain
    due = given if share >= 1 else math.floor(given * share * 100 + 1e-6) / 100
    return max(0, min(due, round(given - expired, 6)))


@dataclass(frozen=True)
class Settlement:
    """What to do now.

    :param take: points to take from the card; negative: to give back
    :param miss: points that should be taken and are not there; negative: no longer
    """

    take: float
    miss: float


def settle(due: float, taken: float, missed: float, balance: float) -> Settlement:
    """From what was taken so far to what is due.

    :param due: points that are to be taken back in all
    :param taken: points that were taken so far
    :param missed: points that were missing so far; they are not asked for again
    :param balance: points on the card: it never falls below zero by this

    >>> settle(100, 0, 0, 40)
    Settlement(take=40, miss=60)
    >>> settle(50, 40, 60, 0)
    Settlement(take=0, miss=-50)
    >>> settle(0, 40, 60, 0)
    Settlement(take=-40, miss=-60)
    """
    change = round(due - taken - missed, 6)
    if change >= 0:
        take = min(change, max(0, balance))
        return Settlement(take, round(change - take, 6))
    forgotten = min(-change, max(0, missed))
    return Settlement(round(change + forgotten, 6) + 0, -forgotten + 0)
