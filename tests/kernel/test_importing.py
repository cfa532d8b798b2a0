"""Reading and checking a file of purchases, without Odoo."""

import contextlib
import doctest
import importlib
import importlib.util
import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FOLDER = Path(__file__).resolve().parents[2] / "addons/lifecycle_crm/importing"
NAME = "lifecycle_crm_importing"
CURRENCIES = {
    "USD": (True, 0.01),
    "EUR": (True, 0.01),
    "JPY": (True, 1.0),
    "ITL": (False, 1.0),
}


def _load():
    """The package by itself, as conftest does with the scoring packages."""
    spec = importlib.util.spec_from_file_location(
        NAME, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    return module


imp = _load()
HEADER = "customer,date,amount,currency,reference\n"


def run(text, *, header=HEADER, roles=None, **options):
    """Read and check the lines of a CSV."""
    data = text if isinstance(text, bytes) else (header + text).encode()
    table = imp.read_table(data, "file.csv")
    options = {
        "today": date(2024, 6, 30),
        "default_currency": "USD",
        "currencies": CURRENCIES,
        **options,
    }
    roles = roles or imp.guess_roles(table.header)
    return imp.check(table, roles, imp.CheckOptions(**options))


def reasons(checked):
    return [tuple(r) for r in checked.refused[["line", "code", "value"]].to_numpy()]


def codes(checked):
    return checked.refused["code"].tolist()


def problem(function, *args, **kwargs):
    with pytest.raises(imp.FileProblem) as caught:
        function(*args, **kwargs)
    return caught.value.code


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda p: p.stem)
def test_doctests(path):
    name = NAME if path.stem == "__init__" else f"{NAME}.{path.stem}"
    assert doctest.testmod(importlib.import_module(name)).failed == 0


# -- good files --------------------------------------------------------------


def test_good_lines():
    checked = run("A,2024-01-31,12.50,EUR,S1\n B  b ,2024-02-01 13:45:00,3,,\n")
    assert checked.refused.empty
    assert checked.total == 2
    first, second = checked.good.to_dict("records")
    assert first["customer"] == "A"
    assert first["date"] == pd.Timestamp(2024, 1, 31)
    assert (first["amount"], first["currency"], first["reference"]) == (
        12.5,
        "EUR",
        "S1",
    )
    assert (second["customer"], second["currency"], second["line"]) == ("B b", "USD", 3)


def test_columns_in_any_order_and_case():
    checked = run(
        "1;12,50;31.12.2023;ACME\n",
        header="Order-No;Net Amount;ORDER DATE;Customer Nr\n",
    )
    assert checked.good[["customer", "amount", "reference"]].to_numpy().tolist() == [
        ["ACME", 12.5, "1"]
    ]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"],
)
def test_encodings(encoding):
    text = "customer;date;amount\nCafé Müller;2024-01-31;5\n" * 1
    checked = run(text.encode(encoding))
    assert checked.good["customer"].tolist() == ["Café Müller"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1256", "پارسا"),
        ("gb18030", "北京公司"),
        ("shift_jis", "東京"),
        ("big5", "台北"),
    ],
)
def test_encoding_that_is_told(encoding, name):
    data = f"customer,date,amount\n{name},2024-01-31,5\n".encode(encoding)
    assert imp.read_table(data, encoding=encoding).rows[0][0] == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    text = HEADER.replace(",", delimiter) + delimiter.join(
        ["A, Inc; Co" if delimiter == "\t" else "A", "2024-01-31", "5", "USD", "x"]
    )
    assert imp.read_table(text.encode()).delimiter == delimiter


def test_excel_hint_and_quotes():
    data = (
        b'sep=;\r\ncustomer;date;amount\r\n"A;\r\nB";2024-01-31;5\r\nC;2024-01-31;x\r\n'
    )
    checked = run(data)
    assert checked.good["customer"].tolist() == ["A; B"]
    # the record before begins on line 3 and ends on line 4
    assert reasons(checked) == [(5, "bad_amount", "x")]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["31.12.2023", "01.02.2024"], "%d.%m.%Y"),
        (["12/31/2023"], "%m/%d/%Y"),
        (["31/12/2023", "01/02/2024"], "%d/%m/%Y"),
        (["20231231"], "%Y%m%d"),
        (["2023/12/31T10:00:00Z"], "%Y/%m/%d"),
        (["31.12.23"], "%d.%m.%y"),
        (["۲۰۲۳-۱۲-۳۱"], "%Y-%m-%d"),
    ],
)
def test_date_formats(texts, expected):
    checked = run("".join(f"A,{text},5,,\n" for text in texts))
    assert checked.date_format == expected
    assert checked.refused.empty
    assert checked.good["date"].min() == pd.Timestamp(2023, 12, 31)


