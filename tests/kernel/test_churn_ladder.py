"""Rungs and vetoes at their borders; horizon; risk bands."""

import math
from dataclasses import replace

import numpy as np
import pytest
from churn_scoring_scoring import bands, horizon, ladder
from churn_scoring_scoring.ladder import History, find_rung, find_vetoes
from hypothesis import given
from hypothesis import strategies as st

ENOUGH = History(
    customers=1500,
    repeaters=10,
    days=225,
    horizon=90,
    median_gap=60.0,
    left=20,
    stayed=20,
    trees=True,
)
GOOD = {
    "count": 40,
    "left": 20,
    "auc": 0.8,
    "auc_low": 0.55,
    "brier_skill": 0.011,
    "calibration": -0.1,
}


@pytest.mark.parametrize(
    ("change", "rung", "codes"),
    [
        ({}, 3, []),
        ({"customers": 1499}, 2, ["few_customers"]),
        ({"trees": False}, 2, ["no_scikit_learn"]),
        ({"customers": 100, "trees": False}, 2, ["few_customers", "no_scikit_learn"]),
        ({"customers": 99}, 1, ["few_customers"]),
        ({"left": 19, "stayed": 0}, 1, ["few_left", "few_stayed"]),
        ({"horizon": 91}, 2, ["short_history"]),
        ({"horizon": 113}, 1, ["short_history"]),
        ({"customers": 29}, 0, ["few_customers"]),
        ({"repeaters": 9, "customers": 0}, 0, ["few_customers", "few_repeaters"]),
        ({"days": 89, "median_gap": None, "horizon": 30}, 0, ["short_history"]),
        ({"days": 90, "median_gap": None, "horizon": 30}, 3, []),
        ({"median_gap": 75.1}, 0, ["short_history"]),
    ],
)
def test_rungs_at_their_borders(change, rung, codes):
    found, reasons = find_rung(replace(ENOUGH, **change))
    assert (found, [reason["code"] for reason in reasons]) == (rung, codes)
    assert all(r["rung"] == rung + 1 and r["have"] < r["need"] for r in reasons)


@given(
    st.builds(
        History,
        customers=st.integers(0, 3000),
        repeaters=st.integers(0, 30),
        days=st.integers(0, 1000),
        horizon=st.sampled_from(horizon.HORIZONS),
        median_gap=st.one_of(st.none(), st.floats(1, 400)),
        left=st.integers(0, 40),
        stayed=st.integers(0, 40),
        trees=st.booleans(),
    )
)
def test_more_is_never_less(history):
    more = replace(
        history, customers=history.customers + 100, left=40, stayed=40, trees=True
    )
    rung, reasons = find_rung(history)
    assert find_rung(more)[0] >= rung
    assert bool(reasons) == (rung < 3)


@pytest.mark.parametrize(
    ("rung", "change", "codes"),
    [
        (2, {}, []),
        (3, {"auc_low": 0.549}, ["weak_ranking"]),
        (2, {"brier_skill": 0.01}, ["no_better_than_base"]),
        (2, {"brier_skill": None, "auc_low": None}, [
            "no_better_than_base", "weak_ranking",
        ]),
        (2, {"calibration": 0.101}, ["off_in_the_large"]),
        (2, {"calibration": -0.101}, ["off_in_the_large"]),
        (2, {"count": 39}, ["no_backtest"]),
        (3, {"method": "avg2"}, ["not_tested"]),
        (3, {"method": "avg4"}, []),
        (2, {"method": "mbg"}, []),
        # rung 1 claims no proof: it needs evidence against it
        (1, {"auc_low": 0.3, "auc": 0.56, "calibration": 0.2}, []),
        (1, {"auc": 0.54}, ["weak_ranking"]),
        (1, {"brier_skill": -0.2}, ["no_better_than_base"]),
        (1, {"calibration": 0.21}, ["off_in_the_large"]),
        (1, {"count": 39, "auc": 0.1, "brier_skill": -1.0, "calibration": 0.9}, []),
    ],
)  # fmt: skip
def test_vetoes_at_their_borders(rung, change, codes):
    vetoes = find_vetoes(rung, {**GOOD, **change})
    assert [veto["code"] for veto in vetoes] == codes
    assert all(veto["rung"] == rung for veto in vetoes)


def test_fits_that_went_wrong_are_vetoed_on_any_rung():
    for rung in (1, 2, 3):
        vetoes = find_vetoes(rung, GOOD, at_bounds=True, finite=False)
        assert [veto["code"] for veto in vetoes] == ["not_finite", "at_bounds"]


def test_alive_is_hidden_where_nobody_leaves_for_good():
    assert not ladder.shows_alive(0.0099, 1)
    assert ladder.shows_alive(0.0102, 1)


@pytest.mark.parametrize(
    ("gap", "days"),
    [(1, 30), (42, 30), (43, 60), (73, 60), (74, 90), (127, 90), (128, 180),
     (256, 180), (257, 365), (4000, 365), (0, 30)],
)  # fmt: skip
def test_horizon_is_the_nearest_by_ratio(gap, days):
    assert horizon.find_horizon(np.full(20, gap)) == days


def test_horizon_is_the_quantile_and_needs_gaps():
    gaps = np.repeat([5, 170], [70, 30])
    assert horizon.find_horizon(gaps) == 180
    assert horizon.find_horizon(np.repeat([5, 170], [95, 5])) == 30
    assert horizon.find_horizon(np.full(19, 5)) == 90
    assert horizon.find_median_gap(np.full(19, 5)) is None


def test_bands_are_those_of_the_company():
    probability = np.linspace(0.7, 0.99, 1000)  # a base where nearly everybody leaves
    cuts = bands.find_cuts(probability)
    found = np.bincount(bands.find_band(probability, cuts)) / 1000
    assert found.tolist() == [0.5, 0.3, 0.2]


@given(st.lists(st.one_of(st.floats(0, 1), st.sampled_from((0.2, 0.8, math.nan)))))
def test_bands_never_part_equals(values):
    probability = np.array(values, dtype=float)
    cuts = bands.find_cuts(probability)
    found = bands.find_band(probability, cuts)
    known = np.isfinite(probability)
    assert (found[~known] == -1).all()
    if cuts is None:
        assert (found == -1).all()
        assert not known.any() or np.ptp(probability[known]) < bands.MIN_DISTANCE
    else:
        assert cuts[0] < cuts[1] and {0, 1} <= set(found[known].tolist())
        for value in probability[known]:
            assert len(set(found[probability == value])) == 1
        order = np.argsort(probability[known])
        assert (np.diff(found[known][order]) >= 0).all()


@pytest.mark.parametrize(
    ("shares", "reason"),
    [((0.5,), "count"), ((math.nan, 0.8), "number"), ((0, 0.8), "range"),
     ((0.5, 1), "range"), ((0.5, 0.5), "order")],
)  # fmt: skip
def test_shares_that_make_no_sense(shares, reason):
    with pytest.raises(ValueError, match=reason):
        bands.check_shares(shares)
