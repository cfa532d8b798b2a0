"""Tiers in arrays, and the same member by member in plain Python."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loyalty_program_scoring import periods
from loyalty_program_scoring.periods import NO_DAY, Period
from loyalty_program_scoring.qualification import Purchases, find_levels
from loyalty_program_scoring.standing import (
    BOUGHT,
    EXPIRED,
    KEPT,
    RETURNED,
    Rules,
    Standing,
    assess,
    begin,
    count_to_keep,
)

# shared with the tests of the addon, which need Odoo: loaded by itself
_NAIVE = Path(__file__).resolve().parents[2] / "addons/loyalty_program/tests"
_spec = importlib.util.spec_from_file_location("naive", _NAIVE / "naive_tiers.py")
naive_tiers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(naive_tiers)

EPOCH = date(1970, 1, 1)
THRESHOLDS = [0, 100, 250, 600]
KINDS = ("rolling", "calendar", "anniversary", "lifetime")


def number(day):
    return NO_DAY if day is None else (day - EPOCH).days


def ints(*values):
    return np.array(values, dtype="int64")


class Club:
    """Members 0, 1, … who are looked at together, as the engine does it."""

    def __init__(self, rules, joined):
        self.rules, self.joined = rules, ints(*map(number, joined))
        self.ids = np.arange(len(joined))
        self.standing = Standing.nothing(len(joined))

    def look(self, day, trades, allowed=None):
        """:param trades: a list of (day, amount) for each member"""
        today = number(day)
        rows = [
            (member, number(when), amount)
            for member, own in enumerate(trades)
            for when, amount in own
            if when <= day
        ]
        bought = Purchases.sort(*np.array(rows, dtype="int64").reshape(-1, 3).T)
        start = self.rules.period.window_start(today, self.joined)

        def read(rows, first, last):
            return bought.sum(self.ids[rows], first, last)

        counted = bought.sum(self.ids, start, today)
        self.standing, why = assess(
            self.standing, self.rules, today, self.joined, counted, read, allowed
        )
        return why


def single(kind="rolling", months=12, grace=0, one_step=True, joined=date(2024, 3, 1)):
    thresholds = ints(*THRESHOLDS)
    return Club(Rules(thresholds, Period(kind, months), grace, one_step), [joined])


# -- against the naive recomputation ------------------------------------------------


@st.composite
def careers(draw):
    """Rules, and members with their purchases and returns over three years."""
    first = date(2023, 2, 20)
    days = st.integers(0, 1100).map(lambda n: first + timedelta(days=n))
    amounts = st.one_of(
        st.integers(-300, 700), st.sampled_from([99, 100, 101, 250, 600, -100])
    )
    members = draw(
        st.lists(
            st.lists(st.tuples(days, amounts), max_size=12), min_size=1, max_size=5
        )
    )
    joined = [
        min((day for day, _amount in own), default=first + timedelta(days=9))
        for own in members
    ]
    looks = draw(st.lists(days, min_size=1, max_size=25, unique=True))
    # what was cancelled disappears, whenever it was bought
    cancelled = draw(st.lists(st.tuples(days, st.integers(0, 4)), max_size=4))
    return {
        "kind": draw(st.sampled_from(KINDS)),
        "months": draw(st.sampled_from([1, 3, 12, 18])),
        "grace": draw(st.sampled_from([0, 1, 30])),
        "one_step": draw(st.booleans()),
        "thresholds": draw(st.sampled_from([THRESHOLDS, [100, 250], [50]])),
        "joined": joined,
        "members": members,
        "looks": sorted(looks),
        "cancelled": dict(cancelled),
    }


@settings(deadline=None)
@given(careers())
def test_standing_is_that_of_a_naive_recomputation(career):
    rules = Rules(
        ints(*career["thresholds"]),
        Period(career["kind"], career["months"]),
        career["grace"],
        career["one_step"],
    )
    club = Club(rules, career["joined"])
    naive = [
        naive_tiers.Member(
            career["thresholds"],
            career["kind"],
            career["months"],
            career["grace"],
            career["one_step"],
            day,
        )
        for day in career["joined"]
    ]
    for day in career["looks"]:
        trades = [
            [
                trade
                for place, trade in enumerate(own)
                if not any(
                    since <= day and place == gone
                    for since, gone in career["cancelled"].items()
                )
            ]
            for own in career["members"]
        ]
        club.look(day, trades)
        for place, member in enumerate(naive):
            member.look(day, trades[place])
            needed = int(club.standing.needed[place])
            found = (
                int(club.standing.level[place]),
                int(club.standing.since[place]),
                int(club.standing.until[place]),
                int(club.standing.opens[place]),
                None if needed == KEPT else needed,
                int(club.standing.prior[place]),
            )
            assert found == (
                member.level,
                number(member.since),
                number(member.until),
                number(member.opens),
                member.needed,
                member.prior[0] if member.prior else -1,
            )


@settings(deadline=None)
@given(careers())
def test_time_alone_takes_nothing_before_the_end(career):
    """Without returns nobody falls within a period and its grace."""
    rules = Rules(
        ints(*career["thresholds"]), Period(career["kind"], career["months"]), 7
    )
    club = Club(rules, career["joined"])
    trades = [[(day, abs(a)) for day, a in own] for own in career["members"]]
    for day in career["looks"]:
        before = club.standing.clone()
        why = club.look(day, trades)
        fell = club.standing.level < before.level
        assert not (why == RETURNED).any()
        assert (before.until[fell] + 7 < number(day)).all()


# -- borders ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "level"), [(-1, 0), (0, 0), (99, 0), (100, 1), (101, 1), (10**12, 3)]
)
def test_exactly_equal_is_enough_and_one_less_is_not(amount, level):
    assert find_levels(ints(amount), ints(*THRESHOLDS)).tolist() == [level]


def test_no_tier_below_the_lowest_threshold():
    assert find_levels(ints(49, 50), ints(50)).tolist() == [-1, 0]
    assert find_levels(ints(49), ints()).tolist() == [-1]


def test_the_other_condition_leaves_the_next_lower_tier():
    allowed = np.array([[True, True, True, False], [False] * 4])
    assert find_levels(ints(700, 700), ints(*THRESHOLDS), allowed).tolist() == [2, -1]


def test_a_period_may_end_on_29_february():
    for reached in (date(2023, 8, 29), date(2023, 8, 31)):
        club = single(months=6)
        club.look(reached, [[(reached, 100)]])
        assert club.standing.until[0] == number(date(2024, 2, 29))
        club.look(date(2024, 2, 29), [[(reached, 100)]])
        assert club.standing.level[0] == 1
        # what earned the tier does not earn it again
        why = club.look(date(2024, 3, 1), [[(reached, 100)]])
        assert (club.standing.level[0], why[0]) == (0, EXPIRED)


def test_a_year_of_membership_may_end_on_29_february():
    reached = date(2023, 3, 1)
    club = single("anniversary", joined=reached)
    club.look(reached, [[(reached, 100)]])
    assert club.standing.until[0] == number(date(2025, 2, 28))
    assert club.standing.opens[0] == number(date(2024, 3, 1))
    club = single("anniversary", joined=date(2022, 3, 1))
    club.look(date(2022, 3, 1), [[(date(2022, 3, 1), 100)]])
    assert club.standing.until[0] == number(date(2024, 2, 29))


def test_who_joined_on_29_february_has_a_year_each_year():
    joined = number(date(2024, 2, 29))
    days = [periods.anniversary(joined, n) for n in range(5)]
    assert [EPOCH + timedelta(days=int(day)) for day in days] == [
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


def test_grace_is_a_last_chance_within_the_old_period():
    start = date(2024, 3, 1)
    end = date(2025, 3, 1)
    for late in (date(2025, 3, 31), date(2025, 4, 1)):
        club = single(grace=30)
        trades = [[(start, 100)]]
        club.look(start, trades)
        assert club.standing.until[0] == number(end)
        club.look(date(2025, 3, 15), trades)
        assert club.standing.level[0] == 1
        trades[0].append((late, 100))
        club.look(late, trades)
        assert club.standing.level[0] == 1
        renewed = club.standing.since[0] == number(start)
        assert renewed == (late == date(2025, 3, 31))
    # on the last day of grace it counts for the old period, a day later it is new
    assert club.standing.since[0] == number(date(2025, 4, 1))


def test_one_step_down_keeps_its_tier_for_a_period_whatever_is_returned():
    start = date(2024, 3, 1)
    club, trades = single(), [[(start, 600)]]
    club.look(start, trades)
    assert club.standing.level[0] == 3
    club.look(date(2025, 3, 2), trades)
    assert (club.standing.level[0], club.standing.needed[0]) == (2, KEPT)
    trades[0].append((date(2025, 4, 1), -600))
    club.look(date(2025, 4, 1), trades)
    assert club.standing.level[0] == 2
    club.look(date(2026, 3, 2), trades)
    assert club.standing.level[0] == 1


def test_straight_down_to_what_was_earned():
    start = date(2024, 3, 1)
    club, trades = single(one_step=False), [[(start, 600)]]
    club.look(start, trades)
    club.look(date(2025, 3, 2), trades)
    assert club.standing.level[0] == 0


def test_periods_that_passed_unseen_are_made_up_for():
    start = date(2020, 3, 1)
    club, trades = single(), [[(start, 600)]]
    club.look(start, trades)
    club.look(date(2023, 3, 2), trades)
    assert (club.standing.level[0], club.standing.until[0]) == (0, NO_DAY)
    assert club.standing.since[0] == number(date(2023, 3, 2))


def test_a_return_takes_back_what_it_had_earned_and_no_more():
    day = date(2025, 1, 10)
    club, trades = single(), [[(day, 600)]]
    club.look(day, trades)
    trades[0].append((date(2025, 1, 20), -1))
    why = club.look(date(2025, 1, 20), trades)
    assert (club.standing.level[0], why[0]) == (2, RETURNED)
    trades[0].append((date(2025, 1, 21), -599))
    club.look(date(2025, 1, 21), trades)
    assert club.standing.level[0] == 0


def test_what_was_bought_meanwhile_makes_up_for_a_return():
    day = date(2025, 1, 10)
    club, trades = single(), [[(day, 250)]]
    club.look(day, trades)
    # long after, so that the first purchase is out of the window of the last days
    trades[0] += [(date(2025, 6, 1), 40), (date(2025, 6, 2), -40)]
    club.look(date(2025, 6, 2), trades)
    assert club.standing.level[0] == 2


def test_after_a_return_the_tier_of_the_year_before_is_still_held():
    first, second = date(2024, 6, 1), date(2025, 2, 1)
    club, trades = single("calendar"), [[(first, 250)]]
    club.look(first, trades)
    trades[0].append((second, 600))
    club.look(second, trades)
    assert club.standing.level[0] == 3
    trades[0].append((date(2025, 3, 1), -600))
    club.look(date(2025, 3, 1), trades)
    assert club.standing.level[0] == 2
    assert club.standing.until[0] == number(date(2025, 12, 31))


def test_a_threshold_raised_later_takes_nothing_before_the_end():
    day = date(2025, 1, 10)
    club, trades = single(one_step=False), [[(day, 250)]]
    club.look(day, trades)
    club.rules = Rules(ints(0, 100, 500, 600), Period("rolling"), 0, False)
    club.look(date(2025, 6, 1), trades)
    assert club.standing.level[0] == 2
    club.look(date(2026, 1, 11), trades)
    assert club.standing.level[0] == 0


def test_what_is_missing_to_keep_a_tier():
    day = date(2025, 1, 10)
    club, trades = single("calendar"), [[(day, 250)]]
    club.look(day, trades)
    bought = Purchases.sort(ints(0, 0), ints(number(day), number(date(2026, 5, 1))),
                            ints(250, 40))  # fmt: skip

    def read(rows, first, last):
        return bought.sum(club.ids[rows], first, last)

    for today, missing in ((day, 250), (date(2026, 5, 1), 210)):
        found = count_to_keep(club.standing, club.rules, number(today), read)
        assert found.tolist() == [missing]


# -- the first look -------------------------------------------------------------------


@settings(deadline=None)
@given(careers())
def test_the_first_look_finds_the_day_on_which_it_was_reached(career):
    """The same day as somebody who had looked every day of the window."""
    kind, months = career["kind"], career["months"]
    rules = Rules(ints(*career["thresholds"]), Period(kind, months), 0, True)
    today = career["looks"][-1]
    trades = [
        [(day, abs(a)) for day, a in own if day <= today] for own in career["members"]
    ]
    rows = [
        (member, number(day), amount)
        for member, own in enumerate(trades)
        for day, amount in own
    ]
    bought = Purchases.sort(*np.array(rows, dtype="int64").reshape(-1, 3).T)
    joined = ints(*map(number, career["joined"]))
    ids = np.arange(len(joined))
    start = rules.period.window_start(number(today), joined)
    counted = bought.sum(ids, start, number(today))
    found, _why = begin(rules, number(today), joined, counted, bought, ids)
    for place, own in enumerate(trades):
        member = naive_tiers.Member(
            career["thresholds"], kind, months, 0, True, career["joined"][place]
        )
        window = member.window(today)
        level = member.reached(member.bought(own, window, today))
        if found.level[place] != level:
            # held from the period before
            assert kind in ("calendar", "anniversary")
            assert found.level[place] > level
            continue
        if level < 0 or career["thresholds"][level] == 0:
            continue
        needed = career["thresholds"][level]
        if found.start[place] != NO_DAY and kind in ("rolling", "lifetime"):
            day = min(
                day for day, _a in own if day >= window
                and member.bought(own, window, day) >= needed
            )  # fmt: skip
            assert found.since[place] == number(day)


def test_what_was_returned_and_bought_again_counts_from_the_second_time():
    days = [number(date(2025, month, 1)) for month in (1, 2, 5)]
    bought = Purchases.sort(ints(0, 0, 0), ints(*days), ints(100, -100, 120))
    found = bought.find_reached(ints(0, 0, 1), days[0], days[2], ints(100, 0, 5))
    assert found.tolist() == [days[2], days[0], days[2]]


def test_the_first_look_remembers_the_year_before():
    joined = number(date(2024, 6, 1))
    bought = Purchases.sort(
        ints(0, 0), ints(joined, number(date(2025, 2, 1))), ints(300, 120)
    )
    rules = Rules(ints(*THRESHOLDS), Period("calendar"))
    today = number(date(2025, 3, 1))
    found, why = begin(rules, today, ints(joined), ints(120), bought, ints(0))
    assert found.level.tolist() == [2]
    assert found.since.tolist() == [joined]
    assert found.until.tolist() == [number(date(2025, 12, 31))]
    assert (why != BOUGHT).all()
