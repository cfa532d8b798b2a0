"""Of more customers than are learned from, a draw: the same for the same customers."""

import numpy as np


def choose(purchases, as_of, settings):
    """Rows up to the day of at most ``cap`` customers, the number of customers, and
    whose rows were drawn (None: all)."""
    rows = _Rows(purchases, slice(None))
    if len(rows.day) and int(rows.day.max()) > as_of:
        rows = _Rows(rows, rows.day <= as_of)
    new = np.ones(len(rows.customer), dtype=bool)
    new[1:] = rows.customer[1:] != rows.customer[:-1]
    starts = np.flatnonzero(new)
    if not len(starts):
        return rows, 0, None
    buys = np.logical_or.reduceat(rows.is_order, starts)
    count, drawn = int(np.count_nonzero(buys)), None
    if count > settings.cap:
        random = np.random.default_rng(settings.seed)
        chosen = np.zeros(len(starts), dtype=bool)
        chosen[random.choice(np.flatnonzero(buys), settings.cap, replace=False)] = True
        size = np.diff(np.append(starts, len(rows.customer)))
        drawn = rows.customer[starts[chosen]]
        rows = _Rows(rows, np.repeat(chosen, size))
    return rows, count, drawn


def choose_known(known_at, rows, as_of, drawn):
    """``known_at`` of the customers that are learned from."""

    def find(day):
        if day >= as_of:
            return rows
        known = known_at(day)
        if drawn is None:
            return known
        return _Rows(known, np.isin(known.customer, drawn))

    return find


class _Rows:
    """Some rows of purchases."""

    def __init__(self, purchases, rows):
        self.customer = np.asarray(purchases.customer)[rows]
        self.day = np.asarray(purchases.day)[rows]
        self.amount = np.asarray(purchases.amount)[rows]
        self.is_order = np.asarray(purchases.is_order)[rows]
