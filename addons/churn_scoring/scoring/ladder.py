"""How far a company's history carries: rungs 0 to 3, and what takes one away again.

Rung 0 is a plain rule without percentages, 1 a model on a weak prior that is not yet
proven here, 2 the proven average of two, 3 the average of four. Reasons are codes with
figures, so that each language can say them in its own words.
"""

from dataclasses import dataclass

NO_MODEL, UNPROVEN, PROVEN, LARGE = range(4)
METHODS = ("rule", "mbg", "avg2", "avg4")

MIN_CUSTOMERS = {UNPROVEN: 30, PROVEN: 100, LARGE: 1500}
MIN_REPEATERS = 10
MIN_HISTORY_GAPS = 3
MIN_HISTORY_DAYS = 90
# A model that learns by labels needs a horizon of them, and this part of one before.
MIN_PAST = 0.5
# Below this many of either kind an interval is too wide to prove anything.
MIN_EITHER = 20

MIN_SKILL = 0.01
MIN_AUC = 0.55
MAX_CALIBRATION = 0.10
# Off by more, and even what claims no proof should not be shown.
MAX_CALIBRATION_UNPROVEN = 0.20
# A chance of leaving after an order below this tells nothing by P(alive).
MIN_DROPOUT = 0.01


@dataclass(frozen=True)
class History:
    """What there is to learn from.

    :param customers: with at least one order
    :param repeaters: with orders on at least two days
    :param days: from the first order to the day of the training
    :param median_gap: days between orders, None where too few are known
    :param horizon: days
    :param left, stayed: of the customers of one horizon ago, who did not and who did
        order since
    :param trees: whether scikit-learn is there
    """

    customers: int
    repeaters: int
    days: int
    horizon: int
    median_gap: float | None = None
    left: int = 0
    stayed: int = 0
    trees: bool = False


def find_rung(history: History) -> tuple[int, list[dict]]:
    """The highest rung the history carries, and what is missing for the next.

    :return: rung and reasons: dicts of ``code``, ``rung`` (the one not reached),
        ``have`` and ``need``

    >>> find_rung(History(customers=12, repeaters=40, days=400, horizon=90))
    (0, [{'code': 'few_customers', 'rung': 1, 'have': 12, 'need': 30}])
    """
    for rung, find_missing in (
        (UNPROVEN, _miss_unproven),
        (PROVEN, _miss_proven),
        (LARGE, _miss_large),
    ):
        missing = [
            {"code": code, "rung": rung, "have": have, "need": need}
            for code, have, need in find_missing(history)
            if have < need
        ]
        if missing:
            return rung - 1, missing
    return LARGE, []


def _miss_unproven(history):
    need = max(MIN_HISTORY_GAPS * (history.median_gap or 0), MIN_HISTORY_DAYS)
    yield "few_customers", history.customers, MIN_CUSTOMERS[UNPROVEN]
    yield "few_repeaters", history.repeaters, MIN_REPEATERS
    yield "short_history", history.days, need


def _miss_proven(history):
    yield "few_customers", history.customers, MIN_CUSTOMERS[PROVEN]
    yield "short_history", history.days, 2 * history.horizon
    yield "few_left", history.left, MIN_EITHER
    yield "few_stayed", history.stayed, MIN_EITHER


def _miss_large(history):
    yield "few_customers", history.customers, MIN_CUSTOMERS[LARGE]
    # so that the backtest can learn all four as well: two horizons before the day
    yield "short_history", history.days, (2 + MIN_PAST) * history.horizon
    yield "no_scikit_learn", int(history.trees), 1


def find_vetoes(
    rung: int, backtest: dict, at_bounds: bool = False, finite: bool = True
) -> list[dict]:
    """What speaks against a rung: one entry is enough to fall back to the one below.

    Rungs 2 and 3 have to be proven: the lower bound of the AUC counts. Rung 1 claims
    no proof: it falls where the company's own past speaks against it, which takes 20
    who left and 20 who stayed.

    :param backtest: as of ``metrics.judge_churn``
    :param at_bounds: whether a parameter ended at the edge of what is allowed
    :param finite: whether all numbers are
    :return: dicts of ``code``, ``rung``, ``have`` and ``need``

    >>> find_vetoes(2, {"brier_skill": 0.004, "auc_low": 0.7, "calibration": 0.02,
    ...                 "count": 90, "left": 50})
    [{'code': 'no_better_than_base', 'rung': 2, 'have': 0.004, 'need': 0.01}]
    """
    found = []

    def add(code, have=None, need=None):
        found.append({"code": code, "rung": rung, "have": have, "need": need})

    if not finite:
        add("not_finite")
    if at_bounds:
        add("at_bounds")
    left = backtest.get("left") or 0
    judged = min(left, (backtest.get("count") or 0) - left) >= MIN_EITHER
    if not judged:
        if rung >= PROVEN:
            add("no_backtest")
        return found
    if rung == LARGE and backtest.get("method", METHODS[LARGE]) != METHODS[LARGE]:
        add("not_tested")  # a lower rung's models stood in for what was not learned
    unproven = rung < PROVEN
    skill, offset = backtest["brier_skill"], backtest["calibration"]
    ranking = backtest["auc" if unproven else "auc_low"]
    limit = MAX_CALIBRATION_UNPROVEN if unproven else MAX_CALIBRATION
    if skill is None or skill <= MIN_SKILL:
        add("no_better_than_base", skill, MIN_SKILL)
    if ranking is None or ranking < MIN_AUC:
        add("weak_ranking", ranking, MIN_AUC)
    if offset is None or abs(offset) > limit:
        add("off_in_the_large", offset, limit)
    return found


def shows_alive(a: float, b: float) -> bool:
    """Whether P(alive) says anything: not where hardly anybody leaves for good.

    >>> shows_alive(0.9, 1.6), shows_alive(0.001, 2.0)
    (True, False)
    """
    return a / (a + b) >= MIN_DROPOUT
