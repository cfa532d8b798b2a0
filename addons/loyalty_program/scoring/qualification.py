"""Which tier an amount reaches, and sums of what was bought between two days."""

from dataclasses import dataclass

import numpy as np


def find_levels(amounts, thresholds, allowed=None):
    """The highest tier that amounts reach: at or above its threshold.

    :param amounts: int array (n,); what is below 0 counts as 0
    :param thresholds: int array (k,), rising
    :param allowed: bool array (n, k), who meets the other condition of a tier;
        None: everybody
    :return: int array (n,) of positions in ``thresholds``, -1: none

    >>> find_levels(np.array([-5, 9999, 10_000]), np.array([0, 10_000])).tolist()
    [0, 0, 1]
    """
    amounts = np.maximum(np.asarray(amounts, dtype="int64"), 0)
    if allowed is None:
        return np.searchsorted(thresholds, amounts, side="right") - 1
    if not len(thresholds):
        return np.full(len(amounts), -1)
    reached = (amounts[:, None] >= np.asarray(thresholds)) & allowed
    top = len(thresholds) - 1 - reached[:, ::-1].argmax(axis=1)
    return np.where(reached.any(axis=1), top, -1)


def _join(customers, days):
    """One number for customer and day; days, also those before 1970, need 33 bits."""
    return (np.asarray(customers, dtype="int64") << 33) + days


@dataclass
class Purchases:
    """What customers bought and returned, sorted, to be summed between any two days.

    :param days: int array (m,), by rising customer and day
    :param totals: int array (m + 1,), sums of all rows before
    :param keys: int array (m,), customer and day as one rising number
    """

    days: np.ndarray
    totals: np.ndarray
    keys: np.ndarray

    @classmethod
    def sort(cls, customers, days, amounts):
        """Of rows in any order."""
        keys = _join(customers, days)
        order = np.argsort(keys, kind="stable")
        totals = np.zeros(len(order) + 1, dtype="int64")
        np.cumsum(np.asarray(amounts)[order], out=totals[1:])
        days = np.asarray(days, dtype="int64")[order]
        return cls(days, totals, keys[order])

    def get_customers(self):
        """Who bought something, rising: int array."""
        owners = self._get_owners()
        return owners[np.flatnonzero(np.diff(owners, prepend=-1))]

    def replace(self, other):
        """These, with all that the customers of others bought in its place."""
        owners, theirs = self._get_owners(), other._get_owners()
        kept = ~np.isin(owners, other.get_customers())
        pairs = (
            (owners, theirs),
            (self.days, other.days),
            (np.diff(self.totals), np.diff(other.totals)),
        )
        return Purchases.sort(
            *(np.concatenate([mine[kept], others]) for mine, others in pairs)
        )

    def _get_owners(self):
        """Customer of each row; those who bought before 1970, too."""
        return (self.keys + (1 << 32)) >> 33

    def _find(self, customers, days, side):
        return np.searchsorted(self.keys, _join(customers, days), side=side)

    def sum(self, customers, start, end):
        """Amounts of each customer from a day to a day, both of them included.

        >>> bought = Purchases.sort(np.array([7, 7, 8]), np.array([3, 1, 2]),
        ...                         np.array([10, 20, 30]))
        >>> bought.sum(np.array([7, 7, 8, 9]), np.array([1, 2, 1, 1]), 3).tolist()
        [30, 10, 30, 0]
        """
        low = self._find(customers, np.asarray(start, dtype="int64"), "left")
        high = self._find(customers, np.asarray(end, dtype="int64"), "right")
        # a window that has not begun yet
        return self.totals[np.maximum(high, low)] - self.totals[low]

    def find_reached(self, customers, start, end, needed):
        """First day in a window from which on the sum since its start was enough.

        What was returned meanwhile and bought again counts from the second time.

        :param needed: int array (n,), what the sum must reach
        :return: int array (n,); the start of the window where nothing was needed, its
            end where the sum is not enough in the end
        """
        customers = np.asarray(customers, dtype="int64")
        start = np.broadcast_to(np.asarray(start, dtype="int64"), customers.shape)
        end = np.broadcast_to(np.asarray(end, dtype="int64"), customers.shape)
        low = self._find(customers, start, "left")
        high = np.maximum(self._find(customers, end, "right"), low)
        counts = high - low
        owner = np.repeat(np.arange(len(customers)), counts)
        before = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) - np.repeat(before - low, counts)
        # of several rows of a day the last one counts
        last = np.ones(len(rows), dtype=bool)
        last[:-1] = (np.diff(owner) != 0) | (np.diff(self.days[rows]) != 0)
        rows, owner = rows[last], owner[last]
        short = self.totals[rows + 1] - self.totals[low[owner]] < needed[owner]
        place = np.searchsorted(owner, np.arange(len(customers)))
        lacking = np.flatnonzero(short)
        # the row after the last one that was short: written last
        place[owner[lacking]] = lacking + 1
        found = np.where(needed <= 0, start, end)
        some = np.flatnonzero((needed > 0) & (place < len(rows)))
        some = some[owner[place[some]] == some]
        found[some] = self.days[rows[place[some]]]
        return found
