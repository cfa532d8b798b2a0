"""Purchases for the tests of the kernel: strategies, and the same as plain lists."""

from itertools import groupby

import numpy as np
from hypothesis import strategies as st
from lifecycle_crm_scoring.purchases import Purchases

NAMES = ("customer", "day", "amount", "is_order")
LEAP_DAY = 19_782  # 2024-02-29
# few customers, days and amounts: rows that tie; and all that a column can hold
CUSTOMERS = st.one_of(st.integers(1, 6), st.integers(1, 2**31 - 1))
DAYS = st.one_of(
    st.integers(LEAP_DAY - 3, LEAP_DAY + 3),
    st.integers(-400, 400),
    st.integers(-(2**20), 2**20 - 1),
)
AMOUNTS = st.one_of(
    st.sampled_from((100, 100, -100, 0)), st.integers(-(10**13), 10**13)
)
ROWS = st.lists(st.tuples(CUSTOMERS, DAYS, AMOUNTS, st.booleans()), max_size=40)


def sort(rows):
    """Purchases from tuples of customer, day, amount and is_order."""
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    return Purchases.sort(*map(list, columns))


def to_rows(purchases):
    """The tuples in their order."""
    arrays = (getattr(purchases, name).tolist() for name in NAMES)
    return list(zip(*arrays, strict=True))


def by_customer(rows):
    """``{customer: [(day, amount, is_order)]}``, customers ascending."""
    return {
        customer: [row[1:] for row in group]
        for customer, group in groupby(sorted(rows), key=lambda row: row[0])
    }


def make_rows(seed, customers=500, count=4000):
    """Thousands of rows: many customers with few, and the first one with many."""
    random = np.random.default_rng(seed)
    skewed = (customers * random.random(count) ** 3).astype(int) + 1
    return list(
        zip(
            skewed.tolist(),
            random.integers(-800, 800, count).tolist(),
            random.choice([100, 100, 4999, 120_000, -100, -5000], count).tolist(),
            (random.random(count) < 0.8).tolist(),
            strict=True,
        )
    )
