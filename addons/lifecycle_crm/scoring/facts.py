"""Facts: what is known of each customer on a day, from its purchases."""

import numpy as np
import pandas as pd

from .purchases import Purchases
from .rhythm import NO_DAY, RhythmRules, find_patience_days

# Purchases looked at together: what is computed on the way stays small.
_PART = 1_000_000


def build_facts(
    purchases: Purchases,
    contact_customer: np.ndarray,
    contact_day: np.ndarray,
    window_day: int,
    rhythm: RhythmRules,
    digits: int,
) -> pd.DataFrame:
    """One row per customer who bought or asked, sorted by ``partner_id``.

    :param purchases: all of the company up to the day that the facts stand for
    :param contact_customer: customers who asked, int64 of shape (m,), in any order
    :param contact_day: day of each of these contacts, int of shape (m,)
    :param window_day: purchases after this day count for RFM
    :param rhythm: rhythm of the company; says after which pause a customer came back
    :param digits: decimals of the currency
    :return: columns as the fields of the profile; days as ints since 1970-01-01
        (``NO_DAY`` for none), money as floats in units of the currency

    >>> rows = Purchases.sort([7, 7], [10, 40], [500, 700], [True, True])
    >>> build_facts(rows, np.array([7]), np.array([3]), 20, RhythmRules(), 2).iloc[
    ...     0].astype(int).tolist()[:6]
    [7, 3, 10, 40, 2, 2]
    """
    parts = [
        _sum_up(part, window_day, rhythm, 10**digits) for part in purchases.split(_PART)
    ]
    bought = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    asked, first_asked = _find_first(contact_customer, contact_day)
    partner_ids = np.union1d(bought["partner_id"], asked)
    frame = {"partner_id": partner_ids}
    where = np.searchsorted(partner_ids, bought.pop("partner_id"))
    first_contact = np.full(len(partner_ids), NO_DAY, dtype=np.int64)
    first_contact[np.searchsorted(partner_ids, asked)] = first_asked
    frame["first_contact_date"] = first_contact
    first_purchase = np.full(len(partner_ids), NO_DAY, dtype=np.int64)
    first_purchase[where] = bought.pop("first_purchase_date")
    for name, values in bought.items():
        none = NO_DAY if name.endswith("_date") else 0
        frame[name] = np.full(len(partner_ids), none, dtype=values.dtype)
        frame[name][where] = values
    frame["first_contact_date"] = _earliest(first_contact, first_purchase)
    return pd.DataFrame(frame, copy=False)


def _sum_up(purchases, window_day, rhythm, unit):
    """The facts of the customers of some purchases, as arrays."""
    begins = np.ones(len(purchases), dtype=bool)
    begins[1:] = purchases.customer[1:] != purchases.customer[:-1]
    starts = np.flatnonzero(begins)
    group = np.cumsum(begins) - 1
    count = len(starts)
    is_order, recent = purchases.is_order, purchases.day > window_day
    days = _find_order_days(purchases, group, count, rhythm)
    return {
        "partner_id": purchases.customer[starts].astype(np.int64),
        "first_purchase_date": _find_first_purchase(purchases, starts),
        "first_order_date": days["first"],
        "last_order_date": days["last"],
        "order_count": np.bincount(group[is_order], minlength=count),
        "order_days": days["count"],
        "revenue_total": _sum(purchases.amount, starts) / unit,
        "won_back_date": days["back"],
        "rfm_order_count": np.bincount(group[is_order & recent], minlength=count),
        "rfm_revenue": _sum(np.where(recent, purchases.amount, 0), starts) / unit,
    }


def _find_order_days(purchases, group, count, rhythm):
    """First, last and number of order days, and the latest comeback.

    A comeback is an order of a customer who had lapsed, by what was known at the
    order before: the rule of :func:`.rhythm.score_rhythm`.
    """
    rows = purchases.find_order_days()
    number, day = group[rows], purchases.day[rows].astype(np.int64)
    begins = np.ones(len(day), dtype=bool)
    begins[1:] = number[1:] != number[:-1]
    starts = np.flatnonzero(begins)
    lengths = np.diff(np.append(starts, len(day)))
    position = np.arange(len(day)) - np.repeat(starts, lengths)
    first = np.repeat(day[starts], lengths)
    previous = np.roll(day, 1)
    patience = find_patience_days(first, previous, position, rhythm)
    back = (position > 0) & (day >= previous + np.maximum(rhythm.lapse_days, patience))
    found = {name: np.full(count, NO_DAY) for name in ("first", "last", "back")}
    found["first"][number[starts]] = day[starts]
    found["last"][number[starts]] = day[starts + lengths - 1]
    # in the order of the days, so the latest stays
    found["back"][number[back]] = day[back]
    found["count"] = np.bincount(number, minlength=count)
    return found


def _find_first_purchase(purchases, starts):
    """Day of the first purchase of each customer, also of one that came back."""
    days = np.where(purchases.amount > 0, purchases.day, np.iinfo(np.int32).max)
    if not len(starts):
        return days[:0].astype(np.int64)
    first = np.minimum.reduceat(days, starts).astype(np.int64)
    return np.where(first == np.iinfo(np.int32).max, NO_DAY, first)


def _sum(values, starts):
    return np.add.reduceat(values, starts) if len(starts) else values[:0]


def _find_first(customer, day):
    """Each customer once, with its first day."""
    customer, day = np.asarray(customer, np.int64), np.asarray(day, np.int64)
    order = np.lexsort((day, customer))
    customer, day = customer[order], day[order]
    first = np.ones(len(customer), dtype=bool)
    first[1:] = customer[1:] != customer[:-1]
    return customer[first], day[first]


def _earliest(one, other):
    """The earlier of two days, where NO_DAY is none."""
    return np.where(
        one == NO_DAY, other, np.where(other == NO_DAY, one, np.minimum(one, other))
    )
