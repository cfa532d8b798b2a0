import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_crm_scoring.bands import format_bands, parse_bands

FOUR = st.lists(
    st.floats(allow_nan=False, allow_infinity=False),
    min_size=4,
    max_size=4,
    unique=True,
).map(sorted)


@pytest.mark.parametrize(
    "text", ["2,3,5,10", "2, 3, 5, 10", "2 3 5 10", " 2;3 ;5;10; ", "2.0 3e0 5 10"]
)
def test_ways_to_type(text):
    assert parse_bands(text) == (2, 3, 5, 10)


def test_below_zero():
    assert parse_bands("-10.5, 0, 1, 2") == (-10.5, 0, 1, 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "count"),
        (None, "count"),
        ("2, 3, 5", "count"),
        ("2, 3, 5, 10, 20", "count"),
        ("2, 3, five, 10", "number"),
        ("2, 3, 5, inf", "number"),
        ("2, 3, 5, 1e999", "number"),
        ("2, nan, 5, 10", "number"),
        ("2, 2, 5, 10", "order"),
        ("10, 5, 3, 2", "order"),
    ],
)
def test_refused(text, reason):
    with pytest.raises(ValueError, match=f"^{reason}$"):
        parse_bands(text)


@pytest.mark.parametrize(
    "text",
    ["2, 3, 5, 10", "0.5, 1.25, 1000000, 2500000", "-5, 0, 100000.5, 1234567.75"],
)
def test_shown_as_typed(text):
    assert format_bands(parse_bands(text)) == text


@given(FOUR)
def test_shown_bands_are_the_same_bands(bands):
    # what is shown is what is stored: nothing may be lost on the way
    assert parse_bands(format_bands(tuple(bands))) == tuple(bands)
    assert all(math.isfinite(band) for band in parse_bands(format_bands(tuple(bands))))
