"""Leaving with something and without it, among customers who buy as often."""

import pytest
from churn_scoring_scoring.comparison import Comparison, compare


def test_one_class_is_the_plain_comparison():
    found = compare([(20, 15, 80, 20)])
    assert (found.count, found.left) == (20, 15)
    assert found.expected == pytest.approx(5)
    # by hand: 15 - 20 * 35 / 100, and its hypergeometric variance
    variance = 20 * 80 * 35 * 65 / (100**2 * 99)
    assert found.deviation == pytest.approx(8 / variance**0.5)


def test_who_buys_often_has_it_more_often():
    """Set beside all others it looks as if it kept customers; it loses them."""
    rows = [(10, 9, 200, 140), (90, 18, 50, 4)]
    had, left, without, without_left = map(sum, zip(*rows, strict=True))
    assert left / had < without_left / without
    found = compare(rows)
    assert found.expected == pytest.approx(10 * 0.7 + 90 * 0.08)
    assert found.deviation > 1.96


@pytest.mark.parametrize(
    "rows",
    [[], [(0, 0, 50, 20)], [(50, 20, 0, 0)], [(5, 5, 0, 0), (0, 0, 5, 5)]],
)
def test_nobody_to_be_set_beside(rows):
    assert compare(rows) == Comparison(0, 0, 0.0, 0.0)


@pytest.mark.parametrize("left", [0, 1])
def test_all_left_or_none(left):
    found = compare([(1, left, 1, left), (20, 20 * left, 20, 20 * left)])
    assert found.deviation == 0
    assert found.expected == pytest.approx(21 * left)
