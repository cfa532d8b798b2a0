"""Purchases of a company as arrays, in the order that everything else needs."""

from dataclasses import dataclass

import numpy as np

# Room for the day and one flag in a sort key: days from -2**20 to 2**20.
_DAY_BITS = 21
_DAY_ZERO = 1 << 20
# Rows looked at together.
_PART = 1_000_000


@dataclass(frozen=True)
class Purchases:
    """Purchases and returns, sorted by customer and day.

    :param customer: id of the customer, int32 of shape (n,)
    :param day: days since 1970-01-01 in the company's time, int32 of shape (n,)
    :param amount: signed, in the smallest unit of the currency, int64 of shape (n,)
    :param is_order: whether the row counts as an order, bool of shape (n,)
    """

    customer: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    is_order: np.ndarray

    @classmethod
    def sort(cls, customer, day, amount, is_order) -> "Purchases":
        """From rows in any order.

        >>> Purchases.sort([7, 5, 7], [3, 9, 1], [10, 20, 30], [True] * 3).amount
        array([20, 30, 10])
        """
        return cls.sort_columns(
            {
                "customer": np.asarray(customer, dtype=np.int32),
                "day": np.asarray(day, dtype=np.int32),
                "amount": np.asarray(amount, dtype=np.int64),
                "is_order": np.asarray(is_order, dtype=bool),
            }
        )

    @classmethod
    def sort_columns(cls, columns: dict[str, np.ndarray]) -> "Purchases":
        """The same; takes the arrays out of ``columns``, so that each is freed soon."""
        order = np.argsort(
            _make_keys(columns["customer"], columns["day"], columns["is_order"])
        )
        names = ("customer", "day", "amount", "is_order")
        return cls(*(columns.pop(name)[order] for name in names))

    def __len__(self) -> int:
        return len(self.customer)

    def take(self, rows) -> "Purchases":
        """Some rows, given by a slice, a mask or ascending positions."""
        return Purchases(
            self.customer[rows], self.day[rows], self.amount[rows], self.is_order[rows]
        )

    def until(self, day: int) -> "Purchases":
        """What had happened by the end of a day."""
        return self.take(self.day <= day)

    def merge(self, other: "Purchases") -> "Purchases":
        """These and others, in order; best where the others are few."""
        position = np.searchsorted(self._get_keys(), other._get_keys(), side="right")
        return Purchases(
            *(
                np.insert(getattr(self, name), position, getattr(other, name))
                for name in ("customer", "day", "amount", "is_order")
            )
        )

    def _get_keys(self) -> np.ndarray:
        return _make_keys(self.customer, self.day, self.is_order)

    def split(self, size: int):
        """Parts of about ``size`` rows, each with all rows of its customers."""
        begins = np.flatnonzero(self.customer[1:] != self.customer[:-1]) + 1
        wanted = np.arange(size, len(self), size)
        # the border after each wanted one, where there is another customer
        position = np.searchsorted(begins, wanted)
        borders = np.unique(begins[position[position < len(begins)]]).tolist()
        for start, end in zip([0, *borders], [*borders, len(self)], strict=True):
            yield self.take(slice(start, end))

    def find_order_days(self) -> np.ndarray:
        """Positions of the first order of each customer on each day."""
        rows = np.flatnonzero(self.is_order)
        customer, day = self.customer[rows], self.day[rows]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
        return rows[first]

    def get_gaps(self, until: int | None = None) -> np.ndarray:
        """Days between consecutive order days of the same customer.

        :param until: what came after this day is left out

        >>> days = [1, 1, 5, 9, 2]
        >>> Purchases.sort([7, 7, 7, 7, 8], days, [1] * 5, [True] * 5).get_gaps()
        array([4, 4], dtype=int32)
        """
        # some customers at a time: what is computed on the way stays small
        gaps = [part._find_gaps(until) for part in self.split(_PART)]
        return np.concatenate(gaps)

    def _find_gaps(self, until):
        rows = self.find_order_days()
        if until is not None:
            rows = rows[self.day[rows] <= until]
        customer, day = self.customer[rows], self.day[rows]
        return np.diff(day)[customer[1:] == customer[:-1]]


def _make_keys(customer, day, is_order):
    """Numbers in the order of customers, days, and orders before returns."""
    key = customer.astype(np.int64)
    key <<= _DAY_BITS
    key += day
    key += _DAY_ZERO
    key <<= 1
    key |= ~is_order
    return key
