"""Lifetime value: its expectation, and an interval that holds what it says."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from buyers import (
    AS_OF,
    CALIBRATION_END,
    ODD,
    get_cdnow,
    make_customers,
    read_cdnow,
    simulate,
)
from churn_scoring_scoring import btyd, gamma_gamma
from churn_scoring_scoring import lifetime_value as kernel
from churn_scoring_scoring.btyd import BtydParams
from churn_scoring_scoring.gamma_gamma import GammaGammaParams
from churn_scoring_scoring.lifetime_value import (
    DAYS_PER_MONTH,
    expected_spend,
    lifetime_value,
)

pytestmark = pytest.mark.filterwarnings("error")

PURCHASES = BtydParams("mbg", 0.8, 12.0, 0.8, 2.5)
SPEND = GammaGammaParams(4.0, 5.0, 40.0)


def draw(params, spend, customer, days, count, seed):
    """Values of the next days of a customer still there, from the posterior itself.

    Everything is drawn that the customer may be: rate, leaving, spend.
    """
    random = np.random.default_rng(seed)
    x, weeks = customer.repeats[0], customer.age[0]
    rate = random.gamma(params.r + x, 1 / (params.alpha + weeks), count)
    m = int(params.kind == "mbg")
    leave = np.maximum(random.beta(params.a, params.b + x + m, count), 1e-12)
    orders = np.minimum(random.poisson(rate * days / 7), random.geometric(leave))
    n, mean = customer.orders[0], customer.value[0]
    level = random.gamma(spend.q + spend.p * n, 1, count) / (spend.v + n * mean)
    worth = random.gamma(np.maximum(spend.p * orders, 1e-9), 1, count) / level
    return np.where(orders > 0, worth, 0.0)


CASES = {
    "new": ([1], [AS_OF - 20], [AS_OF - 20]),
    "one long ago": ([1], [AS_OF - 700], [AS_OF - 700]),
    "two": ([2], [AS_OF - 90], [AS_OF - 30]),
    "steady": ([9], [AS_OF - 400], [AS_OF - 15]),
    "busy": ([60], [AS_OF - 700], [AS_OF - 3]),
    "very busy": ([333], [AS_OF - 1000], [AS_OF - 1]),
    "busy once": ([60], [AS_OF - 900], [AS_OF - 200]),
}


@pytest.mark.parametrize("kind", btyd.KINDS)
@pytest.mark.parametrize("months", [12, 36])
@pytest.mark.parametrize("name", CASES)
def test_distribution_is_that_of_the_model(name, months, kind):
    params = BtydParams(kind, 0.8, 12.0, 0.8, 2.5)
    customer = make_customers(*CASES[name], value=55.0)
    days = months * DAYS_PER_MONTH
    values = draw(params, SPEND, customer, days, 400_000, seed=9)
    alive = btyd.p_alive(params, customer)[0]
    found = lifetime_value(params, SPEND, customer, months, discount_rate=0)
    assert found.expected[0] == pytest.approx(alive * values.mean(), rel=0.02)
    nothing = 1 - alive * np.mean(values > 0)
    open_low = nothing >= 0.1
    assert (found.low[0] == 0) == open_low
    if not open_low:
        assert alive * np.mean(values >= found.low[0]) == pytest.approx(0.9, abs=0.01)
    above = alive * np.mean(values > found.high[0])
    if nothing < 0.78:
        assert above == pytest.approx(0.2 if open_low else 0.1, abs=0.01)
    else:  # it ends at the expectation, or sooner than the value of an order
        assert above <= 0.21
        assert found.high[0] >= found.expected[0]


@pytest.mark.parametrize(
    "rate, leave", [((0.8, 12.0), (0.8, 2.5)), ((2.0, 4.0), (0.3, 6.0))]
)
def test_interval_covers_what_comes(rate, leave):
    days = 12 * DAYS_PER_MONTH
    customers, future = simulate(30_000, 11, days, rate=rate, leave=leave)
    params = btyd.fit("mbg", customers)
    spend = gamma_gamma.fit(customers.orders, customers.value)
    found = lifetime_value(params, spend, customers, 12, discount_rate=0)
    inside = (future >= found.low) & (future <= found.high)
    assert 0.74 <= inside.mean() <= 0.88
    # the certain to buy nothing are easy: it holds for the others too
    open_end = btyd.p_no_order(params, customers, days) < 0.75
    assert open_end.sum() > 5000
    assert 0.77 <= inside[open_end].mean() <= 0.83
    assert found.expected.sum() == pytest.approx(future.sum(), rel=0.05)


def test_cdnow_covers():
    """Fitted on 39 weeks, looked at after 39 more."""
    customers, days = get_cdnow(), 39 * 7
    file = read_cdnow()
    later = (file["day"] > CALIBRATION_END) & (file["day"] <= CALIBRATION_END + days)
    spent = file[later].groupby("customer")["dollars"].sum()
    future = spent.reindex(customers.ids, fill_value=0).to_numpy()
    params = btyd.fit("mbg", customers)
    spend = gamma_gamma.fit(customers.orders, customers.value)
    found = lifetime_value(params, spend, customers, days / DAYS_PER_MONTH, 0)
    known = customers.value > 0
    inside = (future >= found.low) & (future <= found.high)
    assert 0.74 <= inside[known].mean() <= 0.88
    open_end = known & (btyd.p_no_order(params, customers, days) < 0.75)
    assert 0.7 <= inside[open_end].mean() <= 0.88


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_level(level):
    customers, future = simulate(20_000, 12, 365.25, rate=(2.0, 4.0), leave=(0.3, 6.0))
    found = lifetime_value(
        btyd.fit("mbg", customers),
        gamma_gamma.fit(customers.orders, customers.value),
        customers,
        discount_rate=0,
        level=level,
    )
    sure = found.low > 0
    inside = (future >= found.low) & (future <= found.high)
    assert inside[sure].mean() == pytest.approx(level, abs=0.03)


def test_expected_is_orders_times_value():
    customers = get_cdnow()
    found = lifetime_value(PURCHASES, SPEND, customers, 24, discount_rate=0.15)
    orders = btyd.expected_orders(PURCHASES, customers, 24 * DAYS_PER_MONTH, 0.15)
    value = gamma_gamma.expected_value(SPEND, customers.orders, customers.value)
    assert found.expected == pytest.approx(orders * value, rel=1e-12, nan_ok=True)
    spend = expected_spend(
        PURCHASES, SPEND, customers, 24 * DAYS_PER_MONTH, discount_rate=0.15
    )
    assert spend == pytest.approx(found.expected, rel=1e-12, nan_ok=True)


def test_longer_and_dearer():
    customers = get_cdnow().take(get_cdnow().value > 0)
    values = [
        lifetime_value(PURCHASES, SPEND, customers, months, rate)
        for months, rate in ((12, 0.1), (12, 0.0), (24, 0.0), (36, 0.0))
    ]
    for less, more in pairwise(values):
        assert (less.expected < more.expected).all()
        assert (less.high < more.high).all()
    thrice = make_customers([4, 4], 19_000, 19_800, [20.0, 60.0])
    found = lifetime_value(PURCHASES, SPEND, thrice)
    assert found.expected[1] > 2 * found.expected[0]


def test_nobody_hangs_on_others():
    customers = get_cdnow()
    whole = lifetime_value(PURCHASES, SPEND, customers)
    for rows in (slice(70, 71), slice(1000, 1200)):
        some = lifetime_value(PURCHASES, SPEND, customers.take(rows))
        for name in ("expected", "low", "high"):
            wanted = getattr(whole, name)[rows]
            assert getattr(some, name) == pytest.approx(wanted, rel=1e-9, nan_ok=True)


def test_no_value_without_revenue():
    customers = make_customers([1, 3, 3], 19_000, [19_000, 19_900, 19_900], 10.0)
    customers.value[:2] = np.nan
    found = lifetime_value(PURCHASES, SPEND, customers)
    for name in ("expected", "low", "high"):
        assert np.isnan(getattr(found, name)).tolist() == [True, True, False]


@pytest.mark.parametrize("kind", btyd.KINDS)
@pytest.mark.parametrize("name", ODD)
def test_odd(name, kind):
    customers = ODD[name]
    params = btyd.fit(kind, customers)
    spend = gamma_gamma.fit(customers.orders, customers.value)
    for months in (1, 12, 36):
        check(lifetime_value(params, spend, customers, months), customers)


@pytest.mark.parametrize("size", [30, 300])
def test_few_customers(size):
    random = np.random.default_rng(size)
    for _ in range(15):
        chosen = np.sort(random.choice(len(get_cdnow()), size, replace=False))
        customers = get_cdnow().take(chosen)
        params = btyd.fit("mbg", customers)
        spend = gamma_gamma.fit(customers.orders, customers.value)
        check(lifetime_value(params, spend, customers), customers)


def check(found, customers):
    known = np.isfinite(customers.value)
    for values in (found.expected, found.low, found.high):
        assert (np.isfinite(values) == known).all()
    assert (found.low[known] >= 0).all()
    assert (found.low[known] <= found.expected[known]).all()
    assert (found.expected[known] <= found.high[known]).all()


def test_what_is_kept_of_a_model_changes_nothing(monkeypatch):
    """Rows of the table that were found before, for others or for another model."""
    customers = get_cdnow()
    few = customers.take(slice(0, 40))
    monkeypatch.setattr(kernel, "_KNOWN", {})
    alone = lifetime_value(PURCHASES, SPEND, few)
    for rate in range(1, 12):
        other = BtydParams("mbg", rate, 12.0, 0.8, 2.5)
        lifetime_value(other, SPEND, few)
    assert len(kernel._KNOWN) == kernel._KEPT
    monkeypatch.setattr(kernel, "_KNOWN", {})
    among = lifetime_value(PURCHASES, SPEND, customers)
    again = lifetime_value(PURCHASES, SPEND, few)
    assert len(kernel._KNOWN) == 1
    for name in ("expected", "low", "high"):
        wanted = getattr(alone, name)
        for found in (getattr(among, name)[:40], getattr(again, name)):
            np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_several_threads_share_what_is_kept_of_a_model(monkeypatch):
    """Parts are scored side by side; a table looked up at the same time is the same."""

    class Slow(dict):
        def pop(self, *args):
            found = super().pop(*args)
            time.sleep(0.05)
            return found

    monkeypatch.setattr(kernel, "_KNOWN", Slow())
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(kernel._get_known, ["model"] * 3))
    assert len({id(rows) for rows in found}) == 1
