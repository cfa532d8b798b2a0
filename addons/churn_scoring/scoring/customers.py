"""Customers as the models of purchases see them: counts and days, no documents."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

# the engine's mark of "never", as in lifecycle_crm's rhythm
NO_DAY = -(2**31)
DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class Customers:
    """One row per customer with at least one order, ascending by id.

    A purchase is a day with an order: two orders on one day are one decision to buy.
    Returns are netted into the value and never count as a purchase.

    :param ids: id of the customer, int64 of shape (n,)
    :param orders: days with an order, int64 of shape (n,), at least 1
    :param first: day of the first order, int64 of shape (n,)
    :param last: day of the last order, int64 of shape (n,), first <= last <= as_of
    :param value: mean net revenue per order day in the currency of the company,
        float64 of shape (n,); NaN where the net revenue is not above 0
    :param as_of: the day whose end the rows stand for
    """

    ids: np.ndarray
    orders: np.ndarray
    first: np.ndarray
    last: np.ndarray
    value: np.ndarray
    as_of: int

    @classmethod
    def from_purchases(cls, purchases, as_of: int, digits: int) -> "Customers":
        """What was known by the end of a day.

        :param purchases: arrays ``customer``, ``day``, ``amount`` (smallest unit of
            the currency, returns negative) and ``is_order``, sorted by customer and
            day, as lifecycle_crm's ``Purchases``; later rows are left out
        :param digits: decimals of the currency

        >>> from types import SimpleNamespace
        >>> rows = SimpleNamespace(
        ...     customer=np.array([7, 7, 7, 8]),
        ...     day=np.array([10, 12, 40, 11]),
        ...     amount=np.array([500, -100, 700, 900]),
        ...     is_order=np.array([True, False, True, True]),
        ... )
        >>> Customers.from_purchases(rows, 20, 2).value.tolist()
        [4.0, 9.0]
        """
        customer, day = find_order_days(purchases, as_of)
        starts = find_starts(customer)
        ids = customer[starts]
        orders = np.diff(np.append(starts, len(customer)))
        known = np.asarray(purchases.day) <= as_of
        net = sum_by_customer(ids, purchases.customer[known], purchases.amount[known])
        return cls(
            ids=ids,
            orders=orders,
            first=day[starts],
            last=day[starts + orders - 1],
            value=_find_value(net / 10**digits, orders),
            as_of=int(as_of),
        )

    @classmethod
    def from_facts(cls, frame, as_of: int) -> tuple["Customers", np.ndarray]:
        """From the facts of the engine, and which of its rows are customers.

        :param frame: DataFrame or dict of arrays, ascending by ``partner_id``, with
            ``first_order_date`` and ``last_order_date`` (days, ``NO_DAY`` for none),
            ``order_days`` and ``revenue_total`` (currency of the company)
        :return: the customers, and a bool mask of the rows of the frame
        :raise ValueError: if the frame is not ascending by ``partner_id``
        """
        ids, orders, first, last = (
            np.asarray(frame[name], dtype=np.int64)
            for name in (
                "partner_id",
                "order_days",
                "first_order_date",
                "last_order_date",
            )
        )
        if np.any(ids[1:] <= ids[:-1]):
            raise ValueError("The facts must be ascending by partner_id.")
        mask = (orders > 0) & (first != NO_DAY) & (first <= as_of)
        orders, first = orders[mask], first[mask]
        net = np.asarray(frame["revenue_total"], dtype=float)[mask]
        customers = cls(
            ids=ids[mask],
            orders=orders,
            first=first,
            last=np.clip(last[mask], first, as_of),
            value=_find_value(net, orders),
            as_of=int(as_of),
        )
        return customers, mask

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def repeats(self) -> np.ndarray:
        """Order days after the first one: x of the papers."""
        return self.orders - 1

    @cached_property
    def t_x(self) -> np.ndarray:
        """Weeks from the first to the last order."""
        return (self.last - self.first) / DAYS_PER_WEEK

    @cached_property
    def age(self) -> np.ndarray:
        """Weeks from the first order to the day: T of the papers."""
        return (self.as_of - self.first) / DAYS_PER_WEEK

    @property
    def recency_days(self) -> np.ndarray:
        """Days since the last order."""
        return self.as_of - self.last

    def take(self, rows) -> "Customers":
        """Some of them, given by a slice, a mask or ascending positions."""
        return Customers(
            self.ids[rows],
            self.orders[rows],
            self.first[rows],
            self.last[rows],
            self.value[rows],
            self.as_of,
        )


def find_order_days(purchases, as_of: int) -> tuple[np.ndarray, np.ndarray]:
    """Customer and day of each day with an order, up to a day; int64, sorted."""
    rows = np.flatnonzero(purchases.is_order & (purchases.day <= as_of))
    customer, day = purchases.customer[rows], purchases.day[rows]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
    return customer[new].astype(np.int64), day[new].astype(np.int64)


def find_starts(customer: np.ndarray) -> np.ndarray:
    """Where each customer's rows begin, in rows sorted by customer."""
    new = np.ones(len(customer), dtype=bool)
    new[1:] = customer[1:] != customer[:-1]
    return np.flatnonzero(new)


@dataclass(frozen=True)
class Rows:
    """Some rows of purchases: views of their arrays."""

    customer: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    is_order: np.ndarray


def split_customers(purchases, count: int):
    """The purchases of so many customers after the other, as :class:`Rows`.

    :param purchases: as for ``Customers.from_purchases``

    >>> from types import SimpleNamespace
    >>> rows = SimpleNamespace(
    ...     customer=np.array([7, 7, 8, 9]), day=np.arange(4),
    ...     amount=np.arange(4), is_order=np.full(4, True))
    >>> [some.customer.tolist() for some in split_customers(rows, 2)]
    [[7, 7, 8], [9]]
    """
    starts = find_starts(purchases.customer)[::count].tolist()
    for begin, end in zip(starts, [*starts[1:], len(purchases.customer)], strict=False):
        part = slice(begin, end)
        yield Rows(*(getattr(purchases, name)[part] for name in Rows.__annotations__))


def sum_by_customer(
    ids: np.ndarray, customer: np.ndarray, values: np.ndarray
) -> np.ndarray:
    """Sum of the values of each customer; rows of others are left out.

    :param ids: ascending, shape (n,)
    :param customer: owner of each row, shape (m,)
    :return: float64 of shape (n,)
    """
    place = find_place(ids, customer)
    found = place >= 0
    if not found.all():
        place, values = place[found], np.asarray(values)[found]
    return np.bincount(place, weights=np.asarray(values, float), minlength=len(ids))


def find_place(ids: np.ndarray, customer: np.ndarray) -> np.ndarray:
    """Position among the ids of the owner of each row, -1 for others; int64 (m,).

    Looked up once for all neighbouring rows of one owner.

    :param ids: ascending, shape (n,)
    :param customer: owner of each row, shape (m,)

    >>> find_place(np.array([3, 7]), np.array([7, 7, 5, 3])).tolist()
    [1, 1, -1, 0]
    """
    if not len(ids) or not len(customer):
        return np.full(len(customer), -1, dtype=np.int64)
    starts = find_starts(customer)
    owner = customer[starts]
    place = np.minimum(np.searchsorted(ids, owner), len(ids) - 1)
    place = np.where(ids[place] == owner, place, -1)
    return np.repeat(place, np.diff(np.append(starts, len(customer))))


def _find_value(net, orders):
    return np.where(net > 0, net, np.nan) / orders
