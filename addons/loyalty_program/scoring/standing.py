"""Who stands in which tier: upwards at once, downwards at the end of a period.

What a member holds is a promise.  It ends in one of two ways only:

* its period and the days of grace are over, and it was not earned again;
* what earned it was returned or cancelled: what was bought since the first day of
  the purchases that earned it is less than was needed then.

So a rule that changes later, or time alone within the period, takes nothing away.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from .periods import EVER, NO_DAY, Period
from .qualification import find_levels

# Needed of purchases to hold a tier: nothing, it is kept until its end.
KEPT = -(2**62)
# Why a member moved.
STAYED, BOUGHT, RETURNED, EXPIRED = range(4)
_FALLBACK = ("prior", "prior_until", "prior_start", "prior_needed")


@dataclass(frozen=True)
class Rules:
    """Rules of a programme.

    :param thresholds: int array (k,), rising; the positions are the levels
    :param grace: days
    :param one_step: one tier down at a time, else straight to what was earned
    """

    thresholds: np.ndarray
    period: Period
    grace: int = 0
    one_step: bool = True


@dataclass
class Standing:
    """Where members stand; every field is an int array (n,), by member.

    :param level: position in the thresholds, -1: none
    :param since: day on which the level was reached
    :param until: last day before grace, ``NO_DAY`` where it has no end
    :param opens: first day that counts for renewing it at that end
    :param start: first day of the purchases that earned the level
    :param needed: what they must come to, or ``KEPT``
    :param prior: level to fall back to, -1: none, with the same three of its own
    """

    level: np.ndarray
    since: np.ndarray
    until: np.ndarray
    opens: np.ndarray
    start: np.ndarray
    needed: np.ndarray
    prior: np.ndarray
    prior_until: np.ndarray
    prior_start: np.ndarray
    prior_needed: np.ndarray

    @classmethod
    def nothing(cls, count):
        """Of who was never looked at."""
        values = dict.fromkeys((field.name for field in fields(cls)), NO_DAY)
        values |= {"level": -1, "prior": -1, "needed": 0, "prior_needed": 0}
        return cls(**{k: np.full(count, v, dtype="int64") for k, v in values.items()})

    def clone(self):
        return replace(
            self, **{f.name: getattr(self, f.name).copy() for f in fields(self)}
        )

    def put(self, rows, **values):
        """Set fields of some members."""
        for name, value in values.items():
            getattr(self, name)[rows] = value

    def forget_prior(self, rows):
        self.put(rows, prior=-1, prior_until=NO_DAY, prior_start=NO_DAY, prior_needed=0)

    def keep_prior(self, rows):
        """What is held now is what these members fall back to."""
        for name, source in zip(
            _FALLBACK, ("level", "until", "start", "needed"), strict=True
        ):
            getattr(self, name)[rows] = getattr(self, source)[rows]


def assess(old, rules, today, joined, counted, read, allowed=None, time_only=False):
    """Where members stand on a day, from where they stood before.

    :param old: :class:`Standing`; is left as it is
    :param today: day
    :param joined: int array (n,), day on which each member joined
    :param counted: int array (n,), what each has in the window up to today
    :param read: called with (rows, first day, last day) gives what these members
        bought between two days, both included: int arrays of one shape
    :param allowed: bool array (n, k), see :func:`.qualification.find_levels`
    :param time_only: nothing was returned since they were looked at last: what earned
        a tier need not be read again
    :return: (:class:`Standing`, int array (n,) of why)
    """
    new, why = old.clone(), np.full(len(joined), STAYED)
    _end_periods(new, why, rules, today, joined, read, allowed)
    ended = why == EXPIRED
    if not time_only:
        _take_back(new, why, rules, today, joined, counted, read, allowed)
    _raise(new, why, rules, today, joined, counted, allowed)
    new.forget_prior(np.flatnonzero(new.prior_until < today))
    # fell by a return and rose again within the day
    same = (new.level == old.level) & ~ended
    new.since[same] = old.since[same]
    new.since[new.level < 0] = NO_DAY
    return new, why


def count_to_keep(standing, rules, today, read):
    """What is still missing to renew each tier at its end; 0 where it has none.

    :param read: see :func:`assess`
    :return: int array (n,)
    """
    missing = np.zeros(len(standing.level), dtype="int64")
    rows = np.flatnonzero((standing.until != NO_DAY) & (standing.level >= 0))
    amount = read(rows, standing.opens[rows], np.full(len(rows), today))
    needed = _threshold(rules, standing.level[rows])
    missing[rows] = np.maximum(needed - np.maximum(amount, 0), 0)
    return missing


def begin(rules, today, joined, counted, bought, customers, allowed=None):
    """Where customers stand who were never looked at, by what they bought before.

    The tier of the period before is held until the end of this one.

    :param bought: :class:`.qualification.Purchases`
    :param customers: int array (n,)
    :return: as of :func:`assess`
    """
    count, period = len(joined), rules.period
    new, why = Standing.nothing(count), np.full(count, STAYED)
    end = period.previous_end(today, joined)
    rows = np.flatnonzero(end != NO_DAY)
    end, own = end[rows], joined[rows]
    start = period.start_before(end, own)
    level = _levels(rules, bought.sum(customers[rows], start, end), allowed, rows)
    needed = _threshold(rules, level)
    new.since[rows] = bought.find_reached(customers[rows], start, end, needed)
    until = period.first_end(end, own)
    _settle(new, rows, level, until, start, needed, period.opens(end, own))
    _raise(new, why, rules, today, joined, counted, allowed)
    rows = np.flatnonzero(why == BOUGHT)
    start = np.broadcast_to(period.window_start(today, joined), joined.shape)[rows]
    needed = _threshold(rules, new.level[rows])
    new.since[rows] = bought.find_reached(customers[rows], start, today, needed)
    if period.kind == "rolling":
        rows = rows[new.until[rows] != NO_DAY]
        new.until[rows] = period.first_end(new.since[rows], joined[rows])
        new.opens[rows] = period.opens(new.since[rows], joined[rows])
    base = (new.level >= 0) & (_threshold(rules, new.level) == 0)
    new.since = np.where(base, np.minimum(joined, today), new.since)
    new.since[new.level < 0] = NO_DAY
    return new, why


def _levels(rules, amounts, allowed, rows):
    mask = None if allowed is None else allowed[rows]
    return find_levels(amounts, rules.thresholds, mask)


def _threshold(rules, levels):
    """Thresholds of levels; of none it is 0."""
    padded = np.append(rules.thresholds, 0)
    return padded[levels]


def _end_periods(new, why, rules, today, joined, read, allowed):
    """Renew or lower whose period is over; of several that passed one by one."""
    rows = np.flatnonzero((new.until < today) & (new.level >= 0))
    while len(rows):
        end, start = new.until[rows], new.opens[rows]
        deadline = end + rules.grace
        amount = read(rows, start, np.minimum(deadline, today))
        earned = _levels(rules, amount, allowed, rows)
        level = new.level[rows]
        stays = earned >= level
        moves = stays | (deadline < today)
        rows, end, start = rows[moves], end[moves], start[moves]
        earned, level, stays = earned[moves], level[moves], stays[moves]
        floor = level - 1 if rules.one_step else earned
        target = np.where(stays, level, np.maximum(earned, floor))
        needed = _threshold(rules, target)
        needed = np.where(earned < target, KEPT, needed)
        ends = rules.period.next_end(end, joined[rows])
        _settle(new, rows, target, ends, start, needed, end + 1)
        fallen = rows[~stays]
        new.since[fallen] = deadline[moves][~stays] + 1
        new.forget_prior(fallen)
        why[fallen] = EXPIRED
        rows = rows[new.until[rows] < today]


def _settle(new, rows, level, until, start, needed, opens):
    """A level that everybody has, or none, has no end and needs nothing."""
    base = (level < 0) | (needed == 0)
    new.put(
        rows,
        level=level,
        until=np.where(base, NO_DAY, until),
        opens=np.where(base, NO_DAY, opens),
        start=np.where(base, NO_DAY, start),
        needed=np.where(base, 0, needed),
    )


def _take_back(new, why, rules, today, joined, counted, read, allowed):
    """Take tiers back from who returned what earned them."""
    rows = np.flatnonzero((new.until >= today) & (new.needed > 0))
    amount = _sum_since(new.start, rows, today, counted, read)
    lost = amount < new.needed[rows]
    rows, amount = rows[lost], amount[lost]
    if not len(rows):
        return
    target = np.minimum(_levels(rules, amount, allowed, rows), new.level[rows] - 1)
    falls = _find_fallback(new, rows, target, today, counted, read)
    back, down = rows[falls], rows[~falls]
    until = new.prior_until[back]
    _settle(
        new,
        back,
        new.prior[back],
        until,
        new.prior_start[back],
        new.prior_needed[back],
        rules.period.start_before(until, joined[back]),
    )
    new.forget_prior(back)
    level = target[~falls]
    needed = _threshold(rules, level)
    until, start, opens = new.until[down], new.start[down], new.opens[down]
    _settle(new, down, level, until, start, needed, opens)
    new.since[rows] = today
    why[rows] = RETURNED


def _sum_since(starts, rows, today, counted, read):
    """What was bought since the first day that counted; a lifetime has none."""
    starts = starts[rows]
    amount = read(rows, starts, np.full(len(rows), today))
    ever = (starts == NO_DAY) | (starts == EVER)
    return np.maximum(np.where(ever, counted[rows], amount), 0)


def _find_fallback(new, rows, target, today, counted, read):
    """Who falls back to the tier held before, which is higher than ``target``."""
    needed = new.prior_needed[rows]
    amount = _sum_since(new.prior_start, rows, today, counted, read)
    earned = (amount >= needed) | (needed == KEPT)
    alive = (new.prior[rows] >= 0) & (new.prior_until[rows] >= today)
    return alive & earned & (new.prior[rows] > target)


def _raise(new, why, rules, today, joined, counted, allowed):
    """Raise who reached a higher tier; where years are counted, prolong the same."""
    reached = find_levels(counted, rules.thresholds, allowed)
    until = np.broadcast_to(rules.period.first_end(today, joined), joined.shape)
    up = reached > new.level
    again = np.zeros(len(up), dtype=bool)
    if rules.period.kind in ("calendar", "anniversary"):
        again = (reached == new.level) & (new.until < until)
    rows = np.flatnonzero(up | again)
    start = rules.period.window_start(today, joined)
    start = np.broadcast_to(start, joined.shape)[rows]
    level, until = reached[rows], until[rows]
    held = (new.level[rows] >= 0) & (new.until[rows] != NO_DAY)
    new.keep_prior(rows[held & (new.start[rows] != start)])
    raised = rows[up[rows]]
    new.since[raised] = today
    why[raised] = BOUGHT
    opens = np.broadcast_to(rules.period.opens(today, joined), joined.shape)[rows]
    _settle(new, rows, level, until, start, _threshold(rules, level), opens)
