import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring.changes import Changes, find_changes

# few values: mostly the same, or nearly
FLOATS = st.sampled_from((0.0, 0.04, 0.05, 0.06, 1.0, 1.05, -3.0, 1e11, float("nan")))
PROFILES = st.dictionaries(
    st.integers(1, 12), st.tuples(FLOATS, st.integers(-1, 2)), max_size=12
)
TOLERANCES = {"value": 0.05, "count": 0}


def to_frame(profiles):
    """``{customer: (value, count)}`` as a DataFrame, sorted as the engine sorts."""
    ids = sorted(profiles)
    return pd.DataFrame(
        {
            "partner_id": np.array(ids, dtype=np.int64),
            "value": np.array([profiles[i][0] for i in ids], dtype=float),
            "count": np.array([profiles[i][1] for i in ids], dtype=np.int64),
        }
    )


def find(new, old, tolerances=TOLERANCES):
    """Customers to write, and to remove."""
    frame = to_frame(new)
    changed, gone = find_changes(frame, to_frame(old), tolerances)
    assert changed.dtype == bool
    assert len(changed) == len(frame)
    return frame["partner_id"][changed].tolist(), gone.tolist()


def find_plainly(new, old, tolerance=0.05):
    def differs(one, other):
        (value, count), (stored, stored_count) = one, other
        if (value != value) != (stored != stored):
            return True
        moved = value == value and abs(value - stored) > tolerance
        return moved or count != stored_count

    changed = [i for i in sorted(new) if i not in old or differs(new[i], old[i])]
    return changed, sorted(set(old) - set(new))


@given(PROFILES, PROFILES)
def test_by_definition(new, old):
    assert find(new, old) == find_plainly(new, old)


@given(PROFILES, PROFILES, st.randoms(use_true_random=False), st.integers(1, 5))
def test_in_parts_and_any_order(new, old, random, size):
    rows = list(range(len(old)))
    random.shuffle(rows)
    stored, changes = to_frame(old), Changes(to_frame(new), TOLERANCES)
    for begin in range(0, len(rows), size):
        part = stored.iloc[rows[begin : begin + size]]
        changes.compare({name: part[name].to_numpy() for name in part})
    ids = np.array(sorted(new), dtype=np.int64)
    assert (ids[changes.changed].tolist(), changes.gone.tolist()) == find(new, old)
    assert ids[changes.stored].tolist() == sorted(set(new) & set(old))


@given(PROFILES)
def test_the_same_is_no_change(profiles):
    assert find(profiles, profiles) == ([], [])


@given(PROFILES, PROFILES)
def test_what_is_written_is_no_change_any_more(new, old):
    changed, gone = find(new, old)
    stored = {i: row for i, row in old.items() if i not in gone}
    stored.update({i: new[i] for i in changed})
    assert find(new, stored) == ([], [])
    assert set(stored) == set(new)


@pytest.mark.parametrize("count", [1000, 5000])
def test_thousands(count):
    random = np.random.default_rng(count)

    def draw():
        ids = random.choice(2 * count, count, replace=False).tolist()
        values = random.choice([0.0, 0.04, 1.0, np.nan, 2e10], count).tolist()
        counts = random.integers(0, 2, count).tolist()
        return dict(zip(ids, zip(values, counts, strict=True), strict=True))

    new, old = draw(), draw()
    changed, gone = find(new, old)
    assert (changed, gone) == find_plainly(new, old)
    assert 0 < len(changed) < count
    assert gone


@given(
    st.lists(st.floats(-0.049, 0.049), min_size=1, max_size=60), st.floats(0.05, 0.5)
)
def test_creeping_never_gets_away(steps, tolerance):
    """Less than the tolerance a day, but what is stored is never off by more."""
    real = stored = 10.0
    for step in steps:
        real += step
        changed, _gone = find({1: (real, 0)}, {1: (stored, 0)}, {"value": tolerance})
        # compared with what is stored, not with what yesterday gave
        assert bool(changed) == (abs(real - stored) > tolerance)
        if changed:
            stored = real
        assert abs(real - stored) <= tolerance


