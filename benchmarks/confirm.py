"""What the addon adds to the confirmation of a quotation.

Two databases with the same data, one with the addon, in one process; the same
quotation is confirmed in both, one right after the other.  Whoever comes first finds
the processor's caches cold, so two pairs in opposite order make one sample.  Committed,
by an ordinary salesperson.
"""

import statistics

from odoo.service.model import retrying

from . import session, timing

PAIRS = 300
WARM_UP = 10


def measure(ours, plain, pairs=PAIRS):
    """``{"ratio": …, "interval": (low, high), "ours_ms": …, "plain_ms": …}``"""
    print(f"- {pairs} confirmations with and without the addon", flush=True)
    samples = {ours: [], plain: []}
    with session.opened(plain) as env:
        first = session.get_first_customer(env)
        user = session.get_users(env)[1].id
    for number in range(-WARM_UP, pairs):
        names = (ours, plain) if number % 2 else (plain, ours)
        customer = first + 2000 + (number * 37) % 10_000
        orders = {name: _quote(name, user, customer) for name in names}
        with timing.no_collection():
            for name in names:
                seconds, _order = timing.stopwatch(_confirm, name, user, orders[name])
                if number >= 0:
                    samples[name].append(seconds)
    ratio, interval = timing.paired_ratio(
        timing.join_twos(samples[ours]), timing.join_twos(samples[plain])
    )
    figures = {
        "ratio": ratio,
        "interval": [round(value, 4) for value in interval],
        "ours_ms": round(1000 * statistics.median(samples[ours]), 2),
        "plain_ms": round(1000 * statistics.median(samples[plain]), 2),
        "pairs": pairs,
    }
    print(
        f"  {figures['ours_ms']:7.1f} ms with, {figures['plain_ms']:.1f} ms without;"
        f" in pairs × {ratio:.3f}, in 95 of 100 cases {interval[0]:.3f} to"
        f" {interval[1]:.3f}",
        flush=True,
    )
    return figures


def _quote(name, user, customer):
    with session.opened(name, user) as env:
        order = session.create_quotation(env, customer)
        env.cr.commit()
        return order.id


def _confirm(name, user, order):
    with session.opened(name, user) as env:
        retrying(env["sale.order"].browse(order).action_confirm, env)
