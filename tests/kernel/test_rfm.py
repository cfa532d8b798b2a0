from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring.rfm import (
    RfmRules,
    RfmScale,
    ScaleRule,
    find_edges,
    learn_scale,
    score_by_bands,
    score_by_rank,
    score_by_scale,
    score_rfm,
)

AMOUNTS = st.floats(-1e9, 1e9, allow_nan=False)
# few different values: many ties
TIED = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=60)
ANY = st.one_of(TIED, st.lists(AMOUNTS, min_size=1, max_size=60))
# neighbours among floats, the smallest and the largest, minus zero
FINITE = st.lists(
    st.one_of(
        st.sampled_from((1.0, 1.0 + 2**-52, 0.0, -0.0, 5e-324, -1e13, 1.79e308)),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    min_size=1,
    max_size=60,
)
CUSTOMERS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 12), st.integers(-50, 500)),
    min_size=1,
    max_size=50,
)
BY_RANK = RfmRules(frequency=ScaleRule("quantile"))


def by_definition(values):
    """ceil(5 * average rank / n), in fractions."""
    ranks = pd.Series(values).rank(method="average")
    return [ceil(5 * Fraction(rank) / len(values)) for rank in ranks]


@given(ANY)
def test_definition(values):
    assert score_by_rank(np.array(values)).tolist() == by_definition(values)


@pytest.mark.parametrize("count", [5, 7, 10, 97, 1000, 12_345])
def test_definition_at_every_border(count):
    values = np.arange(count)
    assert score_by_rank(values).tolist() == [
        ceil(Fraction(5 * (place + 1), count)) for place in range(count)
    ]


@given(ANY)
def test_equal_customers_are_never_split(values):
    scores = score_by_rank(np.array(values))
    assert pd.DataFrame({"v": values, "s": scores}).groupby("v").s.nunique().max() == 1


@given(ANY)
def test_more_is_never_worse(values):
    scores = score_by_rank(np.array(values))
    assert (np.diff(scores[np.argsort(values, kind="stable")]) >= 0).all()


@given(ANY, st.randoms(use_true_random=False))
def test_order_of_customers_does_not_matter(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    values = np.array(values)
    assert (score_by_rank(values[order]) == score_by_rank(values)[order]).all()


@given(TIED)
def test_unit_does_not_matter(values):
    values = np.array(values)
    assert (score_by_rank(values) == score_by_rank(values * 7 + 3)).all()


@given(st.lists(AMOUNTS, min_size=1, max_size=80, unique=True))
def test_without_ties_the_groups_are_of_one_size(values):
    sizes = np.bincount(score_by_rank(np.array(values)), minlength=6)[1:]
    assert sizes.sum() == len(values)
    assert sizes.max() - sizes.min() <= 1


@given(ANY)
def test_range_and_type(values):
    scores = score_by_rank(np.array(values))
    assert scores.dtype == np.int16
    assert scores.min() >= 1
    assert scores.max() <= 5


@pytest.mark.parametrize(
    ("count", "score"), [(1, 5), (2, 4), (4, 4), (5, 3), (6, 3), (1000, 3)]
)
def test_all_equal(count, score):
    # the middle, as far as so few have one
    assert score_by_rank(np.full(count, 42.0)).tolist() == [score] * count


def test_nobody():
    assert score_by_rank(np.array([])).tolist() == []
    empty = np.array([], dtype=int)
    assert [len(s) for s in score_rfm(empty, empty, empty, RfmRules())] == [0, 0, 0]


def test_half_of_all_bought_once():
    # what NTILE gets wrong: 60 equal customers among 100
    scores = score_by_rank(np.array([1.0] * 60 + list(range(2, 42))))
    assert set(scores[:60]) == {2}  # their average rank is 30.5
    assert scores[-1] == 5


@pytest.mark.parametrize(
    ("value", "score"),
    [(1.99, 1), (2, 2), (2.01, 2), (3, 3), (5, 4), (9.99, 4), (10, 5), (1e9, 5)],
)
def test_bands_at_their_borders(value, score):
    assert score_by_bands(np.array([value]), (2, 3, 5, 10)).tolist() == [score]


def test_default_frequency_is_fixed():
    orders = np.array([1, 1, 1, 2, 3, 4, 5, 9, 10, 300])
    _r, frequency, _m = score_rfm(orders, orders, orders, RfmRules())
    assert frequency.tolist() == [1, 1, 1, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize(
    ("days", "score"),
    [
        (0, 5),
        (30, 5),
        (31, 4),
        (90, 4),
        (91, 3),
        (180, 3),
        (181, 2),
        (365, 2),
        (366, 1),
    ],
)
def test_recency_bands_are_upper_bounds(days, score):
    rules = RfmRules(recency=ScaleRule("bands", (30, 90, 180, 365)))
    recency, _f, _m = score_rfm(np.array([days]), np.ones(1), np.ones(1), rules)
    assert recency.tolist() == [score]


def test_fewer_days_are_better():
    days = np.array([400, 3, 50, 0, 120])
    recency, _f, _m = score_rfm(days, np.ones(5), np.ones(5), RfmRules())
    assert recency.tolist() == [1, 4, 3, 5, 2]


def test_each_scale_by_its_own_rule():
    days, orders, revenue = (np.array(v) for v in ([9, 1], [1, 2], [-5.0, 99.0]))
    rules = RfmRules(
        recency=ScaleRule("bands", (1, 2, 3, 4)),
        frequency=ScaleRule("quantile"),
        monetary=ScaleRule("bands", (-10, 0, 50, 100)),
    )
    assert [score.tolist() for score in score_rfm(days, orders, revenue, rules)] == [
        [1, 5],
        [3, 5],
        [2, 4],
    ]


@given(CUSTOMERS)
def test_whole_customers_that_are_equal_get_equal_codes(customers):
    scores = zip(
        *score_rfm(*(np.array(v) for v in zip(*customers, strict=True)), RfmRules()),
        strict=True,
    )
    seen = {}
    for customer, code in zip(customers, scores, strict=True):
        assert seen.setdefault(customer, code) == code


# -- scales that are learned once, and score one customer alone ------------------


@given(st.one_of(ANY, FINITE))
def test_edges_are_the_definition_for_any_floats(values):
    edges = find_edges(np.array(values))
    assert len(edges) == 4
    assert list(edges) == sorted(edges)
    scores = by_definition(values)
    assert score_by_bands(np.array(values), edges).tolist() == scores
    for score, edge in zip(range(2, 6), edges, strict=True):
        # the least value that reaches the score, infinite where none does
        reached = [v for v, s in zip(values, scores, strict=True) if s >= score]
        assert edge == min(reached, default=np.inf)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 40))
