import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lifecycle_crm_scoring import copy_format
from lifecycle_crm_scoring.copy_format import HEADER, TRAILER, RowReader, encode_rows

COLUMNS = {"id": "int4", "big": "int8", "value": "float8", "flag": "bool"}
FORMATS = {"int4": "i", "int8": "q", "float8": "d", "bool": "?"}
INT4 = st.integers(-(2**31), 2**31 - 1)
INT8 = st.integers(-(2**63), 2**63 - 1)
FLOAT8 = st.floats()  # with infinities, NaN, subnormal numbers and minus zero
ROWS = st.lists(st.tuples(INT4, INT8, FLOAT8, st.booleans()), max_size=20)
EXTREMES = [
    (-(2**31), -(2**63), float("-inf"), False),
    (2**31 - 1, 2**63 - 1, float("inf"), True),
    (0, 0, -0.0, False),
    (-1, -1, float("nan"), True),
    (1, 2**53 + 1, 5e-324, True),
    (7, 10**13, 1.7976931348623157e308, False),
]


def encode_plainly(rows, columns=COLUMNS):
    """The format as PostgreSQL's documentation gives it, value by value.

    None is NULL: the length -1, and no value.
    """
    parts = [HEADER]
    for row in rows:
        parts.append(struct.pack(">h", len(columns)))
        for value, kind in zip(row, columns.values(), strict=True):
            if value is None:
                parts.append(struct.pack(">i", -1))
            else:
                data = struct.pack(f">{FORMATS[kind]}", value)
                parts += [struct.pack(">i", len(data)), data]
    return b"".join([*parts, TRAILER])


def to_arrays(rows):
    return {
        name: np.array([row[place] for row in rows], dtype=f"={FORMATS[kind]}")
        for place, (name, kind) in enumerate(COLUMNS.items())
    }


def read(data, columns=COLUMNS, pieces=None):
    """What a reader makes of the data, given to it in pieces of some sizes."""
    reader = RowReader(columns)
    for size in pieces or ():
        assert reader.write(data[:size]) == len(data[:size])
        data = data[size:]
    reader.write(data)
    return reader.close()


def assert_same(found, rows):
    expected = to_arrays(rows)
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert found[name].dtype.isnative
        # bit by bit: NaN and minus zero are what they were
        assert found[name].tobytes() == array.tobytes()


@given(ROWS, st.integers(1, 100))
def test_through_a_file_that_gathers(rows, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copy_format, "_GATHERED", size)
        reader = RowReader(COLUMNS)
        with reader.open() as file:
            data = encode_plainly(rows)
            for begin in range(0, len(data), 39):
                file.write(data[begin : begin + 39])
    assert_same(reader.close(), rows)


@given(ROWS, st.integers(1, 100))
def test_rows_that_are_taken_are_not_kept(rows, chunk):
    taken = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copy_format, "_CHUNK", chunk)
        reader = RowReader(COLUMNS, taken.append)
        for byte in encode_plainly(rows):
            reader.write(bytes([byte]))
        rest = reader.close()
    assert all(len(values) == 0 for values in rest.values())
    if chunk < 39:  # a row
        assert len(taken) == len(rows)
    if rows:
        assert_same(
            {name: np.concatenate([part[name] for part in taken]) for name in COLUMNS},
            rows,
        )


# a busy machine is no fault of the rows
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_encodes_as_documented(rows):
    assert encode_rows(to_arrays(rows), COLUMNS) == encode_plainly(rows)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_round_trip(rows):
    assert_same(read(encode_rows(to_arrays(rows), COLUMNS)), rows)


def test_extreme_values():
    assert_same(read(encode_rows(to_arrays(EXTREMES), COLUMNS)), EXTREMES)


@pytest.mark.parametrize("kind", FORMATS)
def test_one_column_alone(kind):
    values = to_arrays(EXTREMES)[
        next(name for name, other in COLUMNS.items() if other == kind)
    ]
    columns = {"x": kind}
    found = read(encode_rows({"x": values}, columns), columns)
    assert found["x"].tobytes() == values.tobytes()


