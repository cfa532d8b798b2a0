"""The models learned as of one day, from nothing later than it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from . import boosting, btyd, features, gamma_gamma, logistic, trees
from .customers import Customers
from .fitting import sample_rows
from .ladder import LARGE, MIN_PAST, PROVEN
from .lifetime_value import expected_spend
from .windows import Window, observe

DAYS_PER_YEAR = 365
# With this much history last year's same season is learned from too.
SEASON_HISTORY = 2 * DAYS_PER_YEAR
# A logistic regression on fewer customers than this, or fewer of either kind, would be
# its penalty rather than data.
MIN_CUSTOMERS = 30
MIN_EITHER = 10


@dataclass(frozen=True)
class Sample:
    """Purchases of the customers that are learned from, and how they are read.

    :param known_at: gives the purchases as they were known by the end of an earlier
        day, None where no later document changed any
    """

    purchases: object
    digits: int
    horizon: int
    first_day: int
    cap: int
    trees_cap: int
    seed: int
    known_at: Callable[[int], object] | None = None
    _known: dict = field(default_factory=dict)

    def rows_at(self, day: int) -> object:
        """Purchases as they were known by the end of a day."""
        if self.known_at is None:
            return self.purchases
        if day not in self._known:
            self._known[day] = self.known_at(day)
        return self._known[day]

    def customers_at(self, cut: int) -> Customers:
        return Customers.from_purchases(self.rows_at(cut), cut, self.digits)

    def window_at(
        self, cut: int, customers: Customers | None = None, known: int | None = None
    ) -> Window:
        """Customers of a day, and what they did in the horizon after it.

        :param known: the day as of which that is told, default the present
        """
        customers = self.customers_at(cut) if customers is None else customers
        rows = self.purchases if known is None else self.rows_at(known)
        return observe(rows, customers, self.horizon, self.digits)

    def features_at(self, customers: Customers, rows=None) -> np.ndarray:
        """The sixteen of all customers, or of some rows of them (n, 16)."""
        scale = features.find_scale(customers.value)
        some = customers if rows is None else customers.take(rows)
        return features.features16(
            self.rows_at(customers.as_of), some, self.digits, scale
        )


@dataclass
class Learned:
    """Models as of ``cut``; None where there was too little to learn one from.

    :param windows: what the regressions and trees learn from; each ends by the cut
    :param recency: logistic regression on the days since the last order alone, which
        all others are compared with
    """

    sample: Sample
    cut: int
    customers: Customers
    windows: list[Window]
    mbg: btyd.BtydParams
    gamma_gamma: gamma_gamma.GammaGammaParams
    recency: logistic.LogisticParams | None = None
    logistic2: logistic.LogisticParams | None = None
    logistic16: logistic.LogisticParams | None = None
    trees_churn: object = None
    trees_spend: object = None

    def learn_large(self) -> bool:
        """The two of rung 3, with scikit-learn; whether there was enough for them."""
        if self.logistic2 is None or not boosting.is_available():
            return False
        if self.trees_churn is None:
            design, left, spend = self._choose_rows()
            seed = self.sample.seed
            self.logistic16 = logistic.fit(
                design, left, tuple(features.FEATURES16), sample=None
            )
            self.trees_churn = boosting.fit_churn(design, left, sample=None, seed=seed)
            found = boosting.fit_spend(design, spend, sample=None, seed=seed)
            self.trees_spend = self._level(found)
        return True

    def _choose_rows(self):
        """Features, who left, and spend, of at most ``trees_cap`` rows of the windows.

        Features are found of those rows alone: they take longer than the learning.
        """
        ends = np.cumsum([len(window) for window in self.windows])
        rows = sample_rows(ends[-1], self.sample.trees_cap, self.sample.seed)
        rows = np.arange(ends[-1])[rows]
        parts = []
        for window, end in zip(self.windows, ends.tolist(), strict=True):
            begin = end - len(window)
            own = rows[(rows >= begin) & (rows < end)] - begin
            design = self.sample.features_at(window.customers, own)
            parts.append((design, window.left[own], window.spend[own]))
        return [np.concatenate(part) for part in zip(*parts, strict=True)]

    def _level(self, found: trees.Trees) -> trees.Trees:
        """The trees' spend, in total that of the purchase model.

        Trees know who will spend more, but their level is that of the window they
        learned: half too high or too low where a company's trade rises or falls. With
        the level of the purchase model their mean with it was never much worse, and
        up to 14 % better.
        """
        rows = sample_rows(len(self.customers), self.sample.trees_cap, self.sample.seed)
        few = self.customers.take(rows)
        theirs = trees.predict(found, self.sample.features_at(self.customers, rows))
        ours = np.nan_to_num(
            expected_spend(self.mbg, self.gamma_gamma, few, self.sample.horizon)
        )
        level = ours.sum() / theirs.sum()
        if not 0 < level < np.inf:
            return found
        return replace(found, baseline=found.baseline + float(np.log(level)))

    def carries(self, rung: int) -> bool:
        """Whether the models of the rung could be learned."""
        if rung >= LARGE:
            return self.learn_large()
        return rung < PROVEN or self.logistic2 is not None


def learn(sample: Sample, customers: Customers, windows: list[Window]) -> Learned:
    """The models of rungs 1 and 2 as of ``customers.as_of``.

    :param windows: of ``find_windows``
    """
    limits = {"sample": sample.cap, "seed": sample.seed}
    learned = Learned(
        sample=sample,
        cut=customers.as_of,
        customers=customers,
        windows=windows,
        mbg=btyd.fit("mbg", customers, **limits),
        gamma_gamma=gamma_gamma.fit(customers.orders, customers.value, **limits),
    )
    if windows:
        design = np.concatenate([logistic.features2(w.customers) for w in windows])
        left = np.concatenate([w.left for w in windows])
        names = logistic.FEATURES2
        learned.logistic2 = logistic.fit(design, left, names, **limits)
        learned.recency = logistic.fit(design[:, :1], left, names[:1], **limits)
    return learned


def find_windows(sample: Sample, cut: int, last: Window | None = None) -> list[Window]:
    """The windows that can be learned from as of a cut.

    The last horizon; with two years of history also the days of last year that
    correspond to the horizon to come, so that its season is known.

    :param last: the window of the last horizon, where it is at hand
    """
    horizon = sample.horizon
    begins = [cut - horizon]
    if cut - sample.first_day >= SEASON_HISTORY and horizon < DAYS_PER_YEAR:
        begins.append(cut - DAYS_PER_YEAR)
    found = []
    for begin in begins:
        # with less history before it, every customer of the window is a new one
        if begin - sample.first_day < MIN_PAST * horizon:
            continue
        at_hand = last is not None and last.customers.as_of == begin
        window = last if at_hand else sample.window_at(begin, known=cut)
        left = int(window.left.sum())
        enough = min(left, len(window) - left) >= MIN_EITHER
        if len(window) >= MIN_CUSTOMERS and enough:
            found.append(window)
    return found
