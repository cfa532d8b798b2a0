import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring.segments import (
    SegmentRule,
    assign_segments,
    uncovered_cells,
)

DATA = Path(__file__).resolve().parents[2] / "addons/lifecycle_crm/data"
CELLS = [(r, fm / 2) for r in range(1, 6) for fm in range(2, 11)]


def between(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)


RULES = st.lists(
    st.builds(
        lambda r, fm: SegmentRule(0, tuple(r), (fm[0] / 2, fm[1] / 2)),
        between(0, 5),
        between(0, 10),
    ),
    max_size=8,
).map(
    lambda rules: [SegmentRule(i, r.recency, r.value) for i, r in enumerate(rules, 1)]
)


def first_match(recency, value, rules):
    for rule in rules:
        (r_min, r_max), (fm_min, fm_max) = rule.recency, rule.value
        if r_min <= recency <= r_max and fm_min <= value <= fm_max:
            return rule.key
    return 0


def assign(cells, rules):
    columns = np.array(cells, dtype=float).reshape(-1, 2).T
    return assign_segments(columns[0], columns[1], rules).tolist()


@pytest.fixture(scope="module")
def default_rules():
    records = ElementTree.parse(DATA / "lifecycle_segment_data.xml").iter("record")
    found = {}
    for record in records:
        values = {
            field.get("name"): field.text or field.get("eval")
            for field in record.iter("field")
        }
        found[record.get("id")] = values
    ordered = sorted(found.items(), key=lambda item: int(item[1]["sequence"]))
    return {
        name: SegmentRule(
            key,
            (int(values["recency_min"]), int(values["recency_max"])),
            (float(values["value_min"]), float(values["value_max"])),
        )
        for key, (name, values) in enumerate(ordered, 1)
        if not values.get("for_prospects")
    }


@given(RULES, st.lists(st.sampled_from([(0, 0.0), *CELLS]), max_size=30))
def test_first_match_wins(rules, cells):
    expected = [first_match(recency, value, rules) for recency, value in cells]
    assert assign(cells, rules) == expected


@given(RULES)
def test_uncovered(rules):
    expected = [cell for cell in CELLS if not first_match(*cell, rules)]
    assert uncovered_cells(rules) == expected


def test_nobody():
    assert assign([], [SegmentRule(1, (1, 5), (1, 5))]) == []
    assert assign([(5, 5)], []) == [0]


def test_default_covers_everyone(default_rules):
    assert len(default_rules) == 10  # and the prospects
    assert uncovered_cells(list(default_rules.values())) == []


@pytest.mark.parametrize(
    ("recency", "value", "name"),
    [
        (5, 5, "champions"),
        (5, 4, "champions"),
        (5, 3.5, "active"),
        (5, 2, "new"),
        (4, 4, "loyal"),
        (4, 1, "promising"),
        (3, 5, "loyal"),
        (3, 3, "needs_attention"),
        (3, 2, "almost_lost"),
        (2, 3, "at_risk"),
        (2, 2.5, "dormant"),
        (1, 3.5, "previously_loyal"),
        (1, 1, "dormant"),
    ],
)
def test_default(default_rules, recency, value, name):
    [key] = assign([(recency, value)], list(default_rules.values()))
    assert default_rules[f"segment_{name}"].key == key