def test_creeping_is_written_once_it_shows():
    stored, written = 1.0, []
    for day in range(1, 12):
        value = 1 + day * 0.02
        if find({1: (value, 0)}, {1: (stored, 0)})[0]:
            stored = value
            written.append(day)
    assert written == [3, 6, 9]


@pytest.mark.parametrize("amount", [0.01, 99.99, 1e9 + 0.01, 1e11 + 0.01])
def test_a_cent_is_a_change_where_nothing_is_tolerated(amount):
    exact = {"value": 0.0}
    assert find({1: (amount, 0)}, {1: (amount, 0)}, exact) == ([], [])
    assert find({1: (amount, 0)}, {1: (amount - 0.01, 0)}, exact) == ([1], [])


@pytest.mark.parametrize("digits", range(7))
def test_the_smallest_unit_of_any_currency_is_a_change(digits):
    assert find({1: (1 + 10**-digits, 0)}, {1: (1.0, 0)}, {"value": 0.0}) == ([1], [])


def test_rounding_is_no_change():
    # 0.1 + 0.2 is not 0.3, and nobody sees it
    assert find({1: (0.1 + 0.2, 0)}, {1: (0.3, 0)}, {"value": 0.0}) == ([], [])


@pytest.mark.parametrize(
    ("value", "stored", "changed"),
    [(np.nan, np.nan, []), (np.nan, 0.0, [1]), (0.0, np.nan, [1]), (0.0, -0.0, [])],
)
def test_unknown(value, stored, changed):
    assert find({1: (value, 0)}, {1: (stored, 0)}) == (changed, [])


def test_new_and_gone_at_both_ends():
    row = (1.0, 1)
    old = dict.fromkeys([2, 3, 5, 9], row)
    assert find(dict.fromkeys([1, 3, 4, 10], row), old) == ([1, 4, 10], [2, 5, 9])


def test_nothing():
    row = (1.0, 1)
    assert find({}, {}) == ([], [])
    assert find({1: row}, {}) == ([1], [])
    assert find({}, {1: row, 2: row}) == ([], [1, 2])


def test_only_what_is_asked_for_is_compared():
    new, old = {1: (5.0, 1)}, {1: (1.0, 2)}
    assert find(new, old, {}) == ([], [])
    assert find(new, old, {"count": 0}) == ([1], [])
    stored = to_frame({1: (5.0, 2)}).drop(columns="count")
    changed, _gone = find_changes(to_frame(new), stored, {"value": 0.05})
    assert changed.tolist() == [False]


def test_days_and_numbers_are_compared_exactly():
    # a tolerance is for what creeps, and that is a float
    assert find({1: (0, 3)}, {1: (0, 2)}, {"count": 5}) == ([1], [])


def test_inputs_are_left_alone():
    new, old = to_frame({1: (1.0, 1), 2: (2.0, 2)}), to_frame({1: (1.5, 1)})
    before = new.copy(), old.copy()
    find_changes(new, old, TOLERANCES)
    pd.testing.assert_frame_equal(new, before[0])
    pd.testing.assert_frame_equal(old, before[1])


@pytest.mark.parametrize("ids", [[2, 1], [1, 1], [1, 2, 2], [1, 3, 2]])
def test_unsorted_or_repeated_customers_are_refused(ids):
    """They would be compared with somebody else, and silently."""
    good = pd.DataFrame({"partner_id": [1, 2, 3], "value": [1.0, 2.0, 3.0]})
    bad = pd.DataFrame({"partner_id": ids, "value": [1.0] * len(ids)})
    with pytest.raises(ValueError, match=r"^new: partner_id must be sorted"):
        find_changes(bad, good, {"value": 0})
    with pytest.raises(ValueError, match=r"^old: partner_id must be sorted"):
        find_changes(good, bad, {"value": 0})
    empty = good[:0]
    find_changes(empty, empty, {"value": 0})
    find_changes(good[:1], empty, {"value": 0})
