"""What customers did within the horizon after a day, seen from that day."""

from dataclasses import dataclass

import numpy as np

from .customers import Customers, find_order_days, sum_by_customer


@dataclass(frozen=True)
class Window:
    """Customers as of a cut, and what followed.

    :param customers: what was known by the end of the cut
    :param horizon: days after the cut that were looked at
    :param left: no order in them, bool (n,)
    :param orders: order days in them, int64 (n,)
    :param spend: net revenue in them in currency, float (n,); below 0 where more was
        given back than bought
    """

    customers: Customers
    horizon: int
    left: np.ndarray
    orders: np.ndarray
    spend: np.ndarray

    def __len__(self) -> int:
        return len(self.left)


def observe(purchases, customers: Customers, horizon: int, digits: int) -> Window:
    """What the customers did in the horizon days after ``customers.as_of``.

    :param purchases: as for ``Customers.from_purchases``; rows outside those days
        are left out, so nothing later than the end of the window is used

    >>> from types import SimpleNamespace
    >>> rows = SimpleNamespace(
    ...     customer=np.array([7, 7, 8, 8]), day=np.array([1, 9, 2, 30]),
    ...     amount=np.array([500, 700, 900, 100]), is_order=np.full(4, True))
    >>> window = observe(rows, Customers.from_purchases(rows, 5, 2), 10, 2)
    >>> window.left.tolist(), window.spend.tolist()
    ([False, True], [7.0, 0.0])
    """
    cut = customers.as_of
    inside = (purchases.day > cut) & (purchases.day <= cut + horizon)
    rows = _Rows(*(getattr(purchases, name)[inside] for name in _Rows.__annotations__))
    buyer, _day = find_order_days(rows, cut + horizon)
    orders = sum_by_customer(customers.ids, buyer, np.ones(len(buyer)))
    spend = sum_by_customer(customers.ids, rows.customer, rows.amount / 10**digits)
    return Window(customers, horizon, orders == 0, orders.astype(np.int64), spend)


def find_spend(purchases, customers: Customers, days: int, digits: int) -> np.ndarray:
    """Net revenue in the last days up to ``customers.as_of``, in currency, (n,)."""
    cut = customers.as_of
    inside = (purchases.day > cut - days) & (purchases.day <= cut)
    amount = purchases.amount[inside] / 10**digits
    return sum_by_customer(customers.ids, purchases.customer[inside], amount)


@dataclass(frozen=True)
class _Rows:
    customer: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    is_order: np.ndarray
