"""What a play changed: who was treated beside who was held out, with intervals.

Customers are put into the arms by chance, each once, so that the arms differ by the
play alone.  Amounts are in one currency; an arm is its size, the number that bought and
what the buyers brought.

Rates: beta-binomial with the prior of Jeffreys, Beta(1/2, 1/2).  Money per customer is
the rate times the mean amount of a buyer.  Of few and skewed amounts an ordinary
bootstrap covers 90 % where it says 95 %: the arm held out is small, and rarely has its
share of large orders.  So both arms lend each other the shape of their amounts:
resampled means are in multiples of the mean, and the mean is divided by them, which is
the bootstrap of a pivot (Davison and Hinkley 1997, chapter 2; exact where the shape is
known).  The shape itself is resampled too, and drawn somewhat wider: a sample shows too
little of a long tail.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

_DRAWS = 20_000
# shapes that are resampled; for each of them, draws / shapes means
_SHAPES = 50
# from so many buyers on, means are drawn from a gamma distribution with their moments
_MANY = 400
# how much wider the shape is drawn than the sample, for a sample of one
_WIDER = 0.75
# resampled means are never smaller than this multiple of the mean
_SMALLEST = 0.02


@dataclass(frozen=True)
class Arm:
    """One arm of a play.

    :param size: number of customers
    :param buyers: how many of them bought
    :param amounts: what customers brought, those who brought nothing left out; may be
        negative where returns or costs exceed; float (k,), k up to ``size``
    """

    size: int
    buyers: int
    amounts: np.ndarray

    def __post_init__(self):
        amounts = np.asarray(self.amounts, dtype=float)
        object.__setattr__(self, "amounts", amounts)
        if not 0 <= self.buyers <= self.size or len(amounts) > self.size:
            raise ValueError("An arm has fewer customers than it says bought.")
        if not np.isfinite(amounts).all():
            raise ValueError("An arm has amounts that are no numbers.")

    @property
    def mean(self) -> float:
        """Money per customer; NaN for an arm without any."""
        return float(self.amounts.sum()) / self.size if self.size else math.nan


@dataclass(frozen=True)
class Uplift:
    """A difference per customer, treated less held out.

    :param estimate: as observed; NaN where an arm is empty
    :param low, high: 95 % interval; NaN where nothing can be said
    :param z: how far the difference is from 0, in standard errors of a normal
        distribution with the same share on the other side; 0 where nothing can be said
    :param size: customers treated
    """

    estimate: float
    low: float
    high: float
    z: float
    size: int

    @property
    def total(self) -> tuple[float, float, float]:
        """Estimate, low and high for all who were treated."""
        return tuple(self.size * v for v in (self.estimate, self.low, self.high))


def rate_uplift(treated: Arm, control: Arm, draws=_DRAWS, seed=1) -> Uplift:
    """Difference of the shares that bought.

    >>> lift = rate_uplift(Arm(900, 270, []), Arm(100, 20, []))
    >>> round(lift.estimate, 3), round(lift.low, 2), round(lift.high, 2)
    (0.1, 0.01, 0.18)
    >>> rate_uplift(Arm(0, 0, []), Arm(5, 5, [])).z
    0.0
    """
    if not treated.size or not control.size:
        return Uplift(math.nan, math.nan, math.nan, 0.0, treated.size)
    random = np.random.default_rng(seed)
    difference = _draw_rate(treated, draws, random) - _draw_rate(control, draws, random)
    estimate = treated.buyers / treated.size - control.buyers / control.size
    return _summarise(difference, estimate, treated.size)


def money_uplift(treated: Arm, control: Arm, cost=0.0, draws=_DRAWS, seed=1) -> Uplift:
    """Difference of money per customer, less what each one treated cost.

    :param cost: cost per customer treated, in the currency of the amounts
    :param draws: number of resamples
    :param seed: the same data give the same interval

    >>> lift = money_uplift(Arm(900, 180, [50] * 180), Arm(100, 10, [50] * 10), cost=1)
    >>> round(lift.estimate, 2), lift.low < 4 < lift.high
    (4.0, True)
    >>> math.isnan(money_uplift(Arm(10, 0, []), Arm(1, 0, [])).low)
    True
    """
    if not treated.size or not control.size:
        return Uplift(math.nan, math.nan, math.nan, 0.0, treated.size)
    estimate = treated.mean - control.mean - cost
    count = len(treated.amounts) + len(control.amounts)
    if not count:
        # nobody bought: nothing is known of what a purchase would have brought
        return Uplift(estimate, math.nan, math.nan, 0.0, treated.size)
    random = np.random.default_rng(seed)
    pooled = float(treated.amounts.sum() + control.amounts.sum()) / count
    means = [
        float(arm.amounts.mean()) if len(arm.amounts) else pooled
        for arm in (treated, control)
    ]
    if min(means) <= 0 or not _is_scale(treated, control, means):
        difference = _draw_plain(treated, draws, random)
        difference -= _draw_plain(control, draws, random)
    else:
        difference = _draw_scaled(treated, control, means, draws, random)
    return _summarise(difference - cost, estimate, treated.size)


def _summarise(difference, estimate, size) -> Uplift:
    low, high = np.quantile(difference, [0.025, 0.975])
    below = (np.count_nonzero(difference <= 0) + 0.5) / (len(difference) + 1)
    above = (np.count_nonzero(difference >= 0) + 0.5) / (len(difference) + 1)
    quantile = NormalDist().inv_cdf
    z = -quantile(below) if below < above else quantile(above)
    return Uplift(float(estimate), float(low), float(high), z, size)


def _draw_rate(arm, draws, random, buyers=None):
    """Draws from the posterior of a share, float (draws,)."""
    buyers = arm.buyers if buyers is None else buyers
    return random.beta(buyers + 0.5, arm.size - buyers + 0.5, draws)


# -- money ---------------------------------------------------------------------------


def _is_scale(treated, control, means):
    """Whether the amounts are multiples of their mean: few are negative, none far."""
    amounts = np.concatenate([treated.amounts / means[0], control.amounts / means[1]])
    return np.count_nonzero(amounts < 0) <= 0.05 * len(amounts) and amounts.min() > -2


def _draw_scaled(treated, control, means, draws, random):
    """Draws of the difference where both arms share the shape of their amounts."""
    shape = np.concatenate([treated.amounts / means[0], control.amounts / means[1]])
    result = np.empty(draws)
    wider = 1 + _WIDER / math.sqrt(len(shape))
    for part in np.array_split(np.arange(draws), min(_SHAPES, draws)):
        drawn = random.choice(shape, len(shape))
        drawn = np.maximum(1 + wider * (drawn / max(drawn.mean(), _SMALLEST) - 1), 0)
        money = []
        for arm, mean in zip((treated, control), means, strict=True):
            count = len(arm.amounts)
            rate = _draw_rate(arm, len(part), random, count)
            ratio = _draw_means(drawn, count, len(part), random)
            money.append(rate * mean / np.maximum(ratio, _SMALLEST))
        result[part] = money[0] - money[1]
    return result


def _draw_means(shape, count, draws, random):
    """Means of ``count`` amounts drawn with replacement, float (draws,)."""
    if not count:
        return np.ones(draws)
    if count <= _MANY:
        return random.choice(shape, (draws, count)).mean(axis=1)
    spread = float(shape.std()) / math.sqrt(count)
    if spread < 1e-12:
        return np.full(draws, shape.mean())
    skew = float(((shape - shape.mean()) ** 3).mean()) / float(shape.std()) ** 3
    skew = max(skew / math.sqrt(count), 1e-3)
    form = 4 / skew**2
    drawn = (random.gamma(form, 1, draws) - form) / math.sqrt(form)
    return shape.mean() + spread * drawn


def _draw_plain(arm, draws, random):
    """Draws of the money per customer where amounts may be of either sign.

    The rate from its posterior, the mean from Student's t around what was observed.
    """
    count = len(arm.amounts)
    if not count:
        return np.zeros(draws)
    rate = _draw_rate(arm, draws, random, count)
    mean = float(arm.amounts.mean())
    if count == 1:
        # one amount says nothing of how amounts differ
        return rate * mean * (1 + random.standard_cauchy(draws))
    spread = float(arm.amounts.std(ddof=1)) / math.sqrt(count)
    return rate * (mean + spread * random.standard_t(count - 1, draws))
