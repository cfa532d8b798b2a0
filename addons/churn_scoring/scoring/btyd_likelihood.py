"""Likelihood of BG/NBD and MBG/NBD, and its slopes; for equations see :mod:`.btyd`."""

import numpy as np
from scipy.special import digamma, gammaln

from .customers import DAYS_PER_WEEK
from .fitting import dot, find_levels, find_rows, sample_evenly

# days of t_x within which a sample goes by T: it is even in both of them
_LIKE = 28


class Rows:
    """Distinct (x, t_x, T) with their number, as pairs of a distinct (x, T), which A
    depends on, and a distinct (x, t_x), which D depends on.

    :param sample: customers to take if there are more; all if None
    :param seed: of the sample
    """

    def __init__(self, customers, sample=None, seed=0):
        until_last = customers.last - customers.first
        columns, place = find_rows(
            customers.repeats,
            until_last // _LIKE,
            customers.as_of - customers.first,
            until_last,
        )
        weight = sample_evenly(np.bincount(place), sample, seed)
        x, _like, age, tx = (column[weight > 0] for column in columns)
        self.weight = weight[weight > 0].astype(float)
        self.x, of_x = find_levels(x)
        (of_stay, age), self.of_stay = find_rows(of_x, age)
        (of_gone, tx), self.of_gone = find_rows(of_x, tx)
        self.stay = of_stay, age / DAYS_PER_WEEK
        self.gone = of_gone, tx / DAYS_PER_WEEK
        self.weight_of_x = np.bincount(of_x, self.weight, minlength=len(self.x))

    def find_log_likelihood(self, kind, r, alpha, a, b):
        """Its value and its gradient by r, alpha, a, b.

        Logarithms and Gamma functions are taken of the few distinct values only.
        """
        x, weight_of_x = self.x, self.weight_of_x
        m = int(kind == "mbg")
        factor_a, factor_d = find_factors(kind, a, b, x)
        stay = _Power(*self.stay, r + x, alpha, factor_a)
        gone = _Power(*self.gone, r + x, alpha, factor_d)

        # log(A + D), and the share of D in it
        odds = gone.value[self.of_gone] - stay.value[self.of_stay]
        small = np.exp(-np.abs(odds))
        share = np.where(odds > 0, 1.0, small) / (1 + small) * self.weight
        value = dot(self.weight, np.log1p(small) + np.maximum(odds, 0))
        count = np.bincount(self.of_stay, self.weight, minlength=len(stay.value))
        value += dot(count, stay.value)
        in_gone = np.bincount(self.of_gone, share, minlength=len(gone.value))
        in_stay = count - np.bincount(self.of_stay, share, minlength=len(count))

        constant = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        constant += gammaln(a + b) - gammaln(b)
        constant += gammaln(b + x) - gammaln(a + b + x + m)
        value += dot(weight_of_x, constant)
        common = digamma(a + b) - digamma(a + b + x + m)
        by_r = digamma(r + x) - digamma(r) + np.log(alpha)
        by_b = common + digamma(b + x) - digamma(b)
        if m:
            by_factor = dot(in_stay, (1 / (b + x))[self.stay[0]])
        else:
            left = np.where(x > 0, b + x - 1, 1.0)
            by_factor = -dot(in_gone, (1 / left)[self.gone[0]])
        gradient = np.array(
            [
                dot(weight_of_x, by_r)
                + (dot(in_stay, stay.by_r) + dot(in_gone, gone.by_r)),
                weight_of_x.sum() * r / alpha
                + (dot(in_stay, stay.by_alpha) + dot(in_gone, gone.by_alpha)),
                dot(weight_of_x, common) + in_gone.sum() / a,
                dot(weight_of_x, by_b) + by_factor,
            ]
        )
        return value, gradient


class _Power:
    """log(factor (alpha + t)^-(r+x)) of distinct (x, t), and its slopes."""

    def __init__(self, of_x, time, power, alpha, factor):
        power = power[of_x]
        self.by_r = -np.log(alpha + time)
        self.by_alpha = -power / (alpha + time)
        self.value = factor[of_x] + power * self.by_r


def find_factors(kind, a, b, x):
    """Logarithms of what the powers in A and D are multiplied with, of each x."""
    if kind == "mbg":
        return np.log(b + x), np.full(len(x), np.log(a))
    left = np.where(x > 0, b + x - 1, 1.0)
    return np.zeros(len(x)), np.where(x > 0, np.log(a) - np.log(left), -np.inf)
