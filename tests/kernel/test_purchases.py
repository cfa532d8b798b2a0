from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring import purchases as purchases_module
from lifecycle_crm_scoring.purchases import Purchases
from trades import LEAP_DAY, NAMES, ROWS, by_customer, make_rows, sort, to_rows


def in_order(rows):
    """By customer and day, and on each day the orders first."""
    return [(customer, day, not is_order) for customer, day, _amount, is_order in rows]


def order_days_of(rows):
    """``{customer: days with an order}``, ascending."""
    return {
        customer: sorted({day for day, _amount, is_order in own if is_order})
        for customer, own in by_customer(rows).items()
    }


# -- sorting -------------------------------------------------------------------


@given(ROWS)
def test_sorted_and_none_lost(rows):
    found = to_rows(sort(rows))
    assert sorted(found) == sorted(rows)
    assert in_order(found) == sorted(in_order(rows))


@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert in_order(to_rows(sort(shuffled))) == in_order(to_rows(sort(rows)))


def test_types():
    for purchases in (sort([]), sort([(1, 2, 3, True)])):
        types = [getattr(purchases, name).dtype for name in NAMES]
        assert types == [np.int32, np.int32, np.int64, bool]


def test_columns_are_taken_out():
    columns = {
        "customer": np.array([2, 1], dtype=np.int32),
        "day": np.array([-1, 1], dtype=np.int32),
        "amount": np.array([10**13, 5]),
        "is_order": np.array([True, False]),
    }
    found = Purchases.sort_columns(columns)
    assert to_rows(found) == [(1, 1, 5, False), (2, -1, 10**13, True)]
    assert columns == {}


def test_neighbours_at_the_ends_of_what_fits():
    # the last day of one customer and the first of the next
    first, last, most = -(2**20), 2**20 - 1, 2**31 - 1
    rows = [
        (most, last, 1, False),
        (most, first, 2, True),
        (most - 1, last, 3, False),
        (most - 1, last, 4, True),
        (1, first, 5, False),
    ]
    assert [row[2] for row in to_rows(sort(rows))] == [5, 4, 3, 2, 1]


# -- choosing ------------------------------------------------------------------


@given(ROWS, st.integers(-410, 410))
def test_until(rows, day):
    found = to_rows(sort(rows).until(day))
    assert sorted(found) == sorted(row for row in rows if row[1] <= day)
    assert in_order(found) == sorted(in_order(found))


def test_until_is_the_end_of_the_day():
    days = [LEAP_DAY - 1, LEAP_DAY, LEAP_DAY + 1]
    purchases = sort([(1, day, 10, True) for day in days])
    assert purchases.until(LEAP_DAY).day.tolist() == days[:2]


@given(ROWS, ROWS)
def test_merge(rows, others):
    found = sort(rows).merge(sort(others))
    assert sorted(to_rows(found)) == sorted(rows + others)
    assert in_order(to_rows(found)) == sorted(in_order(rows + others))
    types = [getattr(found, name).dtype for name in NAMES]
    assert types == [np.int32, np.int32, np.int64, bool]


def test_merge_of_thousands_with_few():
    many, few = make_rows(1), make_rows(2, count=7)
    found = to_rows(sort(many).merge(sort(few)))
    assert sorted(found) == sorted(many + few)
    assert in_order(found) == sorted(in_order(found))


def test_merge_with_nothing():
    rows = [(1, 1, 1, True), (2, -1, 1, False)]
    assert to_rows(sort(rows).merge(sort([]))) == rows
    assert to_rows(sort([]).merge(sort(rows))) == rows
    assert to_rows(sort([]).merge(sort([]))) == []


# -- splitting -----------------------------------------------------------------


def assert_split(purchases, size):
    """All rows in their order; customers whole; no part larger than it must be."""
    parts = list(purchases.split(size))
    assert [row for part in parts for row in to_rows(part)] == to_rows(purchases)
    customers = [set(part.customer.tolist()) for part in parts]
    assert sum(map(len, customers)) == len(set(purchases.customer.tolist()))
    for part in parts:
        assert len(part) or not len(purchases)
        # without its last two customers it would not have been full
        borders = np.flatnonzero(np.diff(part.customer)) + 1
        assert len(borders) < 1 or borders[-1] < 2 * size
    return parts


@given(ROWS, st.integers(1, 50))
def test_split(rows, size):
    assert_split(sort(rows), size)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 97, 1000, 3999, 4000, 4001])
def test_split_of_thousands(size):
    purchases = sort(make_rows(size))
    parts = assert_split(purchases, size)
    # the first customer alone has more rows than most of the parts
    assert (purchases.customer == 1).sum() > 300
    assert len(parts) > 1 or size >= 3999


def test_split_where_customers_meet_the_size():
    rows = [(customer, day, 1, True) for customer in (1, 2, 3) for day in range(4)]
    assert [len(part) for part in sort(rows).split(4)] == [4, 4, 4]
    assert [len(part) for part in sort(rows).split(3)] == [4, 4, 4]
    assert [len(part) for part in sort(rows).split(5)] == [8, 4]
    assert [len(part) for part in sort(rows).split(12)] == [12]


def test_customer_larger_than_a_part():
    rows = [(2, day, 1, True) for day in range(50)]
    assert [len(part) for part in sort(rows).split(7)] == [50]
    rows += [(1, 1, 1, True), (3, 1, 1, True)]
    assert [len(part) for part in sort(rows).split(7)] == [51, 1]


def test_split_of_nothing_is_one_empty_part():
    assert [len(part) for part in sort([]).split(5)] == [0]


# -- order days ------------------------------------------------------------------


@given(ROWS)
def test_order_days(rows):
    purchases = sort(rows)
    first = [to_rows(purchases)[place] for place in purchases.find_order_days()]
    assert all(is_order for _customer, _day, _amount, is_order in first)
    assert [row[:2] for row in first] == [
        (customer, day)
        for customer, days in order_days_of(rows).items()
        for day in days
    ]


@given(ROWS)
def test_gaps(rows):
    assert sort(rows).get_gaps().tolist() == [
        after - before
        for days in order_days_of(rows).values()
        for before, after in pairwise(days)
    ]


@given(ROWS, st.integers(-5, 20), st.integers(1, 10))
def test_gaps_until_a_day(rows, day, size):
    whole = sort(rows)
    with pytest.MonkeyPatch.context() as patch:
        # some customers after the other
        patch.setattr(purchases_module, "_PART", size)
        found = whole.get_gaps(until=day)
    assert found.tolist() == whole.until(day).get_gaps().tolist()


def test_gaps_of_thousands():
    rows = make_rows(3)
    assert sort(rows).get_gaps().tolist() == [
        after - before
        for days in order_days_of(rows).values()
        for before, after in pairwise(days)
    ]


def test_gaps_between_order_days_only():
    rows = [
        (1, -10, 5, True),
        (1, -5, -5, False),  # a return makes no gap
        (1, 3, 5, True),
        (1, 3, 5, True),  # nor does a second order on a day
        (1, 3, -5, False),
        (2, 100, 5, True),
        (3, 50, -5, False),
    ]
    assert sort(rows).get_gaps().tolist() == [13]
    over_leap_day = [(1, LEAP_DAY - 1, 1, True), (1, LEAP_DAY + 1, 1, True)]
    assert sort(over_leap_day).get_gaps().tolist() == [2]


def test_nothing():
    assert len(sort([])) == 0
    assert len(sort([]).until(0)) == 0
    assert sort([]).find_order_days().tolist() == []
    assert sort([]).get_gaps().tolist() == []
