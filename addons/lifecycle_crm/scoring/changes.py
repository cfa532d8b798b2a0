"""What differs between the profiles as they are and as they should be."""

import numpy as np
import pandas as pd


class Changes:
    """Rows of profiles as they should be, set beside what is stored, part by part.

    Of what is stored no more than a part need be there at a time.

    :param new: one row per customer, sorted by ``partner_id``, without repetition
    :param tolerances: columns to compare, with the difference that is no change
    :param relative: the same as a share of what is stored; the larger one counts
    :raises ValueError: where customers are not sorted, or come twice
    """

    def __init__(
        self,
        new: pd.DataFrame,
        tolerances: dict[str, float],
        relative: dict[str, float] | None = None,
    ):
        self._ids = _get_ids("new", new)
        self._columns = {name: new[name].to_numpy() for name in tolerances}
        self._tolerances, self._relative = tolerances, relative or {}
        self._stored = np.zeros(len(new), dtype=bool)
        self._changed = np.zeros(len(new), dtype=bool)
        self._gone = []

    def compare(self, old) -> None:
        """Some of the stored rows, in any order; each customer once in all parts.

        :param old: arrays by name, or a DataFrame; may have more columns
        """
        ids = np.asarray(old["partner_id"])
        if not len(self._ids) or not len(ids):
            self._gone.append(ids)
            return
        if np.array_equal(ids, self._ids):
            # nobody came and nobody went: nothing to look up
            place = known = slice(None)
        else:
            place = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
            known = self._ids[place] == ids
            self._gone.append(ids[~known])
            place = place[known]
        self._stored[place] = True
        changed = np.zeros(len(self._stored[place]), dtype=bool)
        for name, tolerance in self._tolerances.items():
            ours, theirs = self._columns[name][place], np.asarray(old[name])[known]
            changed |= _differ(ours, theirs, tolerance, self._relative.get(name))
        self._changed[place] = changed

    @property
    def stored(self) -> np.ndarray:
        """Which of the new rows there are already, bool (n,)."""
        return self._stored

    @property
    def changed(self) -> np.ndarray:
        """Which of the new rows are to be written, bool (n,)."""
        return self._changed | ~self._stored

    @property
    def gone(self) -> np.ndarray:
        """Ids of customers who are stored and in none of the new rows, ascending."""
        parts = self._gone or [np.empty(0, dtype=np.int64)]
        return np.sort(np.concatenate(parts))


def find_changes(
    new: pd.DataFrame,
    old: pd.DataFrame,
    tolerances: dict[str, float],
    relative: dict[str, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows to write and customers to remove, where all that is stored is at hand.

    :param old: as ``new`` of :class:`Changes`, as stored; may have fewer columns
    :return: mask over ``new`` (new or changed), and the ids only ``old`` has
    :raises ValueError: where customers are not sorted, or come twice

    >>> new = pd.DataFrame({"partner_id": [1, 2, 4], "x": [1.0, np.nan, 2.0]})
    >>> old = pd.DataFrame({"partner_id": [1, 2, 3], "x": [1.04, np.nan, 2.0]})
    >>> [part.tolist() for part in find_changes(new, old, {"x": 0.05})]
    [[False, False, True], [3]]
    >>> [part.tolist() for part in find_changes(new, old, {"x": 0.0}, {"x": 0.05})]
    [[False, False, True], [3]]
    """
    _get_ids("old", old)
    changes = Changes(new, tolerances, relative)
    changes.compare(old)
    return changes.changed, changes.gone


def _get_ids(name, frame):
    ids = frame["partner_id"].to_numpy()
    if not (ids[1:] > ids[:-1]).all():
        raise ValueError(
            f"{name}: partner_id must be sorted, and each customer come once"
        )
    return ids


def _differ(ours, theirs, tolerance, share):
    if ours.dtype.kind != "f":
        return ours != theirs
    allowed = max(tolerance, 1e-9)
    if share:
        allowed = np.maximum(allowed, share * np.abs(theirs))
    differs = ~(np.abs(ours - theirs) <= allowed)
    differs &= ~(np.isnan(ours) & np.isnan(theirs))
    return differs
