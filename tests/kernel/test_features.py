"""The sixteen features, against plain Python, and blind to the future."""

from itertools import pairwise
from math import asinh, log, log1p
from statistics import pstdev

import numpy as np
import pytest
from buyers import CALIBRATION_END, get_cdnow_purchases
from churn_scoring_scoring.customers import Customers, split_customers
from churn_scoring_scoring.features import FEATURES16, features16, find_scale
from hypothesis import given
from hypothesis import strategies as st
from trades import ROWS, by_customer, make_rows, sort

pytestmark = pytest.mark.filterwarnings("error")


def build(rows, as_of, digits=2):
    purchases = sort(rows)
    customers = Customers.from_purchases(purchases, as_of, digits)
    return customers, features16(purchases, customers, digits)


def expect(own, as_of, scale):
    """The features of one customer, one by one."""
    known = [row for row in own if row[0] <= as_of]
    days = sorted({day for day, _amount, is_order in known if is_order})
    gaps = [after - before for before, after in pairwise(days)]
    gap = sum(gaps) / len(gaps) if gaps else as_of - days[0]
    recency = as_of - days[-1]

    def count(start, end):
        return sum(as_of - start >= day > as_of - end for day in days)

    def earn(rows):
        return sum(amount for _day, amount, _is_order in rows) / 100

    def revenue(window):
        return earn(row for row in known if row[0] > as_of - window)

    bought = earn(row for row in known if row[1] > 0)
    back = -earn(row for row in known if row[1] < 0)
    return {
        "log_recency": log1p(recency),
        "log_orders": log(len(days)),
        "log_age": log1p(as_of - days[0]),
        "log_gap": log1p(gap),
        "log_gap_sd": log1p(pstdev(gaps)) if gaps else 0,
        "recency_gap": recency / max(recency + gap, 1),
        "orders_30": log1p(count(0, 30)),
        "orders_90": log1p(count(0, 90)),
        "orders_180": log1p(count(0, 180)),
        "orders_365": log1p(count(0, 365)),
        "revenue_90": asinh(revenue(90) / scale),
        "revenue_365": asinh(revenue(365) / scale),
        "trend": log1p(count(0, 180)) - log1p(count(180, 360)),
        "mean_value": asinh(earn(known) / len(days) / scale),
        "last_value": asinh(earn(row for row in known if row[0] == days[-1]) / scale),
        "returns": min(back / max(bought, 0.01), 1),
    }


@pytest.mark.parametrize("as_of", [-100, 250, 900])
def test_against_plain_python(as_of):
    rows = make_rows(seed=8, customers=200, count=2500)
    customers, found = build(rows, as_of)
    scale = float(np.nanmean(customers.value))
    trades = by_customer(rows)
    assert len(customers) > 100
    for customer, row in zip(customers.ids.tolist(), found.tolist(), strict=True):
        wanted = expect(trades[customer], as_of, scale)
        assert list(wanted) == list(FEATURES16)
        assert dict(zip(FEATURES16, row, strict=True)) == pytest.approx(
            wanted, abs=1e-9
        )


@given(ROWS, st.integers(-410, 20_000))
def test_finite(rows, as_of):
    customers, found = build(rows, as_of)
    assert found.shape == (len(customers), len(FEATURES16)) == (len(customers), 16)
    assert np.isfinite(found).all()


@given(ROWS, st.integers(-410, 20_000))
def test_blind_to_the_future(rows, as_of):
    known = [row for row in rows if row[1] <= as_of]
    assert build(rows, as_of)[1].tolist() == build(known, as_of)[1].tolist()


def test_of_some_customers():
    purchases = get_cdnow_purchases()
    customers = Customers.from_purchases(purchases, CALIBRATION_END, 2)
    some = customers.take(customers.orders == 3)
    found = features16(purchases, some, 2)
    wanted = features16(purchases, customers, 2)[customers.orders == 3]
    money = [place for place, name in enumerate(FEATURES16) if "value" in name]
    money += [place for place, name in enumerate(FEATURES16) if "revenue" in name]
    # what is measured by the mean value of all is another
    others = np.setdiff1d(np.arange(16), money)
    assert (found[:, others] == wanted[:, others]).all()
    assert (found[:, money] != wanted[:, money]).any()


def test_currency_does_not_matter():
    rows = make_rows(seed=8)
    dear = [(who, day, amount * 1000, is_order) for who, day, amount, is_order in rows]
    assert build(dear, 250)[1] == pytest.approx(build(rows, 250)[1])


@pytest.mark.parametrize("count", [1, 7, 10_000])
def test_some_customers_at_a_time(count):
    rows = make_rows(seed=8, customers=200, count=2500)
    purchases = sort(rows)
    customers, whole = build(rows, 250)
    scale = find_scale(customers.value)
    ids, parts = [], []
    for some in split_customers(purchases, count):
        own = Customers.from_purchases(some, 250, 2)
        ids += own.ids.tolist()
        parts.append(features16(some, own, 2, scale))
    assert ids == customers.ids.tolist()
    assert (np.concatenate(parts) == whole).all()
