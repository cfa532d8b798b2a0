"""Purchases of the data sets, as the scoring kernel takes them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

EPOCH = np.datetime64("1970-01-01")
DIGITS = 2
JOURNEY_FILE = "complete_journey.parquet"


class BadFile(Exception):
    """What is wrong with a file of purchases, in words."""


@dataclass(frozen=True)
class DataSet:
    """Purchases, the day of the prediction, and how far it looks ahead.

    :param purchases: lifecycle_crm's Purchases
    :param cut: last day that is known, days since 1970-01-01
    :param horizon: days after it that are predicted and then looked up
    """

    name: str
    purchases: object
    cut: int
    horizon: int
    digits: int = DIGITS


def to_day(value: str) -> int:
    """
    >>> to_day("1970-02-01")
    31
    """
    return (date.fromisoformat(value) - date(1970, 1, 1)).days


def to_purchases(customer, day, amount):
    """Purchases from arrays: what has a positive amount is an order."""
    from lifecycle_crm_scoring.purchases import Purchases

    cents = np.rint(np.asarray(amount, dtype=float) * 10**DIGITS).astype(np.int64)
    return Purchases.sort(customer, day, cents, cents > 0)


def read_cdnow(folder: Path, name: str):
    """CDNOW_sample.txt has two numbers of the customer, CDNOW_master.txt one."""
    path = folder / name
    with path.open() as lines:
        skip = 0 if next(lines).split()[0].isdecimal() else 1
    columns = pd.read_csv(path, sep=r"\s+", skiprows=skip, header=None)
    day, amount = columns[columns.columns[-3]], columns[columns.columns[-1]]
    day = pd.to_datetime(day.astype(str), format="%Y%m%d")
    return to_purchases(columns[0], _to_days(day), amount)


def read_journey(folder: Path):
    """A basket is an order; its value what was paid for its lines."""
    columns = pd.read_parquet(
        folder / JOURNEY_FILE,
        columns=["household_id", "basket_id", "transaction_timestamp", "sales_value"],
    )
    baskets = columns.groupby(["household_id", "basket_id"], sort=False).agg(
        day=("transaction_timestamp", "min"), amount=("sales_value", "sum")
    )
    household = baskets.index.get_level_values("household_id")
    return to_purchases(household, _to_days(baskets["day"]), baskets["amount"])


def read_file(path: Path):
    """A CSV file with the columns customer, date (2026-03-31) and amount.

    Negative amounts are returns. Other columns are left out.
    """
    try:
        columns = pd.read_csv(path, dtype=str, skipinitialspace=True)
    except (OSError, ValueError) as error:
        raise BadFile(f"{path} cannot be read as CSV: {error}") from error
    columns.columns = [str(name).strip().lower() for name in columns.columns]
    missing = [n for n in ("customer", "date", "amount") if n not in columns.columns]
    if missing:
        raise BadFile(f"{path} has no column {', '.join(missing)} in its first line.")
    day = pd.to_datetime(columns["date"], format="%Y-%m-%d", errors="coerce")
    amount = pd.to_numeric(columns["amount"], errors="coerce")
    bad = (day.isna() | amount.isna() | columns["customer"].isna()).to_numpy()
    bad |= ~np.isfinite(amount.fillna(0).to_numpy())
    if bad.any():
        line = int(np.flatnonzero(bad)[0]) + 2
        raise BadFile(
            f"{path}, line {line}: a customer, a date as 2026-03-31 and an amount as "
            f"12.50 are needed ({int(bad.sum())} such lines)."
        )
    customer = pd.factorize(columns["customer"].str.strip())[0] + 1
    return to_purchases(customer, _to_days(day), amount)


def _to_days(moment):
    whole = moment.to_numpy().astype("datetime64[D]")
    return (whole - EPOCH).astype(np.int64)


def public_sets(folder: Path) -> list[DataSet]:
    """CDNOW: 1/10 sample and all; Complete Journey: two horizons."""
    sample = read_cdnow(folder, "CDNOW_sample.txt")
    full = read_cdnow(folder, "CDNOW_master.txt")
    journey = read_journey(folder)
    return [
        DataSet("CDNOW sample, 13 weeks", sample, to_day("1997-09-30"), 91),
        DataSet("the same, last 13 weeks", sample, to_day("1998-03-31"), 91),
        # the file ends 181 days after it
        DataSet("CDNOW, 26 weeks", full, to_day("1997-12-31"), 181),
        DataSet("Complete Journey, 13 weeks", journey, to_day("2017-09-30"), 91),
        DataSet("Complete Journey, 4 weeks", journey, to_day("2017-11-30"), 28),
        DataSet("the same, last 4 weeks", journey, to_day("2017-12-03"), 28),
    ]
