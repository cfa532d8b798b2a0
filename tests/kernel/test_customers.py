"""Customers from purchases and from the engine's facts, against plain Python."""

import numpy as np
import pytest
from churn_scoring_scoring.customers import NO_DAY, Customers, sum_by_customer
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring import rhythm
from lifecycle_crm_scoring.facts import build_facts
from lifecycle_crm_scoring.rhythm import RhythmRules
from trades import ROWS, by_customer, make_rows, sort

pytestmark = pytest.mark.filterwarnings("error")

NAMES = ("ids", "orders", "first", "last", "value")


def get_rows(customers):
    return list(
        zip(*(getattr(customers, name).tolist() for name in NAMES), strict=True)
    )


def expect(rows, as_of, digits):
    found = []
    for customer, own in by_customer(rows).items():
        known = [row for row in own if row[0] <= as_of]
        days = sorted({day for day, _amount, is_order in known if is_order})
        if days:
            net = sum(amount for _day, amount, _is_order in known) / 10**digits
            value = net / len(days) if net > 0 else np.nan
            found.append((customer, len(days), days[0], days[-1], value))
    return found


def build(purchases, window=-800):
    none = np.zeros(0, dtype=np.int64)
    return build_facts(purchases, none, none, window, RhythmRules(), 2)


@given(ROWS, st.integers(-410, 20_000), st.sampled_from((0, 2, 3)))
def test_from_purchases(rows, as_of, digits):
    customers = Customers.from_purchases(sort(rows), as_of, digits)
    wanted = expect(rows, as_of, digits)
    assert [row[:4] for row in get_rows(customers)] == [row[:4] for row in wanted]
    assert customers.value.tolist() == pytest.approx(
        [row[4] for row in wanted], nan_ok=True
    )
    assert customers.as_of == as_of
    assert [getattr(customers, name).dtype for name in NAMES] == [np.int64] * 4 + [
        float
    ]


def test_many():
    rows = make_rows(seed=3)
    customers = Customers.from_purchases(sort(rows), 200, 2)
    wanted = expect(rows, 200, 2)
    assert len(customers) == len(wanted) > 400
    assert [row[:4] for row in get_rows(customers)] == [row[:4] for row in wanted]


@given(ROWS, st.integers(-410, 20_000))
def test_from_facts_is_the_same(rows, as_of):
    purchases = sort(rows).until(as_of)
    frame = build(purchases)
    customers, mask = Customers.from_facts(frame, as_of)
    wanted = Customers.from_purchases(purchases, as_of, 2)
    for name in NAMES:
        found = getattr(customers, name)
        assert found.tolist() == pytest.approx(
            getattr(wanted, name).tolist(), nan_ok=True
        )
    assert frame["partner_id"][mask].tolist() == customers.ids.tolist()


def test_rows_that_are_no_customers():
    frame = {
        "partner_id": [1, 2, 3, 4],
        "first_order_date": [NO_DAY, 10, 30, 5],
        "last_order_date": [NO_DAY, 40, 30, 9],
        "order_days": [0, 3, 1, 2],
        "revenue_total": [70.0, 30.0, 5.0, -8.0],
    }
    customers, mask = Customers.from_facts(frame, as_of=20)
    assert mask.tolist() == [False, True, False, True]
    assert customers.ids.tolist() == [2, 4]
    # an order in the future is not yet the last one
    assert customers.last.tolist() == [20, 9]
    assert customers.value[0] == 10 and np.isnan(customers.value[1])


def test_facts_out_of_order():
    frame = build(sort([(1, 3, 5, True), (2, 4, 5, True)]))[::-1]
    with pytest.raises(ValueError, match="partner_id"):
        Customers.from_facts(frame, 20)


def test_never_is_the_mark_of_the_engine():
    assert NO_DAY == rhythm.NO_DAY


def test_what_the_papers_call_it():
    rows = [
        (1, 100, 5, True),
        (1, 100, 5, True),
        (1, 121, 5, True),
        (1, 130, -1, False),
    ]
    customers = Customers.from_purchases(sort(rows), 135, 0)
    assert (customers.repeats.tolist(), customers.t_x.tolist()) == ([1], [3.0])
    assert (customers.age.tolist(), customers.recency_days.tolist()) == ([5.0], [14])
    assert customers.value.tolist() == [7.0]


def test_take():
    customers = Customers.from_purchases(sort(make_rows(seed=3)), 200, 2)
    wanted = get_rows(customers)
    assert get_rows(customers.take(slice(5, 9)))[3] == wanted[8]
    chosen = customers.take(customers.orders > 9)
    many = [row for row in wanted if row[1] > 9]
    assert get_rows(chosen) == [pytest.approx(row, nan_ok=True) for row in many]
    assert chosen.as_of == 200


def test_sum_by_customer():
    ids, owner = np.array([3, 7, 9]), np.array([1, 3, 3, 8, 9, 12])
    found = sum_by_customer(ids, owner, np.array([1, 2, 4, 8, 16, 32]))
    assert found.tolist() == [6, 0, 16]
    assert sum_by_customer(ids[:0], owner, owner).tolist() == []
