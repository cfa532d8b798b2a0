"""BG/NBD and MBG/NBD: the papers' numbers, the formulas, and bases that are odd."""

import numpy as np
import pytest
from buyers import AS_OF, ODD, get_cdnow, make_customers, simulate
from churn_scoring_scoring import btyd
from churn_scoring_scoring.btyd import BtydParams
from churn_scoring_scoring.btyd_likelihood import Rows
from scipy.integrate import quad
from scipy.special import betaln, gammaln, hyp2f1

pytestmark = pytest.mark.filterwarnings("error")

PUBLISHED = {
    "bg": (0.243, 4.414, 0.793, 2.426),
    "mbg": (0.525, 6.183, 0.891, 1.614),
}
LIKELIHOOD = {"bg": -9582.43, "mbg": -9582.14}
EXAMPLES = [BtydParams(kind, *PUBLISHED[kind]) for kind in btyd.KINDS] + [
    BtydParams("mbg", 2.5, 11.0, 1.0, 1.0),
    BtydParams("bg", 0.05, 0.4, 3.0, 0.2),
]


def get_values(params):
    return np.array([params.r, params.alpha, params.a, params.b])


def find_parts(params, customers, age):
    """A at an age in weeks and D, straight from the papers."""
    r, alpha, a, b = get_values(params)
    x = customers.repeats.astype(float)
    stay = (alpha + age) ** -(r + x)
    gone = (alpha + customers.t_x) ** -(r + x)
    if params.kind == "mbg":
        return (b + x) * stay, a * gone
    return stay, np.where(x > 0, a / np.where(x > 0, b + x - 1, 1) * gone, 0)


# -- fit -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", btyd.KINDS)
def test_papers(kind):
    params = btyd.fit(kind, get_cdnow(), prior=False)
    assert get_values(params).round(3) == pytest.approx(PUBLISHED[kind], abs=1.1e-3)
    assert round(params.log_likelihood, 2) == LIKELIHOOD[kind]
    assert params.converged and not params.at_bounds
    assert params.customers == 2357


@pytest.mark.parametrize("kind", btyd.KINDS)
def test_prior_is_weak(kind):
    params = btyd.fit(kind, get_cdnow())
    loss = btyd.fit(kind, get_cdnow(), prior=False).log_likelihood
    assert 0.01 < loss - params.log_likelihood < 0.05


@pytest.mark.parametrize("params", EXAMPLES)
def test_likelihood(params):
    """Against the papers' form, customer by customer, with Beta functions."""
    customers = get_cdnow()
    r, alpha, a, b = get_values(params)
    x = customers.repeats.astype(float)
    late, early = alpha + customers.age, alpha + customers.t_x
    m = int(params.kind == "mbg")
    stay = np.exp(betaln(a, b + x + m) - betaln(a, b)) * late ** -(r + x)
    # for BG/NBD nobody leaves at the first purchase
    left = np.exp(betaln(a + 1, np.where(x + m > 0, b + x + m - 1, 1)) - betaln(a, b))
    gone = np.where(x + m > 0, left * early ** -(r + x), 0)
    each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + np.log(stay + gone)
    found, _slope = Rows(customers).find_log_likelihood(params.kind, r, alpha, a, b)
    assert found == pytest.approx(each.sum(), rel=1e-12)


@pytest.mark.parametrize("params", EXAMPLES)
def test_slope(params):
    rows, point, step = Rows(get_cdnow()), get_values(params), 1e-6
    _value, slope = rows.find_log_likelihood(params.kind, *point)
    for place in range(4):
        move = np.eye(4)[place] * step * point[place]
        above = rows.find_log_likelihood(params.kind, *(point + move))[0]
        below = rows.find_log_likelihood(params.kind, *(point - move))[0]
        numeric = (above - below) / (2 * step * point[place])
        assert slope[place] == pytest.approx(numeric, rel=1e-5, abs=1e-3)


def test_finds_what_was_simulated():
    customers, _future = simulate(100_000, seed=4)
    params = btyd.fit("mbg", customers)
    assert get_values(params) == pytest.approx([0.8, 12.0, 0.8, 2.5], rel=0.04)


@pytest.mark.parametrize("kind", btyd.KINDS)
def test_a_sample_gives_the_same(kind):
    customers, _future = simulate(400_000, seed=5)
    whole = btyd.fit(kind, customers, sample=None)
    params = btyd.fit(kind, customers, seed=1)
    assert (whole.customers, params.customers) == (400_000, 200_000)
    assert get_values(params) == pytest.approx(get_values(whole), rel=0.01)
    assert get_values(params).tolist() != get_values(whole).tolist()
    assert btyd.fit(kind, customers, seed=1) == params


@pytest.mark.parametrize("kind", btyd.KINDS)
@pytest.mark.parametrize("size", [30, 50, 100, 300])
def test_few_customers(kind, size):
    random = np.random.default_rng(size)
    customers = get_cdnow()
    for _ in range(200):
        chosen = np.sort(random.choice(len(customers), size, replace=False))
        some = customers.take(chosen)
        params = btyd.fit(kind, some)
        assert params.converged and not params.at_bounds
        check(params, some)


@pytest.mark.parametrize("prior", [True, False])
@pytest.mark.parametrize("kind", btyd.KINDS)
@pytest.mark.parametrize("name", ODD)
def test_odd(kind, name, prior):
    params = btyd.fit(kind, ODD[name], prior=prior)
    assert np.isfinite(get_values(params)).all() and (get_values(params) > 0).all()
    assert np.isfinite(params.log_likelihood)
    assert params.converged or prior is False or name == "nobody"
    check(params, ODD[name])
    # also somebody that the fit never saw
    check(params, make_customers([1, 1, 40], 19_000, [19_000, 19_000, AS_OF]))


