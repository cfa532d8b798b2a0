"""make quality FILE=...: the tables of a company's own purchases, and its refusals."""

import pytest
from churn_data import DIGITS, day, read_cdnow

from scripts.quality import __main__ as command
from scripts.quality import data, methods, table

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sales.csv"

    def write(text):
        path.write_text(text)
        return str(path)

    return write


def as_csv(purchases):
    lines = ["Customer, Date ,amount,remark"]
    for customer, when, cents in zip(
        purchases.customer, purchases.day, purchases.amount, strict=True
    ):
        lines.append(f"C{customer},{data.EPOCH + when},{cents / 100:.2f},x")
    return "\n".join(lines)


def test_the_file_gives_the_figures_of_the_data_set(file, capsys):
    cut = day("1997-09-30")
    path = file(as_csv(read_cdnow()))
    assert command.main("file", path, "91", "1997-09-30") == 0
    text = capsys.readouterr().out
    expected = methods.judge(data.DataSet("sales.csv", read_cdnow(), cut, 91))
    assert text.strip() == table.write_tables([expected]).strip()
    report = expected.churn["avg2: MBG/NBD and a logistic regression"]
    assert f"{report['auc']:.3f} / {report['brier']:.4f}" in text
    assert report["auc"] >= 0.79 and report["brier"] <= 0.111
    # the famous mistake is shown as such
    assert expected.churn["BG/NBD, 1 - P(alive)"]["auc"] < 0.4
    assert expected.count == 2349


def test_nothing_after_the_horizon_is_read():
    whole, cut = read_cdnow(), day("1997-09-30")
    one = methods.judge(data.DataSet("x", whole, cut, 91))
    other = methods.judge(data.DataSet("x", whole.until(cut + 91), cut, 91))
    assert table.write_tables([one]) == table.write_tables([other])


def test_a_small_file_is_answered_too(file, capsys):
    path = file("customer,date,amount\na,2025-01-01,10\nb,2025-01-05,5\na,2025-09-01,7")
    assert command.main("file", path) == 0
    text = capsys.readouterr().out
    assert "few_customers (2)" in text and "a plain rule" in text


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("customer,amount\na,5", (), "no column date"),
        ("customer,date,amount\na,2025-13-01,5", (), "line 2"),
        ("customer,date,amount\na,2025-01-01,5\na,2025-01-02,x", (), "line 3"),
        ("customer,date,amount\n,2025-01-01,5", (), "line 2"),
        ("customer,date,amount\na,2025-01-01,-5", (), "amount above 0"),
        ("customer,date,amount\na,2025-01-01,5", ("0",), "no number of days"),
        ("customer,date,amount\na,2025-01-01,5", ("30", "soon"), "no day"),
        ("customer,date,amount\na,2025-01-01,5", ("30", "2024-12-31"), "go beyond"),
        (
            "customer,date,amount\na,2025-01-01,5\na,2025-06-01,5",
            ("30", "2024-12-01"),
            "Nobody had ordered",
        ),
        ("", (), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(file, capsys, text, arguments, words):
    assert command.main("file", file(text), *arguments) == 2
    error = capsys.readouterr().err
    assert words in error and "Traceback" not in error


def test_amounts_are_cents_and_returns_no_orders(file):
    purchases = data.read_file(
        file(
            "customer,date,amount\nb,1970-01-02,10.006\nb,1970-01-03,-4\na,1970-01-02,0"
        )
    )
    assert DIGITS == data.DIGITS
    assert purchases.amount.tolist() == [1001, -400, 0]
    assert purchases.is_order.tolist() == [True, False, False]
    assert purchases.day.tolist() == [1, 2, 1]
