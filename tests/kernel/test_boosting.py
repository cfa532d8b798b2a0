"""Boosted trees: exported as arrays they predict as scikit-learn does."""

import io
import sys

import numpy as np
import pytest
from churn_scoring_scoring import boosting, trees
from scipy.special import expit

COUNT = 3000


@pytest.fixture(scope="module")
def ensemble():
    module = pytest.importorskip("sklearn.ensemble")
    # threads on tiny data would only wait for each other
    with pytest.importorskip("threadpoolctl").threadpool_limits(1):
        yield module


@pytest.fixture
def without_sklearn(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)  # importing it raises


def make(count=COUNT, seed=1, missing=0.0):
    """Inputs, a yes or no, and spend that depend on them."""
    random = np.random.default_rng(seed)
    design = random.normal(size=(count, 5)).round(2)  # values that meet thresholds
    linear = design[:, 0] - 1.5 * (design[:, 1] > 0.3) * design[:, 2]
    outcome = random.random(count) < expit(linear)
    spend = np.where(outcome, random.gamma(2, 20 * np.exp(0.3 * design[:, 3])), 0)
    design[random.random(design.shape) < missing] = np.nan
    return design, outcome, spend


def make_trees():
    """Two trees by hand: x0 <= 1 -> (x1 <= 0 -> 1, 2), 3; and x1 <= 5 -> 10, 20."""
    return trees.Trees(
        kind="poisson",
        inputs=2,
        baseline=0.5,
        tree=np.array([0, 0, 1], dtype=np.int32),
        feature=np.array([1, 0, 1], dtype=np.int32),
        threshold=np.array([0.0, 1.0, 5.0]),
        missing_left=np.array([False, True, False]),
        mask=np.array([0xFFFE, 0xFFFC, 0xFFFE], dtype=np.uint16),
        values=np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 0.0]]),
    )


# -- evaluation, for which scikit-learn is not needed --------------------------


def test_trees_by_hand(without_sklearn):
    nan = np.nan
    rows = [[1, 0], [1, 0.1], [1.1, 0], [nan, 0], [nan, nan], [2, 5], [2, 6]]
    wanted = [11.5, 12.5, 13.5, 11.5, 22.5, 13.5, 23.5]
    found = trees.find_raw(make_trees(), np.array(rows))
    assert found.tolist() == wanted
    assert trees.predict(make_trees(), np.array(rows)) == pytest.approx(np.exp(wanted))


def test_bytes(without_sklearn):
    own = make_trees()
    again = trees.Trees.from_bytes(own.to_bytes())
    for name, value in vars(own).items():
        found = getattr(again, name)
        assert type(found) is type(value)
        assert np.array_equal(found, value)
    assert again.mask.dtype == np.uint16


def test_bytes_of_something_else():
    class Danger:
        def __reduce__(self):
            return pytest.fail, ("it was unpickled",)

    buffer = io.BytesIO()
    parts = {**vars(make_trees()), "values": np.array([Danger()], dtype=object)}
    np.savez(buffer, **parts)
    for data in (b"", b"nonsense", buffer.getvalue(), make_trees().to_bytes()[:200]):
        with pytest.raises(ValueError, match="no stored trees"):
            trees.Trees.from_bytes(data)


def test_other_inputs():
    for shape in ((4, 3), (4,)):
        with pytest.raises(ValueError, match="2 inputs"):
            trees.predict(make_trees(), np.zeros(shape))


def test_missing_library_is_said(without_sklearn):
    design, outcome, spend = make()
    assert not boosting.is_available()
    with pytest.raises(boosting.ScikitLearnMissing, match="not installed"):
        boosting.fit_churn(design, outcome)
    with pytest.raises(ImportError):
        boosting.fit_spend(design, spend)


# -- against scikit-learn ------------------------------------------------------


