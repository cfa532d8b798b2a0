"""Relative dates.  That they mean what Odoo means is tested inside Odoo."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring.relative_dates import is_relative, resolve_date

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
WEEKDAYS = [
    f"{day}day" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
]


@pytest.mark.parametrize(
    ("text", "as_of", "expected"),
    [
        ("today", date(2026, 6, 15), date(2026, 6, 15)),
        ("now", date(2026, 6, 15), date(2026, 6, 15)),
        ("-1d", date(2026, 1, 1), date(2025, 12, 31)),
        ("today +2w", date(2026, 12, 25), date(2027, 1, 8)),
        # months and years end where the shorter one ends
        ("today -1m", date(2026, 3, 31), date(2026, 2, 28)),
        ("today -1m", date(2024, 3, 31), date(2024, 2, 29)),
        ("today -1y", date(2024, 2, 29), date(2023, 2, 28)),
        ("today +4y", date(2024, 2, 29), date(2028, 2, 29)),
        ("today -1d", date(2024, 3, 1), date(2024, 2, 29)),
        # step by step, from left to right
        ("today -1m +1m", date(2026, 3, 31), date(2026, 3, 28)),
        ("today =1d", date(2026, 6, 15), date(2026, 6, 1)),
        ("today =31d", date(2026, 2, 10), date(2026, 2, 28)),
        # setting a month or a year keeps the day
        ("today =2m", date(2026, 6, 30), date(2026, 2, 28)),
        ("today =2020y", date(2026, 6, 15), date(2020, 6, 15)),
        ("today =1m =1d", date(2026, 6, 15), date(2026, 1, 1)),
        # 2026-06-15 is a Monday
        ("=monday", date(2026, 6, 15), date(2026, 6, 15)),
        ("+monday", date(2026, 6, 16), date(2026, 6, 22)),
        ("-monday", date(2026, 6, 16), date(2026, 6, 15)),
        ("-sunday", date(2026, 6, 15), date(2026, 6, 14)),
        ("=sunday", date(2026, 6, 15), date(2026, 6, 21)),
        ("=week_start", date(2026, 6, 18), date(2026, 6, 15)),
    ],
)
def test_days(text, as_of, expected):
    assert resolve_date(text, as_of) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=week_start", date(2026, 6, 14)),
        ("=sunday", date(2026, 6, 14)),
        ("=saturday", date(2026, 6, 20)),
    ],
)
def test_week_that_starts_on_sunday(text, expected):
    assert resolve_date(text, date(2026, 6, 15), week_start=6) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "yesterday",
        "today 30d",
        "today -d",
        "today -3x",
        "today -3H",
        "today -1.5d",
        "today =2w",
        "today =13m",
        "today - 3d",
        "today -friyay",
        "today today",
        "today -999999999d",
        "today -99999y",
    ],
)
def test_no_date(text):
    with pytest.raises(ValueError) as caught:
        resolve_date(text, date(2026, 6, 15))
    # names what is wrong
    assert str(caught.value) in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("today", True),
        ("-3d", True),
        ("=monday", True),
        ("2026-06-15", False),
        ("2026-06-15 12:00:00", False),
        ("", False),
        (False, False),
        (None, False),
        (date(2026, 6, 15), False),
    ],
)
def test_is_relative(value, expected):
    assert is_relative(value) is expected


@given(DAYS, st.integers(0, 5000))
def test_days_and_weeks_are_exact(day, number):
    assert resolve_date(f"today -{number}d", day) == day - timedelta(days=number)
    assert resolve_date(f"today +{number}w", day) == day + timedelta(weeks=number)


@given(DAYS, st.sampled_from(range(7)), st.integers(0, 6))
def test_weekdays(day, weekday, week_start):
    name = WEEKDAYS[weekday]
    after = resolve_date(f"+{name}", day, week_start)
    before = resolve_date(f"-{name}", day, week_start)
    within = resolve_date(f"={name}", day, week_start)
    first = resolve_date("=week_start", day, week_start)
    assert {d.weekday() for d in (after, before, within)} == {weekday}
    assert timedelta(0) <= after - day < timedelta(7)
    assert timedelta(0) <= day - before < timedelta(7)
    assert first.weekday() == week_start
    assert timedelta(0) <= day - first < timedelta(7)
    assert timedelta(0) <= within - first < timedelta(7)
