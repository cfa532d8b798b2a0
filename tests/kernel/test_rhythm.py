import math
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring.days import day_number
from lifecycle_crm_scoring.rhythm import (
    NO_DAY,
    RhythmRules,
    find_lapse_days,
    find_patience_days,
    learn_rhythm,
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


# -- learning --------------------------------------------------------------------

GAPS = st.lists(st.one_of(st.integers(1, 5), st.integers(1, 3000)), max_size=90)


def quantile(gaps, share):
    """In fractions, between the two nearest where it falls between two."""
    place = share * (len(gaps) - 1)
    low = sorted(gaps)[math.floor(place)]
    high = sorted(gaps)[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


@given(GAPS, st.none() | st.integers(1, 2000))
def test_learned_by_definition(gaps, lapse_days):
    rhythm = learn_rhythm(np.array(gaps, dtype=np.int32), lapse_days)
    if len(gaps) < 20:
        assert rhythm == RhythmRules(60.0, lapse_days or 365)
        return
    late = math.ceil(quantile(gaps, Fraction(95, 100)))
    assert rhythm.gap_days == quantile(gaps, Fraction(1, 2))
    assert rhythm.lapse_days == (lapse_days or min(max(late, 90), 1095))


def test_whole_quantile_is_not_rounded_up():
    # a twentieth of the way from 100 to 120: floats miss the 101 by a hair
    gaps = [50] * 18 + [100, 120]
    assert quantile(gaps, Fraction(95, 100)) == 101
    assert learn_rhythm(np.array(gaps)).lapse_days == 101


@pytest.mark.parametrize("count", [0, 1, 19])
def test_few_gaps_teach_nothing(count):
    gaps = np.full(count, 7, dtype=np.int32)
    assert learn_rhythm(gaps) == RhythmRules(60.0, 365)
    assert learn_rhythm(gaps, 100) == RhythmRules(60.0, 100)


def test_enough_gaps():
    assert learn_rhythm(np.full(20, 7)) == RhythmRules(7.0, 90)
    assert learn_rhythm(np.full(20, 400)) == RhythmRules(400.0, 400)
    assert learn_rhythm(np.full(20, 4000)) == RhythmRules(4000.0, 1095)
    assert learn_rhythm(np.full(20, 400), 5) == RhythmRules(400.0, 5)


def test_order_of_gaps_does_not_matter():
    gaps = np.random.default_rng(1).integers(1, 500, 3000).astype(np.int32)
    given_ = gaps.tolist()
    assert learn_rhythm(gaps) == learn_rhythm(np.sort(gaps)[::-1])
    assert gaps.tolist() == given_


# -- patience --------------------------------------------------------------------


@given(CUSTOMERS, RULES)
def test_patience_is_what_the_profile_says(customers, rules):
    customers = [days for days in customers if days]
    first, last, count = (
        np.array([function(days) for days in customers], dtype=np.int64)
        for function in (min, max, len)
    )
    patience = find_patience_days(first, last, count, rules)
    assert patience.dtype.kind == "i"
    found = [row["at_risk_day"] for row in score(customers, rules)]
    assert (last + patience).tolist() == found


def test_patience_is_a_day_at_least():
    one, two = np.array([1]), np.array([2])
    assert find_patience_days(one, one, one, RhythmRules(0.1, 1)).tolist() == [1]
    assert find_patience_days(one, two, two, RhythmRules()).tolist() == [2]


def test_before_1970():
    [before] = score([{-500, -480, -460}], RhythmRules(30, 90))
    assert before == {
        "gap_days": 20,
        "next_order_day": -440,
        "at_risk_day": -430,
        "lapse_day": -370,
    }
    # one that is on the day zero: no "never"
    [zero] = score([{0}], RhythmRules(30, 90))
    assert zero["at_risk_day"] == 60


# -- days ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(1970, 1, 1), 0),
        (date(1969, 12, 31), -1),
        (date(2024, 2, 29), 19_782),
        (date(1, 1, 1), -719_162),
    ],
)
def test_day_number(day, number):
    assert day_number(day) == number


@given(st.dates())
def test_day_number_is_what_numpy_and_postgresql_count(day):
    assert day_number(day) == np.datetime64(day, "D").astype(int)
    assert EPOCH + timedelta(days=day_number(day)) == day
