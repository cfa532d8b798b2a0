"""Figures about predictions: known answers, ties, data that cannot be judged."""

import json
import math

import numpy as np
import pytest
from churn_scoring_scoring import metrics
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

# half of the values tie with others
SCORES = st.one_of(st.sampled_from((0.1, 0.5, 0.9)), st.floats(0, 1))
CASES = st.lists(st.tuples(st.booleans(), SCORES), min_size=1, max_size=40).map(
    lambda rows: tuple(map(np.array, zip(*rows, strict=True)))
)


def delong_by_pairs(left, score):
    """The definition, over all pairs."""
    ours, theirs = score[left][:, None], score[~left][None, :]
    psi = (ours > theirs) + 0.5 * (ours == theirs)
    auc = psi.mean()
    above, below = psi.mean(axis=1), psi.mean(axis=0)
    variance = above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below)
    return auc, math.sqrt(variance)


@given(CASES)
def test_auc_is_that_of_all_pairs(case):
    left, score = case
    auc, low, high = metrics.auc_delong(left, score)
    both = min(left.sum(), (~left).sum())
    if both == 0:
        assert math.isnan(auc) and math.isnan(low) and math.isnan(high)
    elif both == 1:
        assert 0 <= auc <= 1 and math.isnan(low)
    else:
        expected, deviation = delong_by_pairs(left, score)
        assert auc == pytest.approx(expected, abs=1e-12)
        assert low == pytest.approx(max(expected - 1.959964 * deviation, 0), abs=1e-6)
        assert high == pytest.approx(min(expected + 1.959964 * deviation, 1), abs=1e-6)


def test_auc_of_the_textbook():
    """Hanley and McNeil (1982): 58 normal and 51 abnormal images, five ratings."""
    normal = np.repeat([1, 2, 3, 4, 5], [33, 6, 6, 11, 2])
    abnormal = np.repeat([1, 2, 3, 4, 5], [3, 2, 2, 11, 33])
    left = np.append(np.zeros(58, dtype=bool), np.ones(51, dtype=bool))
    auc, low, high = metrics.auc_delong(left, np.append(normal, abnormal))
    assert auc == pytest.approx(0.893, abs=5e-4)
    assert (high - low) / 2 / 1.96 == pytest.approx(0.031, abs=2e-3)


def test_interval_holds_the_truth_19_of_20_times():
    random = np.random.default_rng(4)
    truth = 0.7602499389065233  # Phi(1 / sqrt 2): normals one deviation apart
    hits = 0
    for _ in range(400):
        left = np.arange(120) < 50
        _auc, low, high = metrics.auc_delong(left, random.normal(size=120) + left)
        hits += low <= truth <= high
    assert 0.91 <= hits / 400 <= 0.985


def test_size_does_not_hurt():
    random = np.random.default_rng(1)
    left = random.random(200_000) < 0.3
    score = np.round(random.random(200_000), 3)
    auc, low, high = metrics.auc_delong(left, score)
    assert low < 0.5 < high and high - low < 0.01 and low < auc < high


@given(CASES, st.integers(1, 12))
def test_groups_cover_everybody_once(case, bins):
    left, probability = case
    error, groups = metrics.expected_calibration_error(left, probability, bins)
    counts = [group["count"] for group in groups]
    assert sum(counts) == len(left) and min(counts) > 0 and len(groups) <= bins
    total = sum(g["count"] * g["predicted"] for g in groups)
    assert total == pytest.approx(probability.sum())
    assert sum(g["count"] * g["observed"] for g in groups) == pytest.approx(left.sum())
    assert 0 <= error <= 1
    # each group begins where the one before has ended
    ordered = np.sort(probability)
    borders = np.cumsum(counts)[:-1]
    assert all(ordered[b - 1] < ordered[b] for b in borders)


def test_calibration_by_hand():
    left = np.repeat([True, False, True, False], [1, 4, 4, 1])
    probability = np.repeat([0.3, 0.7], 5)
    error, groups = metrics.expected_calibration_error(left, probability, 2)
    assert error == pytest.approx(0.1)  # 0.3 against 0.2, 0.7 against 0.8
    assert [g["observed"] for g in groups] == [0.2, 0.8]
    assert metrics.calibration_in_the_large(left, probability) == pytest.approx(0)


def test_perfect_calibration_has_no_error():
    random = np.random.default_rng(3)
    probability = random.random(100_000)
    left = random.random(100_000) < probability
    error, groups = metrics.expected_calibration_error(left, probability)
    assert error < 0.01 and [g["count"] for g in groups] == [10_000] * 10


def test_value_by_hand():
    actual = np.append(np.zeros(18), [60.0, 40])
    best = actual.copy()
    report = metrics.judge_value(actual, best, np.full(20, 10.0))
    assert report["mae"] == 0 and report["bias"] == 1
    assert report["lift"] == pytest.approx(10)  # both tenths' customers found
    assert report["mae_last_period"] == pytest.approx((18 * 10 + 50 + 30) / 20)
    assert report["bias_last_period"] == pytest.approx(2)
    assert report["lift_last_period"] == pytest.approx(1)


@given(st.permutations(range(20)))
def test_lift_does_not_depend_on_the_rows(order):
    order = np.array(order)
    actual, predicted = np.arange(20.0) ** 2, np.repeat([3.0, 2, 1], [1, 4, 15])[::-1]
    assert metrics.top_decile_lift(actual[order], predicted[order]) == pytest.approx(
        metrics.top_decile_lift(actual, predicted)
    )


@pytest.mark.parametrize(
    ("left", "codes"),
    [([], ["no_customers"]), ([True] * 3, ["one_class"]), ([False], ["one_class"])],
)
def test_what_cannot_be_judged_says_so(left, codes):
    left = np.array(left, dtype=bool)
    report = metrics.judge_churn(left, np.full(len(left), 0.4))
    assert report["codes"] == codes and report["auc"] is None
    assert report["brier_skill"] is None
    json.dumps(report, allow_nan=False)
    nothing = np.zeros(len(left))
    json.dumps(metrics.judge_value(nothing, nothing, nothing), allow_nan=False)


def test_report_is_json_and_complete():
    left = np.array([True, False, True, False])
    report = metrics.judge_churn(left, np.array([0.9, 0.2, 0.6, 0.5]), 0.2)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["auc"] == 1 and report["left"] == 2 and report["base_rate"] == 0.5
    assert report["brier"] == pytest.approx((0.01 + 0.04 + 0.16 + 0.25) / 4)
    assert report["brier_skill"] == pytest.approx(1 - report["brier"] / 0.25)
    assert report["brier_recency"] == 0.2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_spearman_is_scipys(rows):
    actual, predicted = (np.array([row[i] for row in rows], float) for i in (0, 1))
    ours = metrics.spearman(actual, predicted)
    if len(set(actual)) < 2 or len(set(predicted)) < 2:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(spearmanr(actual, predicted).statistic)
