"""Purchases of a company as arrays, in the order that everything else needs."""

from dataclasses import dataclass

import numpy as np

# Room for the day and one flag in a sort key: days from -2**20 to 2**20.
_DAY_BITS = 21
_DAY_ZERO = 1 << 20


@dataclass(frozen=True)
class Purchases:
    """Purchases and returns, sorted by customer and day.

    :param customer: id of the customer, int64 of shape (n,)
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
        customer = np.asarray(customer, dtype=np.int64)
        day = np.asarray(day, dtype=np.int32)
        amount = np.asarray(amount, dtype=np.int64)
        is_order = np.asarray(is_order, dtype=bool)
        key = (customer << (_DAY_BITS + 1)) | ((day.astype(np.int64) + _DAY_ZERO) << 1)
        key |= ~is_order
        order = np.argsort(key)
        del key
        return cls(customer[order], day[order], amount[order], is_order[order])

    def __len__(self) -> int:
        return len(self.customer)

    def take(self, rows) -> "Purchases":
        """Some rows, given by a mask or by ascending positions."""
        return Purchases(
            self.customer[rows], self.day[rows], self.amount[rows], self.is_order[rows]
        )

    def until(self, day: int) -> "Purchases":
        """What had happened by the end of a day."""
        return self.take(self.day <= day)

    def replace(self, customers: np.ndarray, other: "Purchases") -> "Purchases":
        """With the rows of some customers taken from ``other``."""
        if not len(customers):
            return self
        mine = self.take(~np.isin(self.customer, customers))
        return Purchases.sort(
            *(
                np.concatenate([getattr(mine, name), getattr(other, name)])
                for name in ("customer", "day", "amount", "is_order")
            )
        )

    def get_order_days(self) -> tuple[np.ndarray, np.ndarray]:
        """Customer and day of each day with an order, without repetition."""
        customer, day = self.customer[self.is_order], self.day[self.is_order]
        first = np.ones(len(day), dtype=bool)
        first[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
        return customer[first], day[first]

    def get_gaps(self) -> np.ndarray:
        """Days between consecutive order days of the same customer.

        >>> days = [1, 1, 5, 9, 2]
        >>> Purchases.sort([7, 7, 7, 7, 8], days, [1] * 5, [True] * 5).get_gaps()
        array([4, 4], dtype=int32)
        """
        customer, day = self.get_order_days()
        return np.diff(day)[customer[1:] == customer[:-1]]
