import math
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring import facts as facts_module
from lifecycle_crm_scoring.facts import build_facts
from lifecycle_crm_scoring.rhythm import NO_DAY, RhythmRules
from trades import CUSTOMERS, DAYS, LEAP_DAY, ROWS, by_customer, make_rows, sort

CONTACTS = st.lists(st.tuples(CUSTOMERS, DAYS), max_size=15)
RULES = st.builds(
    RhythmRules, st.integers(2, 800).map(lambda gap: gap / 2), st.integers(1, 1500)
)
DATES = ("first_contact_date", "first_order_date", "last_order_date", "won_back_date")
MONEY = ("revenue_total", "rfm_revenue")


def build(rows, contacts=(), window=0, rules=None, digits=2, part=None):
    """``{customer: {field: value}}``, None for no day."""
    customers, days = np.array(contacts, dtype=np.int64).reshape(-1, 2).T
    with patch.object(facts_module, "_PART", part or facts_module._PART):
        frame = build_facts(
            sort(rows), customers, days, window, rules or RhythmRules(), digits
        )
    assert frame["partner_id"].is_monotonic_increasing
    assert frame["partner_id"].is_unique
    frame[[*DATES]] = frame[[*DATES]].astype(object).where(frame[[*DATES]] != NO_DAY)
    found = frame.set_index("partner_id").to_dict("index")
    for row in found.values():
        for name in DATES:
            row[name] = None if math.isnan(row[name] or 0) else row[name]
    return found


def build_plainly(rows, contacts=(), window=0, rules=None, digits=2):
    """The same, customer by customer, by docs/definitions.md."""
    bought = by_customer(rows)
    asked = {}
    for customer, day in contacts:
        asked[customer] = min(day, asked.get(customer, day))
    return {
        customer: sum_up(
            bought.get(customer, []),
            asked.get(customer),
            window,
            rules or RhythmRules(),
            digits,
        )
        for customer in sorted({*bought, *asked})
    }


def sum_up(own, asked, window, rules, digits):
    orders = [day for day, _amount, is_order in own if is_order]
    days = sorted(set(orders))
    # who bought was in contact, also if it was returned
    contacts = [day for day, amount, _is_order in own if amount > 0]
    if asked is not None:
        contacts.append(asked)
    return {
        "first_contact_date": min(contacts, default=None),
        "first_order_date": min(days, default=None),
        "last_order_date": max(days, default=None),
        "order_count": len(orders),
        "order_days": len(days),
        "revenue_total": sum(row[1] for row in own) / 10**digits,
        "won_back_date": find_comeback(days, rules),
        "rfm_order_count": sum(day > window for day in orders),
        "rfm_revenue": sum(row[1] for row in own if row[0] > window) / 10**digits,
    }


def find_comeback(days, rules):
    latest = None
    for place in range(1, len(days)):
        last = days[place - 1]
        if place > 1:
            patience = 1.5 * (last - days[0]) / (place - 1)
        else:
            patience = 2 * rules.gap_days
        # a thousandth of a day is not worth a day
        if days[place] >= last + max(rules.lapse_days, math.ceil(patience - 0.001)):
            latest = days[place]
    return latest


@given(ROWS, CONTACTS, DAYS, RULES, st.integers(0, 4))
def test_by_definition(rows, contacts, window, rules, digits):
    given_ = (rows, contacts, window, rules, digits)
    assert build(*given_) == build_plainly(*given_)


@given(ROWS, CONTACTS, st.integers(1, 12))
def test_in_parts(rows, contacts, part):
    assert build(rows, contacts, part=part) == build_plainly(rows, contacts)


@pytest.mark.parametrize("part", [1, 7, 100, 1500, 3999])
def test_thousands_in_parts(part):
    rows = make_rows(part)
    contacts = [(customer, customer % 700 - 350) for customer in range(1, 900, 3)]
    rules = RhythmRules(25.5, 120)
    found = build(rows, contacts, 100, rules, part=part)
    assert found == build_plainly(rows, contacts, 100, rules)
    # what the test is about is in the data
    assert any(row["won_back_date"] for row in found.values())
    assert any(row["revenue_total"] < 0 for row in found.values())
    assert any(0 < row["order_days"] < row["order_count"] for row in found.values())
    assert sum(not row["order_count"] for row in found.values()) > 100


@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, random):
    assert build(random.sample(rows, len(rows))) == build(rows)


@given(ROWS, CONTACTS, st.integers(1, 6))
def test_a_customer_alone_is_as_among_all(rows, contacts, customer):
    alone = build(
        [row for row in rows if row[0] == customer],
        [contact for contact in contacts if contact[0] == customer],
    )
    found = build(rows, contacts)
    assert alone == {key: found[key] for key in found if key == customer}