def test_unclear_date_is_asked_for():
    assert problem(run, "A,03/04/2024,5,,\n") == "ambiguous_date"
    checked = run("A,03/04/2024,5,,\n", date_format="%d/%m/%Y")
    assert checked.good["date"][0] == pd.Timestamp(2024, 4, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", 1234.5),
        ('"1,234.50"', 1234.5),
        ('"1.234,50"', 1234.5),
        ('"1 234,50"', 1234.5),
        ("1'234.50", 1234.5),
        ("1\u202f234.50", 1234.5),
        (".5", 0.5),
        ("+7", 7),
        ("1234567", 1234567),
        ("۱۲۳۴٫۵", 1234.5),
    ],
)
def test_number_formats(text, value):
    assert run(f"A,2024-01-31,{text},,\n").good["amount"].tolist() == [value]


def test_unclear_number_is_asked_for():
    assert problem(run, 'A,2024-01-31,"1,234",,\n') == "ambiguous_number"
    line = 'A,2024-01-31,"1,234",,\n'
    assert run(line, decimal=".").good["amount"].tolist() == [1234]
    assert run(line, decimal=",").good["amount"].tolist() == [1.23]
    # another line makes it clear
    assert run(line + "B,2024-01-31,5.50,,\n").good["amount"].tolist() == [1234, 5.5]


def test_rounded_to_the_currency():
    checked = run("A,2024-01-31,10.005,USD,\nA,2024-01-31,10.5,JPY,\n")
    assert checked.good["amount"].tolist() == [10.01, 11]


def test_no_value_is_no_mistake():
    checked = run("A,2024-01-31,0,,\nA,2024-01-31,0.00,,\nA,2024-01-31,0.001,,\n")
    assert checked.free == 3
    assert checked.refused.empty
    assert checked.good["amount"].tolist() == [0, 0, 0]


def test_returns():
    lines = "A,2024-01-31,-5,,\nA,2024-01-31,(5.00),,\nA,2024-01-31,5.00-,,\n"
    assert codes(run(lines)) == ["negative_amount"] * 3
    assert run(lines, returns=True).good["amount"].tolist() == [-5, -5, -5]


# -- refused lines -----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A,2024-02-30,5,,", "impossible_date"),
        ("A,2023-02-29,5,,", "impossible_date"),
        ("A,soon,5,,", "bad_date"),
        ("A,45000,5,,", "bad_date"),
        ("A,,5,,", "empty_date"),
        ("A,1402-05-01,5,,", "old_date"),
        ("A,1899-12-31,5,,", "old_date"),
        ("A,2024-07-01,5,,", "future_date"),
        ("A,2024-01-31,five,,", "bad_amount"),
        ("A,2024-01-31,€ 5,,", "bad_amount"),
        ("A,2024-01-31,NaN,,", "bad_amount"),
        ("A,2024-01-31,inf,,", "bad_amount"),
        ("A,2024-01-31,1e5,,", "bad_amount"),
        ("A,2024-01-31,1.2.3,,", "bad_amount"),
        ('A,2024-01-31,"12,34,5.0",,', "bad_amount"),
        ("A,2024-01-31,,,", "empty_amount"),
        ("A,2024-01-31,9999999999999,,", "large_amount"),
        ("A,2024-01-31,-5,,", "negative_amount"),
        ("A,2024-01-31,5,XXX,", "unknown_currency"),
        ("A,2024-01-31,5,ITL,", "inactive_currency"),
        (",2024-01-31,5,,", "empty_customer"),
        ("   ,2024-01-31,5,,", "empty_customer"),
        ("", "empty_line"),
        (",,,,", "empty_line"),
        ("A,2024-01-31,5", "field_count"),
        ("A,2024-01-31,1,234.50,USD,S1", "field_count"),
    ],
)
def test_bad_lines(line, code):
    good = "A,2024-01-31,5.00,USD,\n"
    checked = run(f"{good}{line}\n{good}")
    assert codes(checked) == [code]
    assert checked.refused["line"].tolist() == [3]
    assert len(checked.good) == 2


def test_all_that_is_wrong_with_a_line():
    assert codes(run(",2024-02-30,x,XXX,\n")) == [
        "empty_customer",
        "impossible_date",
        "unknown_currency",
        "bad_amount",
    ]


def test_future_can_be_allowed():
    assert run("A,2024-07-01,5,,\n", future=True).refused.empty


def test_equal_lines_without_reference_are_all_kept():
    assert len(run("A,2024-01-31,5,,\n" * 3).good) == 3


def test_equal_lines_with_reference_are_one():
    checked = run("A,2024-01-31,5,,S1\n" * 2 + "A,2024-01-31,6,,S1\n")
    assert reasons(checked) == [(3, "repeated", "2")]
    assert checked.good["amount"].tolist() == [5, 6]