def test_edges_where_all_are_equal(value, count):
    [score] = set(by_definition([value] * count))
    edges = find_edges(np.full(count, value))
    assert edges == (value,) * (score - 1) + (np.inf,) * (5 - score)


@given(st.integers(1, 30), st.integers(1, 30))
def test_edges_of_two_values(low, high):
    values = [-2.0] * low + [3.0] * high
    assert set(find_edges(np.array(values))) <= {-2, 3, np.inf}
    assert score_by_rank(np.array(values)).tolist() == by_definition(values)


def test_edges_nobody_reached():
    assert find_edges(np.array([])) == (np.inf,) * 4
    # nor does anybody who comes later, however much they buy
    most = np.array([np.finfo(float).max])
    assert score_by_bands(most, find_edges(np.array([]))).tolist() == [1]
    assert score_by_bands(most, find_edges(np.full(4, 7.0))).tolist() == [4]


@given(CUSTOMERS)
def test_learned_scale_is_the_rank(customers):
    days, orders, revenue = (np.array(v) for v in zip(*customers, strict=True))
    scale = learn_scale(days, orders, revenue, BY_RANK)
    found = score_by_scale(days, orders, revenue, scale)
    for scores, values in zip(found, (-days, orders, revenue), strict=True):
        assert scores.dtype == np.int16
        assert scores.tolist() == score_by_rank(values.astype(float)).tolist()


@given(CUSTOMERS, st.sampled_from((RfmRules(), BY_RANK)))
def test_one_alone_is_as_among_all(customers, rules):
    values = tuple(np.array(v) for v in zip(*customers, strict=True))
    scale = learn_scale(*values, rules)
    among_all = score_rfm(*values, rules)
    for place in range(len(customers)):
        alone = score_by_scale(*(v[place : place + 1] for v in values), scale)
        assert [s.tolist() for s in alone] == [[s[place]] for s in among_all]


def test_scale_of_thousands():
    random = np.random.default_rng(5)
    days, orders = random.integers(0, 700, 5000), random.integers(1, 9, 5000)
    revenue = np.round(random.lognormal(5, 2, 5000), 2)
    scale = learn_scale(days, orders, revenue, BY_RANK)
    assert [s.tolist() for s in score_by_scale(days, orders, revenue, scale)] == [
        by_definition((-days).tolist()),
        by_definition(orders.tolist()),
        by_definition(revenue.tolist()),
    ]


def test_a_scale_scores_who_was_not_there():
    ten = np.arange(10) * 10.0
    scale = learn_scale(ten, ten, ten, BY_RANK)
    assert scale == RfmScale(
        (-70.0, -50.0, -30.0, -10.0), (20.0, 40.0, 60.0, 80.0), (20.0, 40.0, 60.0, 80.0)
    )
    # better than all, between two, worse than all
    found = score_by_scale(
        np.array([-1, 49, 900]), np.array([99, 39, 0]), np.array([99, 40, -5]), scale
    )
    assert [s.tolist() for s in found] == [[5, 3, 1], [5, 2, 1], [5, 3, 1]]


def test_fixed_bands_are_not_learned():
    rules = RfmRules(
        ScaleRule("bands", (30, 90, 180, 365)),
        monetary=ScaleRule("bands", (1, 2, 3, 4)),
    )
    expected = RfmScale((-365, -180, -90, -30), (2, 3, 5, 10), (1, 2, 3, 4))
    for days in (np.array([]), np.array([5, 5000])):
        assert learn_scale(days, days, days, rules) == expected


def test_scale_learned_of_nobody():
    nobody = np.array([])
    scale = learn_scale(nobody, nobody, nobody, BY_RANK)
    found = score_by_scale(np.array([0]), np.array([9]), np.array([1e13]), scale)
    assert [s.tolist() for s in found] == [[1], [1], [1]]
    assert [len(s) for s in score_by_scale(nobody, nobody, nobody, scale)] == [0] * 3
