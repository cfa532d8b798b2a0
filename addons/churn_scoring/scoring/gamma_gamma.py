"""Spend per order day: the Gamma-Gamma model.

Each order day of a customer is worth Gamma(p, nu), and nu ~ Gamma(q, v) across the
customers, so that a customer of n order days with the mean z has the likelihood

    Gamma(pn+q) / (Gamma(pn) Gamma(q)) v^q z^(pn-1) n^(pn) / (v + n z)^(pn+q)

and expects p (v + n z) / (pn + q - 1) per order day: the own mean, drawn to that of all
customers the more the fewer the orders.

Source: Fader and Hardie (2013), "The Gamma-Gamma model of monetary value", eq. 1a, 5.
The paper takes repeat purchases only; here all order days count by default, which
knows one-time buyers too and predicts better.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from .fitting import LOG_BOUND, dot, find_levels, maximise, sample_rows

# Weak prior: log p, log(q - 1) and log(v / mean value) are normal with these means and
# a standard deviation of 1. It means a mean of 1 times that of the customers.
PRIOR = np.log([4.0, 3.0, 0.75])
# q above 1: the mean of all customers is finite
_BOUNDS = [(-4.0, LOG_BOUND), (-4.0, LOG_BOUND), (-LOG_BOUND, LOG_BOUND)]


@dataclass(frozen=True)
class GammaGammaParams:
    """A fitted model; ``v`` in the currency of the values.

    :param log_likelihood: of the customers that it was fitted on, without the prior
    :param converged: whether the search arrived; False if there was no customer
    :param at_bounds: whether a parameter ran into its bound, as where all values are
        the same
    :param customers: number of customers that it was fitted on
    """

    p: float
    q: float
    v: float
    log_likelihood: float = 0.0
    converged: bool = True
    at_bounds: bool = False
    customers: int = 0

    @property
    def mean(self) -> float:
        """Expected value of an order day of an unknown customer."""
        return self.p * self.v / (self.q - 1)


def fit(
    orders: np.ndarray,
    mean: np.ndarray,
    prior: bool = True,
    winsorise: float | None = 0.995,
    sample: int | None = 200_000,
    seed: int = 0,
) -> GammaGammaParams:
    """The most likely parameters.

    :param orders: order days that the mean is of, shape (n,); for the paper's model
        the repeats and their mean
    :param mean: mean value per order day; customers whose mean is not a number above 0
        are left out
    :param prior: whether ``PRIOR`` counts
    :param winsorise: means above this quantile count as the quantile, so that a few
        giants do not decide about everyone; not if None
    :param sample: customers to draw if there are more; all if None
    :param seed: of the draw
    """
    known = np.flatnonzero((mean > 0) & np.isfinite(mean) & (orders > 0))
    known = known[sample_rows(len(known), sample, seed)]
    orders, mean = orders[known], mean[known].astype(float)
    if winsorise is not None and len(mean):
        mean = np.minimum(mean, np.quantile(mean, winsorise))
    scale = float(mean.mean()) if len(mean) else 1.0
    rows = _Rows(orders, mean / scale)

    def objective(point):
        p, more, v = np.exp(point)
        value, gradient = rows.find_log_likelihood(p, 1 + more, v)
        gradient = gradient * (p, more, v)  # by the logarithms
        if prior:
            value -= 0.5 * np.sum((point - PRIOR) ** 2)
            gradient -= point - PRIOR
        return value, gradient

    found = maximise(objective, PRIOR, len(mean), _BOUNDS)
    p, more, v = np.exp(found.point).tolist()
    # the likelihood of values, not of their ratio to the scale
    value = rows.find_log_likelihood(p, 1 + more, v)[0] - len(mean) * np.log(scale)
    return GammaGammaParams(
        p=p,
        q=1 + more,
        v=v * scale,
        log_likelihood=float(value),
        converged=bool(found.converged and len(mean)),
        at_bounds=found.at_bounds,
        customers=len(mean),
    )


def expected_value(
    params: GammaGammaParams, orders: np.ndarray, mean: np.ndarray
) -> np.ndarray:
    """Expected value of the next order day, shape (n,), in the currency of ``v``.

    :param orders: order days so far, shape (n,); with 0 it is that of all customers
    :param mean: mean value per order day; NaN gives NaN

    >>> params = GammaGammaParams(6.25, 3.74, 15.44)
    >>> expected_value(params, np.array([1, 100]), np.array([50.0, 50.0])).round(1)
    array([45.5, 49.9])
    """
    p, q, v = params.p, params.q, params.v
    total = np.where(orders > 0, orders * mean, 0.0)
    return p * (v + total) / (p * orders + q - 1)


class _Rows:
    """Sufficient numbers of the customers."""

    def __init__(self, orders, mean):
        self.levels, self.index = find_levels(orders)
        self.count = np.bincount(self.index, minlength=len(self.levels)).astype(float)
        self.orders = orders.astype(float)
        self.total = self.orders * mean
        log_total = np.log(self.total)
        # the sums that the parameters do not change
        self.sum_log = dot(self.orders, log_total)
        self.sum_log_mean = float(np.sum(np.log(mean)))

    def find_log_likelihood(self, p, q, v):
        """Its value and its gradient by p, q, v."""
        n, count = self.levels.astype(float), self.count
        customers = count.sum()
        log_sum = np.log(v + self.total)
        power = p * self.orders + q
        value = dot(count, gammaln(p * n + q) - gammaln(p * n) - gammaln(q))
        value += customers * q * np.log(v) + p * self.sum_log - self.sum_log_mean
        value -= dot(power, log_sum)
        common = digamma(p * n + q)
        gradient = np.array(
            [
                dot(count, n * (common - digamma(p * n)))
                + self.sum_log
                - dot(self.orders, log_sum),
                dot(count, common - digamma(q))
                + customers * np.log(v)
                - np.sum(log_sum),
                customers * q / v - dot(power, 1 / (v + self.total)),
            ]
        )
        return value, gradient
