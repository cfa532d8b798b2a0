"""Shapley parts: they add up, are fair, and follow the definition."""

from itertools import permutations

import numpy as np
import pytest
from churn_scoring_scoring import explain as explaining
from churn_scoring_scoring.btyd import BtydParams
from churn_scoring_scoring.customers import Customers
from churn_scoring_scoring.explain import explain
from churn_scoring_scoring.gamma_gamma import GammaGammaParams
from churn_scoring_scoring.logistic import LogisticParams
from churn_scoring_scoring.model import Baseline, TrainedModel
from churn_scoring_scoring.score import score
from hypothesis import given, settings
from hypothesis import strategies as st

AS_OF = 10_000
MODEL = TrainedModel(
    as_of=AS_OF,
    horizon=90,
    rung=2,
    median_gap=30.0,
    baseline=Baseline(recency=60, orders=2, age=300),
    mbg=BtydParams("mbg", 0.6, 8.3, 0.5, 1.0),
    gamma_gamma=GammaGammaParams(6.25, 3.74, 15.44),
    logistic2=LogisticParams(
        ("log_recency", "log_orders"),
        np.array([4.0, 0.5]),
        np.array([1.2, 0.7]),
        np.array([0.8, 0.9, -0.7]),
    ),
)
# recency, further age, orders: with one order the last is the first
CUSTOMERS = st.lists(
    st.tuples(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 300)).map(
        lambda c: (c[0], 0, 1) if c[2] == 1 or c[1] == 0 else c
    ),
    min_size=1,
    max_size=30,
)


def make(rows):
    recency, more, orders = np.array(rows, dtype=np.int64).T
    return Customers(
        ids=np.arange(len(rows)),
        orders=orders,
        first=AS_OF - recency - more,
        last=AS_OF - recency,
        value=np.full(len(rows), 20.0),
        as_of=AS_OF,
    )


@settings(deadline=None, max_examples=15)
@given(CUSTOMERS, st.floats(-5, 5))
def test_parts_add_up_to_the_score(rows, offset):
    customers = make(rows)
    offsets = np.full(len(rows), offset)
    model = TrainedModel(**{**MODEL.__dict__, "rung": 3, "logistic16": MODEL.logistic2})
    for parts, scored in (
        (explain(MODEL, customers), score(MODEL, customers)),
        (
            explain(model, customers, offsets),
            score(model, customers, offset=offsets),
        ),
    ):
        total = sum(parts.values())
        probability = scored["churn_probability"]
        logit = np.log(probability) - np.log1p(-probability)
        assert total == pytest.approx(scored["churn_logit"], abs=1e-9)
        assert total == pytest.approx(logit, abs=1e-9)


def test_parts_are_the_mean_over_all_orders():
    customers = make([(200, 500, 7), (10, 0, 1)])
    parts = explain(MODEL, customers)
    own = np.array([[200, 10], [7, 1], [700, 10]])
    middle = np.array([60, 2, 300])
    for row in range(2):
        expected = np.zeros(3)
        for order in permutations(range(3)):
            inputs = middle.copy()
            before = _logit(inputs)
            for place in order:
                inputs[place] = own[place, row]
                after = _logit(inputs)
                expected[place] += (after - before) / 6
                before = after
        found = [parts[name][row] for name in explaining.INPUTS]
        assert found == pytest.approx(expected, abs=1e-12)


def _logit(inputs):
    return explaining._evaluate(MODEL, AS_OF, *inputs[:, None])[0]


def test_the_middle_customer_needs_no_explanation():
    parts = explain(MODEL, make([(60, 240, 2)]))
    for name in (*explaining.INPUTS, "rest"):
        assert parts[name][0] == pytest.approx(0, abs=1e-12)


def test_parts_point_the_right_way():
    parts = explain(MODEL, make([(400, 240, 2), (60, 240, 9), (5, 240, 2)]))
    assert parts["recency"][0] > 0 > parts["recency"][2]
    assert parts["orders"][1] < 0


def test_no_parts_without_a_model():
    parts = explain(TrainedModel(AS_OF, 90), make([(5, 5, 2)]))
    assert all(np.isnan(values).all() for values in parts.values())


def test_blocks_do_not_show(monkeypatch):
    customers = make([(i, 3 * i, 2 + i) for i in range(1, 25)])
    whole = explain(MODEL, customers)
    monkeypatch.setattr(explaining, "BLOCK", 7)
    for name, values in explain(MODEL, customers).items():
        assert values.tolist() == whole[name].tolist()