@pytest.mark.parametrize("missing", [0.0, 0.1])
@pytest.mark.parametrize("leaves", [2, 8, 16])
def test_probability_as_sklearn(ensemble, leaves, missing):
    design, outcome, _spend = make(missing=missing)
    model = ensemble.HistGradientBoostingClassifier(
        max_leaf_nodes=leaves, max_iter=40, early_stopping=False
    ).fit(design, outcome)
    exported = boosting.Trees.from_bytes(boosting.export(model).to_bytes())
    others, _outcome, _spend = make(seed=2, missing=0.1)
    for rows in (design, others):
        wanted = model.predict_proba(rows)[:, 1]
        assert boosting.predict(exported, rows) == pytest.approx(wanted, abs=1e-9)
    assert wanted.std() > 0.1


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_mean_as_sklearn(ensemble, missing):
    design, _outcome, spend = make(missing=missing)
    model = ensemble.HistGradientBoostingRegressor(
        loss="poisson", max_leaf_nodes=8, max_iter=40, early_stopping=False
    ).fit(design, spend)
    exported = boosting.export(model)
    others, _outcome, _spend = make(seed=2, missing=0.1)
    wanted = model.predict(others)
    assert boosting.predict(exported, others) == pytest.approx(wanted, rel=1e-9)
    raised = boosting.export(model, raise_by=1.5)
    assert boosting.predict(raised, others) == pytest.approx(1.5 * wanted, rel=1e-9)


def test_in_blocks(ensemble, monkeypatch):
    design, outcome, _spend = make()
    exported = boosting.fit_churn(design, outcome)
    whole = boosting.predict(exported, design)
    monkeypatch.setattr(trees, "_BLOCK", 700)
    assert boosting.predict(exported, design).tolist() == whole.tolist()
    assert boosting.predict(exported, design[:0]).tolist() == []


def test_what_has_no_export(ensemble):
    design, outcome, spend = make(500)
    cases = [
        ensemble.HistGradientBoostingRegressor().fit(design, spend),
        ensemble.HistGradientBoostingClassifier().fit(design, np.arange(500) % 3),
        ensemble.HistGradientBoostingClassifier(max_leaf_nodes=31).fit(design, outcome),
    ]
    for model in cases:
        with pytest.raises(ValueError):
            boosting.export(model)


def test_churn_is_learned(ensemble):
    design, outcome, _spend = make(20_000)
    exported = boosting.fit_churn(design, outcome)
    others, later, _spend = make(20_000, seed=2)
    chance = boosting.predict(exported, others)
    base = np.mean((later - later.mean()) ** 2)
    assert np.mean((later - chance) ** 2) < 0.85 * base
    assert chance.mean() == pytest.approx(later.mean(), abs=0.02)
    again = boosting.fit_churn(design, outcome)
    assert again.to_bytes() == exported.to_bytes()


def test_spend_keeps_its_sum(ensemble):
    design, _outcome, spend = make(20_000)
    spend[7] = 1e6  # a giant, cut off for the fit
    found = boosting.predict(boosting.fit_spend(design, spend), design)
    assert found.sum() == pytest.approx(spend.sum(), rel=0.01)
    high = design[:, 3] > 1
    assert found[high].mean() > 1.2 * found[~high].mean()


def test_sample(ensemble):
    design, outcome, spend = make()
    one = boosting.fit_churn(design, outcome, sample=1000, seed=1)
    other = boosting.fit_churn(design, outcome, sample=1000, seed=2)
    assert one.to_bytes() != other.to_bytes()
    some = boosting.fit_spend(design, spend, sample=1000, seed=1)
    assert np.isfinite(boosting.predict(some, design)).all()


@pytest.mark.parametrize("count", [0, 1, 10, COUNT])
@pytest.mark.parametrize("answer", [0, 1])
def test_nothing_to_learn(ensemble, count, answer):
    design, _outcome, _spend = make(count)
    churn = boosting.fit_churn(design, np.full(count, answer))
    spend = boosting.fit_spend(design, np.full(count, 25.0 * answer))
    assert len(churn.values) == 0
    others, _outcome, _spend = make(50)
    chance = boosting.predict(churn, others)
    assert ((chance > 0) & (chance < 1)).all()
    assert chance[0] == pytest.approx((count * answer + 0.5) / (count + 1))
    mean = boosting.predict(spend, others)
    assert mean == pytest.approx(25.0 * answer if count else 0, abs=1e-6)


def test_few_and_odd(ensemble):
    for count in (41, 60, 300):
        design, outcome, spend = make(count)
        design[0] = 1e300
        for exported in (
            boosting.fit_churn(design, outcome),
            boosting.fit_spend(design, spend - 10),
        ):
            assert np.isfinite(boosting.predict(exported, design)).all()
