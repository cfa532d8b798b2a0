import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring.rhythm import (
    NO_DAY,
    RhythmRules,
    find_lapse_days,
    score_rhythm,
)

EPOCH = date(1970, 1, 1)
# order days of customers, as days since the epoch; none: never bought
CUSTOMERS = st.lists(st.sets(st.integers(15_000, 21_000), max_size=8), max_size=12)
RULES = st.builds(
    RhythmRules,
    st.floats(1, 400, allow_nan=False).map(lambda gap: round(gap * 2) / 2),
    st.integers(1, 1500),
)


def score(customers, rules):
    """Of customers given by the days of their orders."""
    result = score_rhythm(
        np.array([min(days, default=NO_DAY) for days in customers], dtype=np.int64),
        np.array([max(days, default=NO_DAY) for days in customers], dtype=np.int64),
        np.array([len(days) for days in customers], dtype=np.int64),
        rules,
    )
    return [
        {name: values[position].item() for name, values in result.items()}
        for position in range(len(customers))
    ]


def one(rules, *days):
    """One customer, dates in and out."""
    [result] = score([{(day - EPOCH).days for day in days}], rules)
    return {
        name: value if name == "gap_days" else EPOCH + timedelta(days=value)
        for name, value in result.items()
    }


def test_personal_gap():
    # 2026-01-01, 01-21, 02-10: every 20 days
    result = one(
        RhythmRules(60, 365), date(2026, 1, 1), date(2026, 1, 21), date(2026, 2, 10)
    )
    assert result == {
        "gap_days": 20,
        "next_order_day": date(2026, 3, 2),
        "at_risk_day": date(2026, 3, 12),
        "lapse_day": date(2027, 2, 10),
    }


def test_mean_of_uneven_gaps_is_rounded_up():
    # 10 and 11 days: 10.5 on average, the date after 11; 15.75, after 16
    result = one(
        RhythmRules(60, 365), date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 22)
    )
    assert result["gap_days"] == 10.5
    assert result["next_order_day"] == date(2026, 2, 2)
    assert result["at_risk_day"] == date(2026, 2, 7)


def test_company_gap_while_the_own_one_is_unknown():
    result = one(RhythmRules(30, 365), date(2026, 1, 1))
    assert math.isnan(result["gap_days"])
    assert result["next_order_day"] == date(2026, 1, 31)
    assert result["at_risk_day"] == date(2026, 3, 2)  # twice 30 days
    assert result["lapse_day"] == date(2027, 1, 1)


def test_slow_customer_is_at_risk_before_lapsing():
    # every 300 days: at risk after 450, so not lapsed after 90
    result = one(RhythmRules(30, 90), date(2025, 1, 1), date(2025, 10, 28))
    assert result["at_risk_day"] == result["lapse_day"] == date(2027, 1, 21)


def test_leap_days():
    result = one(RhythmRules(30, 366), date(2024, 1, 30), date(2024, 2, 29))
    assert result["gap_days"] == 30
    assert result["next_order_day"] == date(2024, 3, 30)
    assert result["lapse_day"] == date(2025, 3, 1)
    # 28 February to 1 March: two days in a leap year, one in another
    leap = one(RhythmRules(), date(2024, 2, 28), date(2024, 3, 1))
    other = one(RhythmRules(), date(2025, 2, 28), date(2025, 3, 1))
    assert (leap["gap_days"], other["gap_days"]) == (2, 1)


def test_never_bought():
    [result] = score([set()], RhythmRules())
    assert math.isnan(result.pop("gap_days"))
    assert set(result.values()) == {NO_DAY}


def test_nobody():
    assert score([], RhythmRules()) == []


@given(CUSTOMERS, RULES)
def test_by_definition(customers, rules):
    for days, result in zip(customers, score(customers, rules), strict=True):
        if not days:
            continue
        last = max(days)
        if len(days) > 1:
            gap = (last - min(days)) / (len(days) - 1)
            assert result["gap_days"] == pytest.approx(gap)
            late = 1.5 * gap
        else:
            assert math.isnan(result["gap_days"])
            gap, late = rules.gap_days, 2 * rules.gap_days
        # a thousandth of a day is not worth a day
        assert result["next_order_day"] == last + max(1, math.ceil(gap - 0.001))
        assert result["at_risk_day"] == last + max(1, math.ceil(late - 0.001))
        assert result["lapse_day"] == max(
            last + rules.lapse_days, result["at_risk_day"]
        )


@given(CUSTOMERS, RULES)
def test_dates_follow_each_other(customers, rules):
    for days, result in zip(customers, score(customers, rules), strict=True):
        if days:
            assert (
                max(days)
                < result["next_order_day"]
                <= result["at_risk_day"]
                <= result["lapse_day"]
            )


@given(CUSTOMERS, RULES, st.integers(-2000, 2000))
def test_moves_with_the_calendar(customers, rules, shift):
    moved = [{day + shift for day in days} for days in customers]
    for before, after in zip(score(customers, rules), score(moved, rules), strict=True):
        for name in ("next_order_day", "at_risk_day", "lapse_day"):
            never = before[name] == NO_DAY
            assert after[name] == (NO_DAY if never else before[name] + shift)


@pytest.mark.parametrize(
    ("quantile", "days"),
    [
        (None, 365),
        (math.nan, 365),
        (math.inf, 365),
        (0, 90),
        (90, 90),
        (90.1, 91),
        (1095, 1095),
        (5000, 1095),
    ],
)
def test_lapse_period(quantile, days):
    assert find_lapse_days(quantile) == days
