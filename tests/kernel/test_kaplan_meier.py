"""Retention of subscriptions against published and simulated curves."""

import math

import numpy as np
import pytest
from churn_scoring_scoring import kaplan_meier as km
from hypothesis import given
from hypothesis import strategies as st

# Freireich et al. (1963), weeks of remission under 6-MP; + is still in remission
REMISSION = [
    6,
    6,
    6,
    6,
    7,
    9,
    10,
    10,
    11,
    13,
    16,
    17,
    19,
    20,
    22,
    23,
    25,
    32,
    32,
    34,
    35,
]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_published_curve():
    curve = km.fit(REMISSION, ENDED)
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.survival == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert curve.median == 23
    # as R's survfit(conf.type="log-log") gives them
    assert curve.low[[0, 6]] == pytest.approx([0.620, 0.188], abs=2e-3)
    assert curve.high[[0, 6]] == pytest.approx([0.952, 0.680], abs=2e-3)


def test_nobody_ended_and_nobody_there():
    curve = km.fit([3, 5], [False, False])
    assert curve.at([0, 4, 99]).tolist() == [1, 1, 1] and math.isnan(curve.median)
    assert km.expected_remaining(curve, np.array([2.0]), 12).tolist() == [12]
    empty = km.fit([], [])
    assert empty.at([1.0]).tolist() == [1]
    assert km.expected_remaining(empty, np.array([]), 12).tolist() == []


def test_all_ended_leaves_the_mean_hazard():
    curve = km.fit([1.0, 2, 3], [True] * 3)
    rest = km.expected_remaining(curve, np.array([3.0, 7.0]), 200)
    hazard = 3 / 6
    assert rest == pytest.approx([1 / math.expm1(hazard)] * 2)


def test_delayed_entry_counts_from_when_it_was_seen():
    # the third was a year old when the records began: not at risk at 2 months
    curve = km.fit([2, 5, 14], [True, False, True], entry=[0, 0, 12])
    assert curve.at_risk.tolist() == [2, 1]
    assert curve.survival.tolist() == [0.5, 0]
    assert km.fit([3, 4], [True, True], entry=[3, 0]).at_risk.tolist() == [1]


def test_delayed_entry_takes_away_the_bias():
    random = np.random.default_rng(7)
    duration = random.exponential(10, 40_000)
    start = random.uniform(-60, 0, 40_000)  # records begin at 0
    seen = start + duration > 0
    age = -start[seen]
    right = km.fit(duration[seen], np.ones(seen.sum()), entry=age)
    wrong = km.fit(duration[seen], np.ones(seen.sum()))
    assert right.at(10) == pytest.approx(math.exp(-1), abs=0.02)
    assert wrong.at(10) > 0.5


def test_censoring_takes_away_the_bias():
    random = np.random.default_rng(5)
    truth, horizon = random.exponential(10, 20_000), random.uniform(0, 30, 20_000)
    curve = km.fit(np.minimum(truth, horizon), truth <= horizon)
    assert curve.at([5.0, 10, 20]) == pytest.approx(np.exp([-0.5, -1, -2]), abs=0.015)
    remaining = km.expected_remaining(curve, np.array([0.0, 8.0]), 12)
    exact = np.sum(np.exp(-np.arange(1, 13) / 10))
    assert remaining == pytest.approx([exact, exact], abs=0.15)
    assert ((curve.low < curve.survival) & (curve.survival < curve.high))[:-1].all()


def test_value_is_discounted_and_keeps_its_sign():
    curve = km.fit([100.0], [False])
    value = km.remaining_value(
        curve, np.array([1.0, 1.0]), np.array([10.0, -10.0]), 2, discount_rate=0.25
    )
    assert value == pytest.approx([10 * (0.8 + 0.64), -10 * (0.8 + 0.64)])


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 4)), max_size=30
    )
)
def test_always_a_curve(rows):
    duration, ended, entry = (
        np.array([row[i] for row in rows], dtype=float) for i in range(3)
    )
    curve = km.fit(duration, ended.astype(bool), entry)
    assert (np.diff(np.append(1.0, curve.survival)) <= 0).all()
    assert ((curve.low >= 0) & (curve.low <= curve.survival + 1e-12)).all()
    assert ((curve.survival <= curve.high + 1e-12) & (curve.high <= 1)).all()
    assert (curve.at_risk >= curve.ended).all()
    remaining = km.expected_remaining(curve, np.arange(10.0), 12)
    assert np.isfinite(remaining).all() and (remaining <= 12).all()
