"""What differs between the profiles as they are and as they should be."""

import numpy as np
import pandas as pd


def find_changes(
    new: pd.DataFrame,
    old: pd.DataFrame,
    tolerances: dict[str, float],
    relative: dict[str, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows to write and customers to remove.

    :param new: one row per customer, sorted by ``partner_id``, without repetition
    :param old: the same, as stored; may have fewer columns
    :param tolerances: columns to compare, with the difference that is no change
    :param relative: the same as a share of what is stored; the larger one counts
    :return: mask over ``new`` (new or changed), and the ids only ``old`` has
    :raises ValueError: where customers are not sorted, or come twice

    >>> new = pd.DataFrame({"partner_id": [1, 2, 4], "x": [1.0, np.nan, 2.0]})
    >>> old = pd.DataFrame({"partner_id": [1, 2, 3], "x": [1.04, np.nan, 2.0]})
    >>> [part.tolist() for part in find_changes(new, old, {"x": 0.05})]
    [[False, False, True], [3]]
    >>> [part.tolist() for part in find_changes(new, old, {"x": 0.0}, {"x": 0.05})]
    [[False, False, True], [3]]
    """
    relative = relative or {}
    ids, stored = new["partner_id"].to_numpy(), old["partner_id"].to_numpy()
    for name, customers in (("new", ids), ("old", stored)):
        if not (customers[1:] > customers[:-1]).all():
            raise ValueError(
                f"{name}: partner_id must be sorted, and each customer come once"
            )
    gone = stored[~np.isin(stored, ids, assume_unique=True)]
    if not len(stored):
        return np.ones(len(ids), dtype=bool), gone
    position = np.minimum(np.searchsorted(stored, ids), len(stored) - 1)
    changed = stored[position] != ids
    for name, tolerance in tolerances.items():
        ours, theirs = new[name].to_numpy(), old[name].to_numpy()[position]
        if ours.dtype.kind == "f":
            allowed = max(tolerance, 1e-9)
            if share := relative.get(name):
                allowed = np.maximum(allowed, share * np.abs(theirs))
            differs = ~(np.abs(ours - theirs) <= allowed)
            differs &= ~(np.isnan(ours) & np.isnan(theirs))
        else:
            differs = ours != theirs
        changed |= differs
    return changed, gone
