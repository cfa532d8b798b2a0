"""Customers by the book of BG/NBD and Gamma-Gamma, for fits beside each other.

Both packages find such parameters, so that what differs is how long they take.  No
Odoo in here.
"""

import numpy as np

DAYS = 730
AS_OF = 20_000
# per week; as in real data two customers in three have one order day
RATE = (0.35, 8.0)
DROPOUT = (0.6, 2.5)
VALUE = (6.25, 3.74, 15.44)


def simulate(count, seed=1):
    """The kernel's Customers: their first order within two years, then they buy until
    they leave.
    """
    from churn_scoring_scoring.customers import DAYS_PER_WEEK, Customers

    random = np.random.default_rng(seed)
    first = AS_OF - random.integers(1, DAYS, count)
    rate = random.gamma(RATE[0], 1 / RATE[1], count) / DAYS_PER_WEEK
    leaves = random.beta(*DROPOUT, count)
    orders, last = np.ones(count, dtype=np.int64), first.copy()
    time = first.astype(float)
    active = np.flatnonzero(random.random(count) >= leaves)
    while len(active):
        time[active] += random.exponential(1 / rate[active])
        active = active[time[active] <= AS_OF]
        day = time[active].astype(np.int64)
        orders[active] += day > last[active]
        last[active] = day
        active = active[random.random(len(active)) >= leaves[active]]
    p, q, v = VALUE
    value = random.gamma(p * orders, 1 / random.gamma(q, 1 / v, count)) / orders
    return Customers(np.arange(count), orders, first, last, value, AS_OF)
