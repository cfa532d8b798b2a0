"""Customers for the tests of the churn kernel: the CDNOW sample, and simulated ones."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from churn_scoring_scoring.customers import Customers
from lifecycle_crm_scoring.purchases import Purchases

CDNOW = Path(__file__).resolve().parents[2] / ".local" / "data" / "CDNOW_sample.txt"
EPOCH = pd.Timestamp("1970-01-01")
# the papers fit on the first 39 weeks
CALIBRATION_END = (pd.Timestamp("1997-09-30") - EPOCH).days
AS_OF = 20_000


@lru_cache
def read_cdnow():
    """Customer, day and dollars of each purchase, as a DataFrame."""
    if not CDNOW.is_file():  # never skipped: a green run must mean it
        raise AssertionError(f"{CDNOW} is missing: run the tests by `make test`.")
    names = ["full", "customer", "date", "cds", "dollars"]
    file = pd.read_csv(CDNOW, sep=r"\s+", header=None, names=names)
    file["day"] = (pd.to_datetime(file["date"], format="%Y%m%d") - EPOCH).dt.days
    return file[["customer", "day", "dollars"]]


@lru_cache
def get_cdnow_purchases():
    file = read_cdnow()
    cents = (file["dollars"] * 100).round().astype(int)
    return Purchases.sort(file["customer"], file["day"], cents, np.ones(len(file)))


@lru_cache
def get_cdnow():
    """Customers of the sample at the end of the calibration."""
    return Customers.from_purchases(get_cdnow_purchases(), CALIBRATION_END, 2)


def make_customers(orders, first, last, value=10.0, as_of=AS_OF):
    orders = np.asarray(orders, dtype=np.int64)
    fill = np.ones(len(orders), dtype=np.int64)
    return Customers(
        ids=np.arange(1, len(orders) + 1),
        orders=orders,
        first=np.asarray(first, dtype=np.int64) * fill,
        last=np.asarray(last, dtype=np.int64) * fill,
        value=np.asarray(value, dtype=float) * fill,
        as_of=as_of,
    )


# what a fit or a score must survive
ODD = {
    "nobody": make_customers([], [], []),
    "one": make_customers([1], [19_000], [19_000]),
    "one who repeats": make_customers([5], [19_000], [19_900]),
    "all today": make_customers([1] * 50, AS_OF, AS_OF),
    "all on one day": make_customers([1] * 50, 19_500, 19_500),
    "all the same": make_customers([3] * 40, 19_000, 19_700),
    "a giant": make_customers(
        [1] * 99 + [900], [19_000] * 99 + [19_001], [19_000] * 99 + [AS_OF], 1.0
    ),
    "a giant's value": make_customers(
        [1, 2] * 50, 19_000, [19_000, 19_500] * 50, [5.0] * 99 + [1e12]
    ),
    "daily for centuries": make_customers(
        [150_000, 100_000, 1], [-150_000, -90_000, 0], [AS_OF, 15_000, 0], 1e-9
    ),
    "counts without measure": make_customers(
        [2_000_000_000, 1, 7], 0, [AS_OF, 0, 9_000], 1e9
    ),
    "all refunded": make_customers([1, 2, 3], 19_000, [19_000, 19_500, 19_600], np.nan),
    "long ago": make_customers([1, 2, 9] * 20, 0, [0, 50, 400] * 20),
}


def simulate(count, seed, days=0, rate=(0.8, 12.0), leave=(0.8, 2.5), spend=(4, 5, 40)):
    """MBG/NBD customers with Gamma-Gamma spend, and their value of the next days.

    :param rate: r and alpha in weeks
    :param leave: a and b
    :param spend: p, q and v
    """
    random = np.random.default_rng(seed)
    first = AS_OF - random.integers(0, 1095, count)
    span = (AS_OF - first).astype(float)
    speed = random.gamma(rate[0], 1 / rate[1], count) / 7
    leaving = random.beta(*leave, count)
    level = random.gamma(spend[1], 1 / spend[2], count)
    orders = np.ones(count, dtype=np.int64)
    last, future = first.copy(), np.zeros(count)
    total = random.gamma(spend[0], 1, count) / level
    now, here = np.zeros(count), np.arange(count)
    while len(here):
        here = here[random.random(len(here)) > leaving[here]]
        now[here] += random.exponential(1 / speed[here])
        here = here[now[here] <= span[here] + days]
        worth = random.gamma(spend[0], 1, len(here)) / level[here]
        past = now[here] <= span[here]
        known = here[past]
        orders[known] += 1
        last[known] = first[known] + now[known].astype(int)
        total[known] += worth[past]
        future[here[~past]] += worth[~past]
    value = total / orders
    ids = np.arange(1, count + 1)
    return Customers(ids, orders, first, last, value, AS_OF), future
