"""The ridge logistic and the averages."""

import numpy as np
import pytest
from buyers import ODD, get_cdnow, make_customers
from churn_scoring_scoring import averages, logistic
from scipy.optimize import minimize
from scipy.special import expit

pytestmark = pytest.mark.filterwarnings("error")


def make(count=2000, seed=1, weights=(0.7, 1.5, -2.0)):
    random = np.random.default_rng(seed)
    design = random.normal((3.0, -40.0), (2.0, 10.0), (count, 2))
    linear = weights[0] + (design - (3.0, -40.0)) / (2.0, 10.0) @ weights[1:]
    return design, random.random(count) < expit(linear)


def fit(design, outcome, **options):
    names = tuple(f"x{place}" for place in range(design.shape[1]))
    return logistic.fit(design, outcome, names, **options)


@pytest.mark.parametrize("penalty", [0.1, 1.0, 50.0])
def test_is_the_top(penalty):
    design, outcome = make(300)
    params = fit(design, outcome, penalty=penalty)
    scaled = (design - design.mean(axis=0)) / design.std(axis=0)

    def find_loss(point):
        linear = point[0] + scaled @ point[1:]
        loss = np.sum(np.logaddexp(0, linear) - outcome * linear)
        return loss + penalty / 2 * np.sum(point[1:] ** 2) + 0.005 * point[0] ** 2

    wanted = minimize(find_loss, np.zeros(3), options={"gtol": 1e-7}).x
    assert params.weights == pytest.approx(wanted, abs=1e-5)
    assert params.converged and params.names == ("x0", "x1")
    assert params.mean == pytest.approx(design.mean(axis=0))
    assert params.scale == pytest.approx(design.std(axis=0))


def test_finds_what_was_simulated():
    design, outcome = make(100_000)
    params = fit(design, outcome)
    assert params.weights == pytest.approx([0.7, 1.5, -2.0], abs=0.05)
    linear = 0.7 + (design - (3.0, -40.0)) / (2.0, 10.0) @ (1.5, -2.0)
    assert logistic.predict(params, design) == pytest.approx(expit(linear), abs=0.02)
    found = logistic.find_logit(params, design)
    assert expit(found) == pytest.approx(logistic.predict(params, design))


def test_units_do_not_matter():
    design, outcome = make()
    params = fit(design, outcome)
    other = fit(design * (1000, 0.001) + 7, outcome)
    assert other.weights == pytest.approx(params.weights)


def test_weights_are_repetitions():
    design, outcome = make(200)
    times = np.arange(200) % 3
    params = fit(design, outcome, weights=times)
    wanted = fit(np.repeat(design, times, axis=0), np.repeat(outcome, times))
    assert params.weights == pytest.approx(wanted.weights)


def test_sample():
    design, outcome = make(5000)
    params = fit(design, outcome, sample=4000, seed=2)
    assert params.weights == pytest.approx(fit(design, outcome).weights, abs=0.1)
    again = fit(design, outcome, sample=4000, seed=2)
    assert params.weights.tolist() == again.weights.tolist()
    other = fit(design, outcome, sample=4000, seed=3)
    assert params.weights.tolist() != other.weights.tolist()


def test_separable():
    design = np.array([[0.0], [1], [2], [3], [4], [5]] * 10)
    outcome = design[:, 0] > 2
    params = fit(design, outcome)
    assert params.converged and np.isfinite(params.weights).all()
    chance = logistic.predict(params, design)
    assert (chance[outcome] > 0.5).all() and (chance[~outcome] < 0.5).all()
    # without the penalty it would be certain
    assert chance.max() < 0.999


@pytest.mark.parametrize("answer", [0, 1])
def test_all_the_same_answer(answer):
    design, _outcome = make(50)
    params = fit(design, np.full(50, answer))
    assert params.converged and np.isfinite(params.weights).all()
    chance = logistic.predict(params, design)
    assert (np.abs(chance - answer) < 0.05).all()
    assert ((chance > 0) & (chance < 1)).all()


def test_constant_input():
    design, outcome = make()
    wide = np.column_stack([design, np.full(len(design), 0.1)])
    params = fit(wide, outcome)
    assert params.weights[3] == pytest.approx(0, abs=1e-9)
    assert params.weights[:3] == pytest.approx(fit(design, outcome).weights)
    assert np.isfinite(logistic.predict(params, wide + 5)).all()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_rows(count):
    design, outcome = make(count)
    params = fit(design, outcome)
    assert params.converged and np.isfinite(params.weights).all()
    assert np.isfinite(logistic.predict(params, design)).all()


@pytest.mark.parametrize("size", [30, 50, 100, 300])
def test_few_customers(size):
    random = np.random.default_rng(size)
    design = logistic.features2(get_cdnow())
    outcome = random.random(len(design)) < expit(design[:, 0] - 4)
    for _ in range(200):
        chosen = random.choice(len(design), size, replace=False)
        params = fit(design[chosen], outcome[chosen])
        assert params.converged and np.isfinite(params.weights).all()


@pytest.mark.parametrize("name", ODD)
def test_odd(name):
    design = logistic.features2(ODD[name])
    assert np.isfinite(design).all()
    params = fit(design, np.arange(len(design)) % 3 == 0)
    assert params.converged and np.isfinite(params.weights).all()


def test_features2():
    found = logistic.features2(
        make_customers([1, 8], [100, 200], [100, 290], as_of=300)
    )
    assert found == pytest.approx(np.log([[201, 1], [11, 8]]))
    assert len(logistic.FEATURES2) == found.shape[1]


# -- averages ------------------------------------------------------------------


def test_average():
    one, other = np.array([0.1, 0.5, 0.3]), np.array([0.9, 0.5, 0.6])
    wanted = expit((np.log(0.3 / 0.7) + np.log(0.6 / 0.4)) / 2)
    assert averages.avg2(one, other) == pytest.approx([0.5, 0.5, wanted])
    third = np.array([0.2, 0.4, 0.9])
    logits = np.log(third / (1 - third))
    for other_one in (one, other, one):
        logits = logits + np.log(other_one / (1 - other_one))
    assert averages.avg4(third, one, other, one) == pytest.approx(expit(logits / 4))


def test_average_of_certainties():
    sure = np.array([0.0, 1.0, 1e-300, 0.0])
    found = averages.avg2(sure, np.array([0.0, 1.0, 0.5, 1.0]))
    assert ((found > 0) & (found < 1)).all()
    assert found[3] == pytest.approx(0.5)
    assert averages.logit(expit(np.array([-3.0, 2.0]))) == pytest.approx([-3.0, 2.0])
