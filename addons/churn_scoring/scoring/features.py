"""Sixteen features of a customer, as of a day.

Nothing after the day of the customers is looked at.  Values are relative to the mean
value of an order day of the company's customers as of the same day, so that a model
learned on one day holds on another after prices rose.  Every feature is finite.
"""

import numpy as np

from .customers import Customers, find_order_days, find_starts, sum_by_customer

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


def features16(purchases, customers: Customers, digits: int) -> np.ndarray:
    """The features in the order of ``FEATURES16``, float64 of shape (n, 16).

    :param purchases: as for ``Customers.from_purchases``; may go on after the day
    :param customers: of the same purchases
    :param digits: decimals of the currency
    """
    ids, as_of = customers.ids, customers.as_of
    owner, day = find_order_days(purchases, as_of)
    known = np.isin(owner, ids)
    owner, day = owner[known], day[known]
    recency = customers.recency_days.astype(float)
    age = (as_of - customers.first).astype(float)
    repeats = customers.repeats
    gap = np.where(
        repeats > 0,
        (customers.last - customers.first) / np.maximum(repeats, 1),
        age,
    )
    counts = {
        window: _count(ids, owner, day, as_of - window, as_of)
        for window in ORDER_WINDOWS
    }
    before = _count(ids, owner, day, as_of - 2 * _TREND, as_of - _TREND)
    money = _find_money(purchases, customers, digits)
    columns = [
        np.log1p(recency),
        np.log(customers.orders.astype(float)),
        np.log1p(age),
        np.log1p(gap),
        np.log1p(_find_gap_sd(owner, day, ids, customers)),
        recency / np.maximum(recency + gap, 1.0),
        *(np.log1p(counts[window]) for window in ORDER_WINDOWS),
        *(money[f"revenue_{window}"] for window in REVENUE_WINDOWS),
        np.log1p(counts[_TREND]) - np.log1p(before),
        *(money[name] for name in ("mean_value", "last_value", "returns")),
    ]
    return np.column_stack(columns)


def _count(ids, owner, day, after, until):
    """Order days after one day, until another."""
    rows = (day > after) & (day <= until)
    return sum_by_customer(ids, owner[rows], np.ones(np.count_nonzero(rows)))


def _find_gap_sd(owner, day, ids, customers):
    """Standard deviation of the days between orders, of each customer."""
    starts = find_starts(owner)
    gaps = np.diff(day, prepend=day[:1]).astype(float)
    gaps[starts] = 0.0
    count = np.maximum(customers.repeats, 1)
    mean = (customers.last - customers.first) / count
    # two passes: the difference of large squares would lose the small deviations
    deviation = (gaps - np.repeat(mean, customers.orders)) ** 2
    deviation[starts] = 0.0
    return np.sqrt(sum_by_customer(ids, owner, deviation) / count)


def _find_money(purchases, customers, digits):
    """The features that are about money, by name."""
    ids, as_of = customers.ids, customers.as_of
    known = purchases.day <= as_of
    owner, day = purchases.customer[known], purchases.day[known]
    amount = purchases.amount[known] / 10**digits
    scale = _find_scale(customers.value)

    def add(rows):
        return sum_by_customer(ids, owner[rows], amount[rows])

    found = {
        f"revenue_{window}": np.arcsinh(add(day > as_of - window) / scale)
        for window in REVENUE_WINDOWS
    }
    found["mean_value"] = np.arcsinh(
        sum_by_customer(ids, owner, amount) / customers.orders / scale
    )
    place = np.minimum(np.searchsorted(ids, owner), max(len(ids) - 1, 0))
    on_last = (customers.last[place] == day) if len(ids) else np.zeros(0, bool)
    found["last_value"] = np.arcsinh(add(on_last) / scale)
    bought, back = add(amount > 0), -add(amount < 0)
    found["returns"] = np.minimum(back / np.maximum(bought, 10**-digits), 1.0)
    return found


def _find_scale(value):
    """Mean value of an order day, 1 if nothing is known."""
    known = value[np.isfinite(value)]
    return float(known.mean()) if len(known) else 1.0
