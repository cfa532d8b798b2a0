"""Returns and lots, for any sequence of what may happen."""

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from loyalty_program_scoring.lots import add_months, get_remaining
from loyalty_program_scoring.returns import Trade, points_due, settle

cents = st.integers(0, 10**7).map(lambda number: number / 100)
shares = st.floats(0, 1)


@given(given=cents, steps=st.lists(st.tuples(shares, cents), max_size=12))
def test_never_more_than_was_given(given, steps):
    """Shares go up and down, balances come and go: the sums stay in bounds."""
    taken = missed = 0.0
    for share, balance in steps:
        due = points_due(given, share)
        assert 0 <= due <= given
        step = settle(due, taken, missed, balance)
        assert step.take <= balance + 1e-9
        taken, missed = round(taken + step.take, 6), round(missed + step.miss, 6)
        assert taken + missed == pytest.approx(due, abs=1e-5)
        assert -1e-6 <= taken <= given + 1e-6
        assert -1e-6 <= missed <= given + 1e-6
        # the same again changes nothing
        again = settle(due, taken, missed, balance)
        assert again.take == pytest.approx(0, abs=1e-5)
        assert again.miss == pytest.approx(0, abs=1e-5)


@given(given=cents, share=shares)
def test_all_of_it_where_all_came_back_and_no_cent_more_otherwise(given, share):
    assert points_due(given, 1) == given
    assert points_due(given, share) <= given * share + 1e-6
    assert points_due(given, share) > given * share - 0.0101 or share == 1


@given(given=cents, share=shares, expired=cents)
def test_what_expired_is_not_asked_for(given, share, expired):
    due = points_due(given, share, min(expired, given))
    assert due <= round(given - min(expired, given), 6) + 1e-9


@given(
    base=st.integers(1, 10**6),
    refunds=st.lists(st.integers(0, 10**6), max_size=6),
    again=st.integers(0, 10**6),
)
def test_share_of_a_purchase_that_came_back(base, refunds, again):
    refunded = sum(refunds)
    share = Trade(base, base + again, refunded).returned_share
    assert 0 <= share <= 1
    assert share == pytest.approx(min(1, max(0, refunded - again) / base))
    # credited before the points were recorded, and invoiced again since
    before = Trade(base, base + again, refunded, refunded_before=again)
    assert before.returned_share == pytest.approx(min(1, refunded / base))


@given(lots=st.lists(st.integers(0, 1000), max_size=8), spent=st.integers(0, 3000))
def test_oldest_are_spent_first_point_by_point(lots, spent):
    naive = [number for number, points in enumerate(lots) for _point in range(points)]
    naive = naive[spent:]
    expected = [naive.count(number) for number in range(len(lots))]
    assert get_remaining(lots, spent) == expected


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), months=st.integers(0, 600))
def test_months_as_the_calendar_counts_them(day, months):
    assert add_months(day, months) == day + relativedelta(months=months)