def test_lines_of_one_order():
    lines = (
        "A,2024-01-31,5,,S1\nA,2024-01-31,5,,S1\nB,2024-01-31,7,,S1\nA,2024-01-31,1,,\n"
    )
    good = run(lines, sum_reference=True).good
    assert good[["customer", "amount", "line"]].to_numpy().tolist() == [
        ["A", 10, 2],
        ["B", 7, 4],
        ["A", 1, 5],
    ]


# -- whole files -------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (b"customer,date,amount\n", "no_lines"),
        (b",,\nA,2024-01-31,5\n", "no_header"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"PK\x03\x04 and then nonsense", "broken_xlsx"),
        (b"\x7fELF\x00\x01\x02\x03,", "not_text"),
        (b'customer,date,amount\nA,2024-01-31,5\n"B,2024-01-31,5\n', "broken_csv"),
    ],
)
def test_files_that_are_none(data, code):
    assert problem(imp.read_table, data, "file") == code


def test_wrong_encoding_that_is_told():
    data = "customer,date,amount\nÄ,2024-01-31,5\n".encode("cp1252")
    assert problem(imp.read_table, data, encoding="utf-8") == "wrong_encoding"


def test_missing_column():
    data = b"who,date,amount\nA,2024-01-31,5\n"
    assert problem(run, data) == "missing_columns"
    assert len(run(data, roles={"customer": 0, "date": 1, "amount": 2}).good) == 1


def test_zip_bomb(monkeypatch):
    reader = importlib.import_module(f"{NAME}.reader")
    monkeypatch.setattr(reader, "MAX_UNPACKED", 1000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * 10000)
    assert problem(imp.read_table, buffer.getvalue()) == "too_large"


def test_too_many_lines(monkeypatch):
    reader = importlib.import_module(f"{NAME}.reader")
    monkeypatch.setattr(reader, "MAX_LINES", 2)
    assert problem(run, "A,2024-01-31,5,,\n" * 3) == "too_many_lines"


# -- workbooks ---------------------------------------------------------------


def workbook(*rows, empty_first_sheet=False):
    book = openpyxl.Workbook()
    if empty_first_sheet:
        book.create_sheet("Data")
    sheet = book.worksheets[-1]
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_workbook():
    data = workbook(
        ["Customer", "Date", "Amount", "Reference"],
        [4711, datetime(2024, 1, 31, 10, 30), 12.5, 1],
        ["B", date(2024, 2, 1), "7.25", "x"],
        [None, None, None, None],
        ["C", "2024-02-02", True, None],
        ["D", datetime(2024, 2, 3), "#N/A", None],
        ["E", datetime(2024, 2, 3), -1, None],
        [" ", None, "", None],
        empty_first_sheet=True,
    )
    checked = run(data)
    assert checked.good[["customer", "amount"]].to_numpy().tolist() == [
        ["4711", 12.5],
        ["B", 7.25],
    ]
    assert checked.good["date"].tolist() == [
        pd.Timestamp(2024, 1, 31),
        pd.Timestamp(2024, 2, 1),
    ]
    assert reasons(checked) == [
        (4, "empty_line", ""),
        (5, "bad_amount", "True"),
        (6, "bad_amount", "#N/A"),
        (7, "negative_amount", "-1"),
        (8, "empty_line", ""),
    ]


def test_empty_cells_below_the_data_are_nothing():
    data = workbook(["customer", "date", "amount"], ["A", date(2024, 1, 31), 5], [None])
    assert run(data).total == 1


# -- the report --------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_report_holds_no_formulas(start):
    data = imp.refused_csv(["Line", "Content"], [[1, f"{start}cmd|' /C calc'!A0"]])
    text = data.decode("utf-8-sig").split("\n", 1)[1]
    assert text.split(",", 1)[1].lstrip('"').startswith("'")


# -- properties --------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(imp.FileProblem):
        imp.read_table(data, "x")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_every_line_is_good_skipped_or_refused(rows):
    table = imp.Table(
        ["customer", "date", "amount"], rows, list(range(2, len(rows) + 2))
    )
    options = imp.CheckOptions(date(2024, 6, 30), "USD", CURRENCIES, decimal=".")
    checked = imp.check(table, {"customer": 0, "date": 1, "amount": 2}, options)
    refused = checked.refused["line"].nunique()
    assert len(checked.good) + refused == len(rows) == checked.total
    assert checked.good["date"].notna().all()


@settings(max_examples=200, deadline=None)
@given(st.decimals("-99999999", "99999999", places=2), st.sampled_from(".,"))
def test_written_numbers_are_read_back(number, decimal):
    text = f"{number:,.2f}"
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    formats = importlib.import_module(f"{NAME}.formats")
    values, _decimal = formats.parse_numbers(pd.Series([text], dtype=object), decimal)
    assert values[0] == float(number)