def test_encodes_what_is_wider_or_a_series():
    pandas = pytest.importorskip("pandas")
    arrays = {"id": pandas.Series([3, -4]), "flag": np.array([1, 0])}
    columns = {"id": "int4", "flag": "bool"}
    found = read(encode_rows(arrays, columns), columns)
    assert found["id"].tolist() == [3, -4]
    assert found["flag"].tolist() == [True, False]


@pytest.mark.parametrize("chunk", [1, 10, 41, 42, 43, 100, 1 << 24])
@pytest.mark.parametrize("piece", [1, 7, 19, 41, 42, 43, 400, 10_000])
def test_pieces_of_any_size(chunk, piece, monkeypatch):
    # a row takes 2 + 4 * 4 + 4 + 8 + 8 + 1 = 39 bytes
    monkeypatch.setattr(copy_format, "_CHUNK", chunk)
    rows = EXTREMES * 7
    data = encode_rows(to_arrays(rows), COLUMNS)
    assert len(data) == len(HEADER) + 39 * len(rows) + len(TRAILER)
    assert_same(read(data, pieces=[piece] * (len(data) // piece)), rows)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.lists(st.integers(0, 90), max_size=30), st.integers(0, 120))
def test_uneven_pieces(rows, pieces, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copy_format, "_CHUNK", chunk)
        assert_same(read(encode_plainly(rows), pieces=pieces), rows)


def test_large_and_in_several_chunks(monkeypatch):
    monkeypatch.setattr(copy_format, "_CHUNK", 1000)
    columns = {"id": "int4", "value": "float8"}
    ids = np.arange(50_000)
    data = encode_rows({"id": ids, "value": ids / 7}, columns)
    found = read(data, columns, pieces=[64 * 1024] * 20)
    assert (found["id"] == ids).all()
    assert (found["value"] == ids / 7).all()


def test_no_rows():
    assert encode_rows(to_arrays([]), COLUMNS) == HEADER + TRAILER
    assert_same(read(HEADER + TRAILER), [])


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("place", range(len(EXTREMES)))
@pytest.mark.parametrize("chunk", [1, 1 << 24])
def test_null_is_an_error(name, place, chunk, monkeypatch):
    """Wherever it is: the rows after it would be read in the wrong place."""
    monkeypatch.setattr(copy_format, "_CHUNK", chunk)
    rows = [list(row) for row in EXTREMES]
    rows[place][list(COLUMNS).index(name)] = None
    with pytest.raises(ValueError, match=name):
        read(encode_plainly(rows))


@pytest.mark.parametrize("kind", FORMATS)
def test_null_alone_is_an_error(kind):
    columns = {"x": kind}
    with pytest.raises(ValueError):
        read(encode_plainly([(None,)], columns), columns)
    with pytest.raises(ValueError):
        read(encode_plainly([(None,)] * 3, columns), columns)


@given(st.lists(st.tuples(st.none() | INT4, st.none() | INT8), min_size=1))
def test_any_nulls_are_an_error(rows):
    columns = {"id": "int4", "big": "int8"}
    data = encode_plainly(rows, columns)
    if any(None in row for row in rows):
        with pytest.raises(ValueError):
            read(data, columns)
    else:
        assert len(read(data, columns)["id"]) == len(rows)


@pytest.mark.parametrize("missing", [1, 2, 3, 10, 39, 40])
def test_what_was_cut_off_is_an_error(missing):
    """A query that broke off must not pass for one with fewer rows."""
    data = encode_rows(to_arrays(EXTREMES), COLUMNS)
    with pytest.raises(ValueError):
        read(data[:-missing])


def test_a_value_of_another_width_is_an_error():
    data = encode_plainly([(1, 2)], {"id": "int4", "big": "int8"})
    with pytest.raises(ValueError, match="id"):
        read(data, {"id": "int8", "big": "int4"})
