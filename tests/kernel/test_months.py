from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring import months

DAYS = st.dates(date(1980, 1, 1), date(2100, 1, 1))


@given(DAYS)
def test_last_month_end_is_the_latest_before(day):
    end = months.last_month_end(day)
    assert end < day
    assert (end + timedelta(days=1)).day == 1
    assert (day - end).days <= 31


@given(DAYS, st.integers(0, 120))
def test_month_ends_follow_each_other(day, count):
    ends = months.month_ends(day, count)
    assert len(ends) == count
    for before, after in pairwise(ends):
        assert months.previous_month_end(after) == before
    if ends:
        assert (ends[-1].year, ends[-1].month) == (day.year, day.month)
        assert (ends[-1] + timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 60), st.integers(0, 60))
def test_months_after_goes_on_where_it_stopped(day, count, done):
    ends = months.month_ends(day, count)
    done = min(done, count - 1)
    assert months.months_after(ends[done], ends[-1]) == ends[done + 1 :]
