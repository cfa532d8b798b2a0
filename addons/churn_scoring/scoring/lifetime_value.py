"""Expected value of a customer's next months, with an interval.

The value of a period is the sum of what the orders in it are worth.  Its expectation is
the discounted number of orders (:mod:`.btyd`) times the expected value of an order day
(:mod:`.gamma_gamma`).

The interval comes from the distribution of that sum itself.  For a customer who is
still there after x repeats and T weeks, with c = b + x + m and the other symbols as in
those modules, N orders in H weeks have

    P(N >= k) = B(a, c+k-1) / B(a, c) * I(H / (alpha+T+H); k, r+x),

to stay through k - 1 orders times to have had a rate that made k, and their sum V has

    P(V > y | N = k) = 1 - I(y / (y + v'); p k, q'),  v' = v + n z,  q' = q + p n,

where I is the regularised incomplete Beta function.  So P(V > y) = P(alive) *
sum of P(N = k) P(V > y | k) needs no simulation.  It is found on a grid of x and T and
relative to the expectation, where it changes slowly, and interpolated.

The interval is that of one customer's own luck; that the parameters are estimates is
not in it.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from scipy.special import betainc, betaincc, betaln

from . import btyd, gamma_gamma
from .customers import DAYS_PER_WEEK, Customers
from .fitting import find_levels

DAYS_PER_MONTH = btyd.DAYS_PER_YEAR / 12

# x and N up to this one are looked at one by one, larger ones in groups whose borders
# grow by these factors: quantiles come out right to half a point of probability
_EXACT = 10
_GROWTH = 1.15
_COUNT_GROWTH = 1.1
# between neighbours on the grid of log(alpha + T)
_AGE_STEP = 0.2
_VALUES = 160
_SHARES = 121
# P(N > k) that no longer matters
_TAIL = 1e-5


@dataclass(frozen=True)
class LifetimeValue:
    """Value of the next months in the currency of the company, float64 of shape (n,).

    NaN where the net revenue so far is not above 0.

    :param expected: discounted expectation
    :param low: with the level's probability the value lies between this
    :param high: and this
    :param if_alive: discounted expectation of who is still there for certain
    """

    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    if_alive: np.ndarray


def expected_spend(
    purchase_model: btyd.BtydParams,
    spend_model: gamma_gamma.GammaGammaParams,
    customers: Customers,
    days: float,
    discount_rate: float = 0.0,
) -> np.ndarray:
    """Expected value of the orders in the next days, shape (n,).

    :param discount_rate: per year; an order after t years counts for (1 + rate)^-t
    """
    orders = btyd.expected_orders(purchase_model, customers, days, discount_rate)
    return orders * gamma_gamma.expected_value(
        spend_model, customers.orders, customers.value
    )


def lifetime_value(
    purchase_model: btyd.BtydParams,
    spend_model: gamma_gamma.GammaGammaParams,
    customers: Customers,
    months: float = 12,
    discount_rate: float = 0.1,
    level: float = 0.8,
) -> LifetimeValue:
    """Expectation and interval of the value of the next months.

    With tail = 1 - level, the interval cuts off tail / 2 on either side.  Where no
    order at all has a probability of tail / 2 or more, it begins at 0 and ends where
    tail is left above.  Where that is 0 too, it ends at the expectation, so that it
    always holds it.

    :param months: length of the period
    :param discount_rate: per year
    :param level: probability of the interval, above 0 and below 1
    """
    days = months * DAYS_PER_MONTH
    alive = btyd.p_alive(purchase_model, customers)
    orders = btyd.expected_orders_if_alive(purchase_model, customers, days)
    value = gamma_gamma.expected_value(spend_model, customers.orders, customers.value)
    # value if still there: undiscounted for the distribution, then discounted
    discounted = orders
    if discount_rate:
        discounted = btyd.expected_orders_if_alive(
            purchase_model, customers, days, discount_rate
        )
    if_alive = discounted * value
    expected = alive * if_alive

    tail = 1 - level
    nothing = btyd.p_no_order(purchase_model, customers, days)
    open_low = nothing >= tail / 2
    table = _Table(purchase_model, spend_model, customers, days, tail / 2)
    with np.errstate(over="ignore", divide="ignore"):
        above_high = np.where(open_low, tail, tail / 2) / alive
        above_low = (1 - tail / 2) / alive
    high = table.find_ratio(above_high) * if_alive
    low = np.where(open_low, 0.0 * value, table.find_ratio(above_low) * if_alive)
    return LifetimeValue(
        expected=expected,
        low=np.minimum(low, expected),
        high=np.maximum(high, expected),
        if_alive=if_alive,
    )


# Rows of the tables of the last few models: from one night to the next, and from one
# order to the next, a model stays the same, and so do they.
_KNOWN: dict[tuple, dict] = {}
_KEPT = 8
# parts of the customers are scored side by side
_LOCK = Lock()


def _get_known(*model):
    """Rows that were found for a model: ``{(group of x, node of T): quantiles}``."""
    with _LOCK:
        known = _KNOWN.pop(model, {})
        while len(_KNOWN) >= _KEPT:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[model] = known
    return known


class _Table:
    """Quantiles of the value if still there, by its expectation.

    On a grid of x (in groups), T, and the share of the distribution above.
    """

    def __init__(self, purchase_model, spend_model, customers, days, least):
        self.shares = np.linspace(least, 1.0, _SHARES)
        groups, self.of_x = find_levels(_find_group(customers.repeats))
        # the nodes lie where they lie for everybody: no value hangs on other customers
        self.place = np.log1p(customers.age / purchase_model.alpha) / _AGE_STEP
        first = int(self.place.min()) if len(customers) else 0
        last = int(self.place.max(initial=0.0)) + 1
        self.place -= first
        nodes = range(first, last + 1)
        known = _get_known(purchase_model, spend_model, days, least)
        self.ratio = np.zeros((len(groups), len(nodes), _SHARES))
        for row, group in zip(self.ratio, groups.tolist(), strict=True):
            missing = [node for node in nodes if (group, node) not in known]
            if missing:
                found = _find_quantiles(
                    purchase_model,
                    spend_model,
                    _find_example(group),
                    purchase_model.alpha * np.exp(np.array(missing) * _AGE_STEP),
                    days / DAYS_PER_WEEK,
                    self.shares,
                )
                known.update(
                    zip(((group, node) for node in missing), found, strict=True)
                )
            row[:] = [known[group, node] for node in nodes]

    def find_ratio(self, above):
        """Value / expectation that this share of each customer's distribution is above.

        :param above: shape (n,); from 1 on the value is 0
        """
        step = self.shares[1] - self.shares[0]
        share = (np.minimum(above, 1.0) - self.shares[0]) / step
        share = np.clip(share, 0, _SHARES - 1)
        by_share, by_age = (
            _split(share, _SHARES),
            _split(self.place, self.ratio.shape[1]),
        )
        found = np.zeros(len(above))
        for age, weight_of_age in by_age:
            for column, weight in by_share:
                found += weight_of_age * weight * self.ratio[self.of_x, age, column]
        return found


def _split(place, count):
    """Both neighbours on a grid of so many points, and their weights."""
    lower = np.minimum(place.astype(np.intp), max(count - 2, 0))
    weight = place - lower
    return (lower, 1 - weight), (np.minimum(lower + 1, count - 1), weight)


def _find_quantiles(purchase_model, spend_model, x, scale, weeks, shares):
    """Quantiles by the expectation, of one x; shape (ages, shares).

    :param scale: alpha + T in weeks, shape (ages,)
    :param shares: of the distribution above
    """
    p, n = spend_model.p, x + 1.0
    power = purchase_model.r + x
    a, c = btyd.get_dropout(purchase_model, np.array([float(x)]))
    # x repeats took x days at least, so this is the highest rate there is
    edges = _find_edges(power, weeks / (purchase_model.alpha + x / DAYS_PER_WEEK))
    kept = np.exp(betaln(a, c + edges - 1) - betaln(a, c))
    at_least = kept * betainc(edges, power, (weeks / (weeks + scale))[:, None])
    # the last group is all that is left; the others lose what the next has
    mass = at_least.copy()
    mass[:, :-1] -= at_least[:, 1:]
    middle = edges.copy()
    middle[:-1] = (edges[:-1] + edges[1:] - 1) / 2

    q = spend_model.q + p * n
    # values in units of the expected order; from a small part of an order
    top = 10 * edges[-1]
    values = np.append(0.0, np.geomspace(0.02, top, _VALUES))
    odds = values * p / (q - 1)
    above = betaincc(p * middle, q, (odds / (1 + odds))[:, None])
    chance = np.einsum("tk,vk->tv", mass, above)
    expected = btyd.expect_if_alive(purchase_model, x, scale, weeks)
    # tails are straight as logarithms
    wanted, there = np.log(shares), np.log(np.maximum(chance, 1e-300))
    found = [
        np.interp(wanted, row[::-1], values[::-1], right=0.0) / max(mean, 1e-300)
        for row, mean in zip(there, expected, strict=True)
    ]
    return np.array(found)


def _find_edges(power, ratio):
    """First numbers of the groups of N, until the tail is small; floats."""
    mean = power * ratio
    deviation = np.sqrt(mean * (1 + ratio))
    most = mean + 12 * deviation + _EXACT
    count = int(np.ceil(np.log(most / _EXACT) / np.log(_COUNT_GROWTH))) + 1
    grown = np.floor(_EXACT * _COUNT_GROWTH ** np.arange(1, count + 1))
    edges = np.unique(np.append(np.arange(1.0, _EXACT + 1), grown))
    tail = betainc(edges, power, ratio / (1 + ratio))
    return edges[: max(int(np.count_nonzero(tail > _TAIL)) + 1, 2)]


def _find_group(x):
    """Number of the group of each x."""
    grown = np.log(np.maximum(x, _EXACT) / _EXACT) / np.log(_GROWTH)
    return np.where(x <= _EXACT, x, _EXACT + np.ceil(grown - 1e-9).astype(np.int64))


def _find_example(group):
    """An x in the middle of the group."""
    if group <= _EXACT:
        return float(group)
    return float(_EXACT * _GROWTH ** (group - _EXACT - 0.5))
