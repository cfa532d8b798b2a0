"""Gamma-Gamma: the paper's numbers, the formula, and odd values."""

import numpy as np
import pytest
from buyers import CALIBRATION_END, ODD, get_cdnow, read_cdnow, simulate
from churn_scoring_scoring import gamma_gamma
from churn_scoring_scoring.gamma_gamma import GammaGammaParams
from scipy.special import gammaln

pytestmark = pytest.mark.filterwarnings("error")


def get_repeats():
    """Number and mean value of the repeat purchases, of those who made some."""
    file = read_cdnow()
    file = file[file["day"] <= CALIBRATION_END]
    days = file.groupby(["customer", "day"], as_index=False)["dollars"].sum()
    repeats = days[days.duplicated("customer")].groupby("customer")["dollars"]
    return repeats.size().to_numpy(), repeats.mean().to_numpy()


def get_values(params):
    return np.array([params.p, params.q, params.v])


def find_log_likelihood(params, n, z):
    """Equation 1a, straight from the paper."""
    p, q, v = get_values(params)
    each = gammaln(p * n + q) - gammaln(p * n) - gammaln(q) + q * np.log(v)
    each += (p * n - 1) * np.log(z) + p * n * np.log(n)
    return np.sum(each - (p * n + q) * np.log(v + n * z))


def test_paper():
    n, z = get_repeats()
    assert len(n) == 946
    params = gamma_gamma.fit(n, z, prior=False, winsorise=None)
    assert get_values(params).round(2).tolist() == [6.25, 3.74, 15.44]
    assert params.converged and not params.at_bounds
    wanted = find_log_likelihood(params, n, z)
    assert params.log_likelihood == pytest.approx(wanted, rel=1e-12)


def test_is_the_top():
    n, z = get_repeats()
    params = gamma_gamma.fit(n, z, prior=False, winsorise=None)
    for place in range(3):
        for factor in (0.98, 1.02):
            moved = get_values(params)
            moved[place] *= factor
            beside = find_log_likelihood(GammaGammaParams(*moved), n, z)
            assert beside < params.log_likelihood - 1e-3


def test_finds_what_was_simulated():
    customers, _future = simulate(50_000, seed=6)
    params = gamma_gamma.fit(customers.orders, customers.value, winsorise=None)
    assert get_values(params) == pytest.approx([4, 5, 40], rel=0.1)
    assert params.mean == pytest.approx(40, rel=0.02)


def test_currency_changes_v_only():
    customers = get_cdnow()
    params = gamma_gamma.fit(customers.orders, customers.value)
    rial = gamma_gamma.fit(customers.orders, customers.value * 42_000)
    assert (rial.p, rial.q) == pytest.approx((params.p, params.q), rel=1e-6)
    assert rial.v == pytest.approx(params.v * 42_000, rel=1e-6)


def test_giants_do_not_decide():
    customers = get_cdnow()
    value = customers.value.copy()
    value[:3] = 1e7
    plain = gamma_gamma.fit(customers.orders, customers.value)
    params = gamma_gamma.fit(customers.orders, value)
    assert get_values(params) == pytest.approx(get_values(plain), rel=0.1)
    rough = gamma_gamma.fit(customers.orders, value, winsorise=None)
    assert get_values(rough) != pytest.approx(get_values(plain), rel=0.3)
    # of the fit only: the giant itself is expected to stay one
    assert gamma_gamma.expected_value(params, customers.orders, value)[0] > 1e6


def test_expected_value_is_drawn_to_the_mean():
    params = GammaGammaParams(6.25, 3.74, 15.44)
    orders = np.array([0, 1, 3, 10_000])
    found = gamma_gamma.expected_value(params, orders, np.array([np.nan, 90, 90, 90]))
    assert found[0] == pytest.approx(params.mean)
    assert (np.diff(found) > 0).all()
    assert found[3] == pytest.approx(90, rel=1e-3)


def test_those_without_value_do_not_count():
    customers = get_cdnow()
    value = np.append(customers.value, [np.nan, 0.0, -5.0])
    orders = np.append(customers.orders, [1, 2, 3])
    params = gamma_gamma.fit(orders, value)
    assert params == gamma_gamma.fit(customers.orders, customers.value)
    assert params.customers == np.count_nonzero(customers.value > 0)
    assert np.isnan(gamma_gamma.expected_value(params, orders, value)[-3])


@pytest.mark.parametrize("size", [30, 50, 100, 300])
def test_few_customers(size):
    random = np.random.default_rng(size)
    customers = get_cdnow()
    for _ in range(200):
        chosen = random.choice(len(customers), size, replace=False)
        orders, value = customers.orders[chosen], customers.value[chosen]
        params = gamma_gamma.fit(orders, value)
        assert params.converged and not params.at_bounds
        found = gamma_gamma.expected_value(params, orders, value)
        assert (found[value > 0] > 0).all()
        assert np.isfinite(found[value > 0]).all()


@pytest.mark.parametrize("prior", [True, False])
@pytest.mark.parametrize("name", ODD)
def test_odd(name, prior):
    orders, value = ODD[name].orders, ODD[name].value
    params = gamma_gamma.fit(orders, value, prior=prior)
    assert np.isfinite(get_values(params)).all() and params.p > 0 and params.q > 1
    assert np.isfinite(params.mean) and np.isfinite(params.log_likelihood)
    found = gamma_gamma.expected_value(params, orders, value)
    assert (np.isfinite(found) == np.isfinite(value)).all()


def test_equal_values_expect_that_value():
    params = gamma_gamma.fit(np.array([1, 2, 3, 4] * 20), np.full(80, 25.0))
    assert gamma_gamma.expected_value(params, 3, 25.0) == pytest.approx(25, rel=0.02)
