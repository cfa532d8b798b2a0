r"""Purchases until a customer silently leaves: BG/NBD and MBG/NBD.

A customer buys at a rate lambda ~ Gamma(r, alpha) per week and leaves after each
purchase with a probability p ~ Beta(a, b).  In BG/NBD nobody leaves at the first
purchase; in MBG/NBD one may, so that one-time buyers can be lost.

With x = order days - 1, t_x and T the weeks from the first order to the last one and
to the day, and m = 1 for MBG/NBD, 0 for BG/NBD, the likelihood of a customer is
C(x) (A + D), where

* C = Gamma(r+x) alpha^r / Gamma(r) * Gamma(a+b) Gamma(b+x) / (Gamma(b) Gamma(a+b+x+m)),
* MBG/NBD: A = (b+x) (alpha+T)^-(r+x),  D = a (alpha+t_x)^-(r+x),
* BG/NBD: A = (alpha+T)^-(r+x),  D = a / (b+x-1) (alpha+t_x)^-(r+x) where x > 0, else 0,

and A / (A + D) is the probability to be still there.

Sources: Fader, Hardie and Lee (2005), Marketing Science 24(2), eq. 6; Batislam, Denizel
and Filiztekin (2007) and Hoppe and Wagner (2007) for MBG/NBD.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from .btyd_likelihood import Rows, find_factors
from .customers import DAYS_PER_WEEK, Customers
from .fitting import find_levels, find_rows, maximise
from .quadrature import find_beta_nodes

KINDS = ("mbg", "bg")
DAYS_PER_YEAR = 365.25

# A weak prior keeps fits on few customers sane: each of log r, log(alpha / mean T),
# log a, log b is normal with these means and a standard deviation of 1.
PRIOR = np.array([0.0, 0.0, -0.5, 0.7])

# pairs of (x, T) looked at together, each at 20 points
_BLOCK = 50_000


@dataclass(frozen=True)
class BtydParams:
    """A fitted model; time is in weeks.

    :param kind: ``mbg`` (MBG/NBD) or ``bg`` (BG/NBD)
    :param log_likelihood: of the customers that it was fitted on, without the prior
    :param converged: whether the search arrived; False if there was no customer
    :param at_bounds: whether a parameter ran into its bound
    :param customers: number of customers that it was fitted on
    """

    kind: str
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = 0.0
    converged: bool = True
    at_bounds: bool = False
    customers: int = 0


def fit(
    kind: str,
    customers: Customers,
    prior: bool = True,
    sample: int | None = 200_000,
    seed: int = 0,
) -> BtydParams:
    """The most likely parameters.

    :param kind: ``mbg`` or ``bg``
    :param prior: whether ``PRIOR`` counts; without it few customers may send
        parameters to their bounds
    :param sample: customers to take if there are more, evenly from all that are
        alike, so that the parameters stay the same to 1 %; all if None
    :param seed: of the sample
    :raise ValueError: for another kind
    """
    if kind not in KINDS:
        raise ValueError(f"There is no model {kind!r}: {', '.join(KINDS)}.")
    rows = Rows(customers, sample, seed)
    count = int(rows.weight.sum())
    scale = max(float(customers.age.mean()), 1 / DAYS_PER_WEEK) if count else 1.0

    def objective(point):
        r, alpha, a, b = np.exp(point) * (1.0, scale, 1.0, 1.0)
        value, gradient = rows.find_log_likelihood(kind, r, alpha, a, b)
        gradient = gradient * (r, alpha, a, b)  # by the logarithms
        if prior:
            value -= 0.5 * np.sum((point - PRIOR) ** 2)
            gradient -= point - PRIOR
        return value, gradient

    found = maximise(objective, PRIOR, count)
    r, alpha, a, b = (np.exp(found.point) * (1.0, scale, 1.0, 1.0)).tolist()
    return BtydParams(
        kind=kind,
        r=r,
        alpha=alpha,
        a=a,
        b=b,
        log_likelihood=float(rows.find_log_likelihood(kind, r, alpha, a, b)[0]),
        converged=bool(found.converged and count),
        at_bounds=found.at_bounds,
        customers=count,
    )


def _find_odds(params, customers):
    """Log odds of having left, log D - log A."""
    x, of_x = find_levels(customers.repeats)
    log_a, log_d = find_factors(params.kind, params.a, params.b, x.astype(float))
    ratio = _log_weeks(params, customers.as_of - customers.first)
    ratio -= _log_weeks(params, customers.last - customers.first)
    ratio *= params.r + customers.repeats
    return ratio + (log_d - log_a)[of_x]


def _log_weeks(params, days):
    """log(alpha + weeks), by distinct number of days."""
    levels, index = find_levels(days)
    return np.log(params.alpha + levels / DAYS_PER_WEEK)[index]


def p_alive(params: BtydParams, customers: Customers) -> np.ndarray:
    """Probability not to have left for good, shape (n,).

    Never to be shown as churn: for BG/NBD it is 1 for every one-time buyer (Hardie's
    note 021), and ranks customers worse than a coin.
    """
    return expit(-_find_odds(params, customers))


def p_no_order(params: BtydParams, customers: Customers, days: float) -> np.ndarray:
    """Probability of no order in the next days, shape (n,): churn.

    (A(T+H) + D) / (A(T) + D), for H weeks.  Written as the sum of having left, and
    of being there without an order; precise for either of them near 0.
    """
    odds = _find_odds(params, customers)
    age = customers.as_of - customers.first
    levels, index = find_levels(age)
    quiet = -np.log1p(days / (DAYS_PER_WEEK * params.alpha + levels))[index]
    quiet *= params.r + customers.repeats
    np.exp(quiet, out=quiet)
    quiet *= expit(-odds)
    quiet += expit(odds)
    return np.minimum(quiet, 1.0, out=quiet)


def expected_orders(
    params: BtydParams, customers: Customers, days: float, discount_rate: float = 0.0
) -> np.ndarray:
    """Expected order days in the next days, shape (n,).

    With a discount rate, an order after t years counts for (1 + rate)^-t.

    P(alive) E[(1 - (1 + p H / (alpha+T))^-(r+x)) / p], where p ~ Beta(a, b+x+m) if the
    customer is still there, by 20 points of Gauss-Jacobi for each distinct x: the
    same as the published form with 2F1, and sound at every a and b.
    """
    return p_alive(params, customers) * expected_orders_if_alive(
        params, customers, days, discount_rate
    )


def expected_orders_if_alive(
    params: BtydParams, customers: Customers, days: float, discount_rate: float = 0.0
) -> np.ndarray:
    """The same, of customers known not to have left; depends on x and T only."""
    if not len(customers):
        return np.zeros(0)
    (x, age), place = find_rows(customers.repeats, customers.as_of - customers.first)
    levels, of_x = find_levels(x)
    points, weights = find_beta_nodes(*get_dropout(params, levels))
    found = np.empty(len(x))
    for begin in range(0, len(x), _BLOCK):
        part = slice(begin, begin + _BLOCK)
        found[part] = _expect(
            params.r + x[part],
            params.alpha + age[part] / DAYS_PER_WEEK,
            points[of_x[part]],
            weights[of_x[part]],
            days / DAYS_PER_WEEK,
            np.log1p(discount_rate) * DAYS_PER_WEEK / DAYS_PER_YEAR,
        )
    return found[place]


def get_dropout(params, x):
    """Parameters of the Beta distribution of p for a customer still there."""
    return params.a, params.b + x + int(params.kind == "mbg")


def expect_if_alive(
    params: BtydParams, x: float, scale: np.ndarray, weeks: float
) -> np.ndarray:
    """Expected orders of customers still there with the same x, by alpha + T."""
    points, weights = find_beta_nodes(*get_dropout(params, np.array([x])))
    power = np.full(len(scale), params.r + x)
    return _expect(power, scale, points, weights, weeks, 0.0)


def _expect(power, scale, points, weights, weeks, force):
    """Expected orders of customers still there, discounted by exp(-force t).

    The sum up to t is F(t); the integral of exp(-force t) dF(t) is, by parts,
    exp(-force H) F(H) + force * integral of exp(-force t) F(t) dt.
    """

    def expect_until(time):
        growth = np.log1p(points * (time / scale)[:, None])
        growth *= -power[:, None]
        return np.einsum("ij,ij->i", weights, -np.expm1(growth, out=growth) / points)

    total = expect_until(weeks)
    if force:
        total *= np.exp(-force * weeks)
        for place, weight in zip(*np.polynomial.legendre.leggauss(4), strict=True):
            time = weeks * (place + 1) / 2
            share = force * weeks * weight / 2 * np.exp(-force * time)
            total += share * expect_until(time)
    return total
