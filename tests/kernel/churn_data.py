"""Purchases for the tests of churn: CDNOW, simulated companies, odd ones."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from lifecycle_crm_scoring.purchases import Purchases

FILES = Path(__file__).resolve().parents[2] / ".local" / "data"
DIGITS = 2


def day(text):
    return int(np.datetime64(text, "D").astype(int))


@cache
def read_cdnow(name="CDNOW_sample.txt"):
    path = FILES / name
    if not path.is_file():
        pytest.fail(f"{path} is missing; `make test` fetches it.")
    with path.open() as lines:
        rows = [line.split() for line in lines]
    rows = [row for row in rows if row and row[0].isdecimal()]
    customer = np.array([int(row[0]) for row in rows])
    days = np.array([f"{r[-3][:4]}-{r[-3][4:6]}-{r[-3][6:]}" for r in rows])
    cents = np.array([round(float(row[-1]) * 100) for row in rows])
    days = days.astype("datetime64[D]").astype(int)
    return Purchases.sort(customer, days, cents, cents > 0)


def pick(purchases, count, seed):
    """All rows of some customers."""
    random = np.random.default_rng(seed)
    chosen = random.choice(np.unique(purchases.customer), count, replace=False)
    return purchases.take(np.isin(purchases.customer, chosen))


def simulate(random, customers, days, rate, dropout=0.0, value=50.0):
    """Purchases at random: a first order, then more at the rate until one leaves.

    :param rate: orders per day, a number or an array
    :param dropout: chance to leave after an order, a number or an array
    """
    rate = np.broadcast_to(rate, customers)
    dropout = np.broadcast_to(dropout, customers)
    owner, when = [], []
    time = random.uniform(0, days, customers)
    active = np.arange(customers)
    while len(active):
        owner.append(active)
        when.append(time[active])
        stays = random.random(len(active)) >= dropout[active]
        active = active[stays]
        time[active] += random.exponential(1 / rate[active])
        active = active[time[active] <= days]
    owner, when = np.concatenate(owner) + 1, np.concatenate(when).astype(int)
    cents = np.rint(random.gamma(4, value * 25, len(owner))).astype(int) + 1
    return Purchases.sort(owner, when, cents, np.ones(len(owner), dtype=bool))


def make(rows):
    """Purchases from (customer, day, cents, is_order)."""
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    return Purchases.sort(*map(list, columns))