def test_types():
    for rows, contacts in (([], []), ([(1, 1, 1, True)], [(2, 1)])):
        frame = build_facts(
            sort(rows),
            np.array([c[0] for c in contacts], dtype=int),
            np.array([c[1] for c in contacts], dtype=int),
            0,
            RhythmRules(),
            2,
        )
        assert len(frame) == len(rows) + len(contacts)
        for name, dtype in frame.dtypes.items():
            assert dtype == (np.float64 if name in MONEY else np.int64), name


def test_nothing():
    assert build([]) == {}


def test_only_contacts():
    found = build([], [(7, 5), (3, -9), (7, 2)])
    assert list(found) == [3, 7]
    assert found[7] == {
        **dict.fromkeys(DATES),
        "first_contact_date": 2,
        "order_count": 0,
        "order_days": 0,
        "revenue_total": 0,
        "rfm_order_count": 0,
        "rfm_revenue": 0,
    }
    # 1969-12-23 is a day as any other
    assert found[3]["first_contact_date"] == -9


def test_only_returns():
    [row] = build([(4, 10, -500, False), (4, 12, -250, False)]).values()
    assert row["revenue_total"] == row["rfm_revenue"] == -7.5
    assert (row["order_count"], row["order_days"], row["rfm_order_count"]) == (0, 0, 0)
    # a return is no contact: what was returned was bought before
    assert [row[name] for name in DATES] == [None] * 4


def test_refund_beyond_the_sale():
    [row] = build([(4, 10, 1000, True), (4, 12, -2500, False)]).values()
    assert (row["revenue_total"], row["order_count"]) == (-15, 1)
    assert row["last_order_date"] == 10


def test_several_orders_on_one_day():
    rows = [(4, 10, 100, True), (4, 10, 100, True), (4, 10, -100, False)]
    [row] = build(rows).values()
    assert (row["order_count"], row["order_days"], row["revenue_total"]) == (2, 1, 1)
    assert row["first_order_date"] == row["last_order_date"] == 10
    assert row["won_back_date"] is None


def test_return_before_the_first_order():
    [row] = build([(4, 3, -100, False), (4, 10, 100, True)]).values()
    assert row["first_order_date"] == row["first_contact_date"] == 10


@pytest.mark.parametrize(
    ("asked", "bought", "first"), [(5, 9, 5), (9, 5, 5), (5, 5, 5), (-3, 0, -3)]
)
def test_first_contact(asked, bought, first):
    [row] = build([(1, bought, 1, True)], [(1, asked)]).values()
    assert row["first_contact_date"] == first


def test_purchase_that_was_returned_is_a_contact():
    # bought and returned in full: no order, but known since then
    [row] = build(
        [(1, 5, 100, False), (1, 9, -100, False), (1, 20, 100, True)]
    ).values()
    assert (row["first_contact_date"], row["first_order_date"]) == (5, 20)


@pytest.mark.parametrize("window", [0, -30, LEAP_DAY])
def test_window_begins_the_day_after(window):
    rows = [(1, window + shift, 100, True) for shift in (-1, 0, 1)]
    rows += [(1, window + shift, -30, False) for shift in (-1, 0, 1)]
    [row] = build(rows, window=window).values()
    assert (row["rfm_order_count"], row["rfm_revenue"]) == (1, 0.7)
    assert (row["order_count"], row["revenue_total"]) == (3, 2.1)


@pytest.mark.parametrize("digits", [0, 2, 3])
def test_large_amounts_to_the_smallest_unit(digits):
    rows = [(1, day, 10**13 + day, True) for day in range(100)]
    [row] = build(rows, window=-1, digits=digits).values()
    # 10^15 and some: more than a float of four bytes, less than one of eight
    assert round(row["revenue_total"] * 10**digits) == 10**15 + 4950
    assert row["rfm_revenue"] == row["revenue_total"]


@pytest.mark.parametrize(
    ("days", "lapse", "back"),
    [
        # twice the 30 days of the company, after one order
        ((0, 59), 1, None),
        ((0, 60), 1, 60),
        # the lapse period, where it is longer
        ((0, 89), 90, None),
        ((0, 90), 90, 90),
        # 1.5 own gaps after two; the comeback itself changes what is usual after it
        ((0, 40, 99), 1, None),
        ((0, 40, 100), 1, 100),
        ((0, 40, 100, 174), 1, 100),
        ((0, 40, 100, 175), 1, 175),
        # before 1970
        ((-500, -440), 1, -440),
    ],
)
def test_comeback(days, lapse, back):
    rules = RhythmRules(30, lapse)
    [row] = build([(1, day, 1, True) for day in days], rules=rules).values()
    assert row["won_back_date"] == back


def test_comeback_of_one_is_not_that_of_the_next():
    # the last order of one customer, and the first of another much later
    rows = [(1, 0, 1, True), (1, 1, 1, True), (2, 5000, 1, True), (3, 0, -1, False)]
    found = build(rows)
    assert [row["won_back_date"] for row in found.values()] == [None] * 3