def test_nobody_is_no_fit():
    assert not btyd.fit("mbg", ODD["nobody"]).converged


def test_kind_is_known():
    with pytest.raises(ValueError, match="pareto"):
        btyd.fit("pareto", get_cdnow())


def check(params, customers):
    """Every score is finite and what it can be."""
    for days in (0, 1, 91, 1096):
        chance = btyd.p_no_order(params, customers, days)
        assert ((chance >= 0) & (chance <= 1)).all()
        for rate in (0.0, 0.1):
            orders = btyd.expected_orders(params, customers, days, rate)
            assert np.isfinite(orders).all() and (orders >= 0).all()
    alive = btyd.p_alive(params, customers)
    assert ((alive >= 0) & (alive <= 1)).all()


# -- scores --------------------------------------------------------------------


@pytest.mark.parametrize("params", EXAMPLES)
def test_p_alive(params):
    customers = get_cdnow()
    stay, gone = find_parts(params, customers, customers.age)
    found = btyd.p_alive(params, customers)
    assert found == pytest.approx(stay / (stay + gone), abs=1e-14)


def test_one_order_is_alive_for_bg_only():
    once = make_customers([1], [19_000], [19_000])
    assert btyd.p_alive(BtydParams("bg", *PUBLISHED["bg"]), once)[0] == 1
    assert btyd.p_alive(BtydParams("mbg", *PUBLISHED["mbg"]), once)[0] < 0.9


@pytest.mark.parametrize("params", EXAMPLES)
@pytest.mark.parametrize("days", [7, 91, 365])
def test_p_no_order(params, days):
    customers = get_cdnow()
    stay, gone = find_parts(params, customers, customers.age)
    later, _gone = find_parts(params, customers, customers.age + days / 7)
    found = btyd.p_no_order(params, customers, days)
    assert found == pytest.approx((later + gone) / (stay + gone), abs=1e-13)


@pytest.mark.parametrize("params", EXAMPLES)
def test_p_no_order_at_the_ends(params):
    customers = get_cdnow()
    assert btyd.p_no_order(params, customers, 0) == pytest.approx(1)
    gone = 1 - btyd.p_alive(params, customers)
    ages = btyd.p_no_order(params, customers, 1e300)
    assert ages == pytest.approx(gone, abs=1e-9)


def test_small_chances_keep_their_digits():
    params = BtydParams("mbg", 1.0, 2.0, 0.01, 5.0)
    busy = make_customers([300], [AS_OF - 700], [AS_OF])
    (found,) = btyd.p_no_order(params, busy, 90)
    x, scale = 299, 2 + 100
    gone = 0.01 / (5.0 + x) / (1 + 0.01 / (5.0 + x))
    quiet = (scale / (scale + 90 / 7)) ** (1.0 + x) * (1 - gone)
    assert found == pytest.approx(gone + quiet, rel=1e-10)


@pytest.mark.parametrize("kind", btyd.KINDS)
def test_expected_orders_as_published(kind):
    """The closed form with 2F1: Fader, Hardie and Lee, eq. 10; Hoppe and Wagner."""
    params, customers, weeks = BtydParams(kind, *PUBLISHED[kind]), get_cdnow(), 39.0
    r, alpha, a, b = get_values(params)
    x, age = customers.repeats.astype(float), customers.age
    c = b + x + int(kind == "mbg")
    share = weeks / (alpha + age + weeks)
    power = ((alpha + age) / (alpha + age + weeks)) ** (r + x)
    closed = (a + c - 1) / (a - 1) * (1 - power * hyp2f1(r + x, c, a + c - 1, share))
    found = btyd.expected_orders(params, customers, weeks * 7)
    assert found == pytest.approx(closed * btyd.p_alive(params, customers), rel=1e-10)


def test_discounting():
    """Against the sum of small steps, each at the price of its middle."""
    params, customers = EXAMPLES[1], get_cdnow().take(slice(0, 200))
    times = np.linspace(0, 1096, 2001)
    until = np.array([btyd.expected_orders(params, customers, day) for day in times])
    middle = (times[1:] + times[:-1]) / 2
    price = 1.12 ** -(middle / btyd.DAYS_PER_YEAR)
    wanted = (np.diff(until, axis=0) * price[:, None]).sum(axis=0)
    found = btyd.expected_orders(params, customers, 1096, discount_rate=0.12)
    assert found == pytest.approx(wanted, rel=1e-4)
    assert (found < until[-1]).all()


def test_nodes_of_a_beta_distribution():
    b = np.array([0.02, 1.7, 80.0, 1e6])
    p, weights = btyd.find_beta_nodes(0.6, b)
    assert weights.sum(axis=1) == pytest.approx(1)
    assert (weights * p).sum(axis=1) == pytest.approx(0.6 / (0.6 + b))
    second = 0.6 * 1.6 / ((0.6 + b) * (1.6 + b))
    assert (weights * p**2).sum(axis=1) == pytest.approx(second)
    wanted, _error = quad(
        lambda p: np.exp(-3 * p - betaln(0.6, 1.7)) * (1 - p) ** 0.7,
        *(0, 1),
        weight="alg",
        wvar=(-0.4, 0),
    )
    assert (weights * np.exp(-3 * p)).sum(axis=1)[1] == pytest.approx(wanted)


def test_nobody_hangs_on_others():
    customers, params = get_cdnow(), EXAMPLES[1]
    some = customers.take(slice(100, 140))
    for score in (
        lambda who: btyd.p_no_order(params, who, 91),
        lambda who: btyd.expected_orders(params, who, 365, 0.1),
    ):
        assert score(some) == pytest.approx(score(customers)[100:140], rel=1e-12)
