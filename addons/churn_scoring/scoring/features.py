"""Sixteen features of a customer, as of a day.

Nothing after the day of the customers is looked at.  Values are relative to the mean
value of an order day of the company's customers as of the same day, so that a model
learned on one day holds on another after prices rose.  Every feature is finite.
"""

from dataclasses import dataclass

import numpy as np

from .customers import Customers, find_place, find_starts

ORDER_WINDOWS = (30, 90, 180, 365)
REVENUE_WINDOWS = (90, 365)
# half of the comparison that the trend makes
_TREND = 180

# name: what it is
FEATURES16 = {
    "log_recency": "log(1 + days since the last order)",
    "log_orders": "log(order days)",
    "log_age": "log(1 + days since the first order)",
    "log_gap": "log(1 + mean days between orders); with one order, since it",
    "log_gap_sd": "log(1 + standard deviation of the gaps); 0 with fewer than two",
    "recency_gap": "recency as share of recency + mean gap: above 1/2 is overdue",
    "orders_30": "log(1 + order days in the last 30 days)",
    "orders_90": "the same for 90 days",
    "orders_180": "the same for 180 days",
    "orders_365": "the same for 365 days",
    "revenue_90": "asinh(net revenue of the last 90 days / mean value)",
    "revenue_365": "the same for 365 days",
    "trend": "log of order days of the last 180 days + 1 by the 180 before + 1",
    "mean_value": "asinh(net revenue per order day / mean value)",
    "last_value": "asinh(net amount of the day of the last order / mean value)",
    "returns": "returns as share of what was bought, 0 to 1",
}


def features16(
    purchases, customers: Customers, digits: int, scale: float | None = None
) -> np.ndarray:
    """The features in the order of ``FEATURES16``, float64 of shape (n, 16).

    :param purchases: as for ``Customers.from_purchases``; may go on after the day
    :param customers: of the same purchases
    :param digits: decimals of the currency
    :param scale: mean value of an order day of the company's customers; default that
        of these customers, who must be all of them then
    """
    as_of = customers.as_of
    rows = _Rows.choose(purchases, customers, digits)
    bought = rows.find_order_days()
    recency = customers.recency_days.astype(float)
    age = (as_of - customers.first).astype(float)
    repeats = customers.repeats
    gap = np.where(
        repeats > 0,
        (customers.last - customers.first) / np.maximum(repeats, 1),
        age,
    )
    counts = {
        window: bought.count(bought.day > as_of - window) for window in ORDER_WINDOWS
    }
    half = as_of - _TREND
    before = bought.count((bought.day > half - _TREND) & (bought.day <= half))
    money = _find_money(rows, customers, digits, scale)
    columns = [
        np.log1p(recency),
        np.log(customers.orders.astype(float)),
        np.log1p(age),
        np.log1p(gap),
        np.log1p(_find_gap_sd(bought, customers)),
        recency / np.maximum(recency + gap, 1.0),
        *(np.log1p(counts[window]) for window in ORDER_WINDOWS),
        *(money[f"revenue_{window}"] for window in REVENUE_WINDOWS),
        np.log1p(counts[_TREND]) - np.log1p(before),
        *(money[name] for name in ("mean_value", "last_value", "returns")),
    ]
    return np.column_stack(columns)


@dataclass(frozen=True)
class _Rows:
    """Rows of some customers, by the position of the customer among them.

    :param place: ascending, int64 (m,)
    :param day: int (m,)
    :param amount: in currency, float (m,); not of order days
    :param is_order: bool (m,); not of order days
    :param size: number of the customers
    """

    place: np.ndarray
    day: np.ndarray
    amount: np.ndarray | None
    is_order: np.ndarray | None
    size: int

    @classmethod
    def choose(cls, purchases, customers, digits):
        """Those of the customers, up to their day."""
        place = find_place(customers.ids, purchases.customer)
        day = np.asarray(purchases.day)
        rows = np.flatnonzero((place >= 0) & (day <= customers.as_of))
        amount = np.asarray(purchases.amount)[rows] / 10**digits
        is_order = np.asarray(purchases.is_order)[rows]
        return cls(place[rows], day[rows], amount, is_order, len(customers))

    def find_order_days(self):
        """One row for each day with an order."""
        place, day = self.place[self.is_order], self.day[self.is_order]
        new = np.ones(len(place), dtype=bool)
        new[1:] = (place[1:] != place[:-1]) | (day[1:] != day[:-1])
        return _Rows(place[new], day[new], None, None, self.size)

    def count(self, mask):
        return np.bincount(self.place[mask], minlength=self.size)

    def add_up(self, values, mask=None):
        place = self.place
        if mask is not None:
            place, values = place[mask], values[mask]
        return np.bincount(place, weights=values, minlength=self.size)


def _find_gap_sd(bought, customers):
    """Standard deviation of the days between orders, of each customer."""
    starts = find_starts(bought.place)
    gaps = np.diff(bought.day, prepend=bought.day[:1]).astype(float)
    gaps[starts] = 0.0
    count = np.maximum(customers.repeats, 1)
    mean = (customers.last - customers.first) / count
    # two passes: the difference of large squares would lose the small deviations
    deviation = (gaps - mean[bought.place]) ** 2
    deviation[starts] = 0.0
    return np.sqrt(bought.add_up(deviation) / count)


def _find_money(rows, customers, digits, scale):
    """The features that are about money, by name."""
    as_of, amount = customers.as_of, rows.amount
    scale = find_scale(customers.value) if scale is None else scale
    found = {
        f"revenue_{window}": np.arcsinh(
            rows.add_up(amount, rows.day > as_of - window) / scale
        )
        for window in REVENUE_WINDOWS
    }
    net = rows.add_up(amount)
    found["mean_value"] = np.arcsinh(net / customers.orders / scale)
    on_last = rows.day == customers.last[rows.place]
    found["last_value"] = np.arcsinh(rows.add_up(amount, on_last) / scale)
    back = -rows.add_up(amount, amount < 0)
    bought = rows.add_up(amount, amount > 0)
    found["returns"] = np.minimum(back / np.maximum(bought, 10**-digits), 1.0)
    return found


def find_scale(value: np.ndarray) -> float:
    """Mean value of an order day, 1 if nothing is known.

    >>> find_scale(np.array([10.0, np.nan, 20.0]))
    15.0
    """
    known = value[np.isfinite(value)]
    return float(known.mean()) if len(known) else 1.0
