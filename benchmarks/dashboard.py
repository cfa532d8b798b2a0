"""What the server takes for the data of the dashboard, at a million customers.

    dashboard.py DATABASE CUSTOMERS

fills a database that has the addons (and nobody in it) with contacts and profiles,
drawn by SQL, asks for the dashboard as a sales manager, and rolls back.  The
dashboard reads no orders, so there are none.  ``make bench`` asks for the same on its
company, which has them.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from odoo.tools import SQL

TIMES = 7


def measure(env, times=TIMES):
    """Milliseconds of ``lifecycle.dashboard.get_data``, the best of some.

    :return: ``{kept_ms, live_ms, mine_ms, count_ms}``: with the counts that the
        scheduled action keeps, without them, of one salesperson, and what the
        scheduled action takes
    """
    dashboard = env["lifecycle.dashboard"]
    counts = env["lifecycle.dashboard.count"].sudo()
    counts.search([]).unlink()
    found = {"live_ms": _best(dashboard, times), "mine_ms": _best(dashboard, 3, "mine")}
    began = time.perf_counter()
    counts._count(env.company)
    counts.flush_model()
    found["count_ms"] = round(1000 * (time.perf_counter() - began), 1)
    found["kept_ms"] = _best(dashboard, times)
    print(f"  dashboard {found}", flush=True)
    return found


def _best(dashboard, times, owner="all"):
    taken = []
    for _attempt in range(times + 1):
        dashboard.env.invalidate_all()
        began = time.perf_counter()
        dashboard.get_data(owner=owner)
        taken.append(time.perf_counter() - began)
    print(f"  {owner}: median {1000 * statistics.median(taken[1:]):.0f} ms", flush=True)
    return round(1000 * min(taken[1:]), 1)  # the first fills the caches


def fill(env, customers):
    """Contacts and profiles of the current company, drawn at random."""
    company, cr = env.company, env.cr
    stages = env["lifecycle.stage"]._get_for_company(company).ids
    segments = env["lifecycle.segment"].search([]).ids
    cr.execute("SELECT setseed(0.42)")
    cr.execute(
        SQL(
            """INSERT INTO res_partner (name, complete_name, active, type, user_id,
                autopost_bills, create_date, write_date)
            SELECT 'Customer ' || n, 'Customer ' || n, n %% 200 <> 0, 'contact', %s,
                'ask', now(), now()
            FROM generate_series(1, %s) n""",
            env.uid,
            customers,
        )
    )
    cr.execute(
        """UPDATE res_partner SET commercial_partner_id = id
        WHERE commercial_partner_id IS NULL"""
    )
    cr.execute(
        SQL(
            """INSERT INTO lifecycle_profile (partner_id, company_id, stage_id,
                segment_id, order_count, order_days, first_order_date, last_order_date,
                revenue_total, clv_historic, rfm_recency, rfm_frequency, rfm_monetary,
                rfm_code)
            SELECT id, %(company)s, (%(stages)s::int[])[1 + floor(power(random(), 2)
                    * %(stage_count)s)::int],
                (%(segments)s::int[])[1 + floor(random() * %(segment_count)s)::int],
                1 + (random() * 20)::int, 1 + (random() * 15)::int,
                current_date - 700, current_date - (random() * 600)::int,
                ROUND((random() * 5000)::numeric, 2),
                ROUND((random() * 5000)::numeric, 2), r, f, m,
                r::varchar || f::varchar || m::varchar
            FROM (
                SELECT id, 1 + floor(random() * 5)::int AS r,
                    1 + floor(random() * 5)::int AS f, 1 + floor(random() * 5)::int AS m
                FROM res_partner WHERE name LIKE 'Customer %%') p""",
            company=company.id,
            stages=stages,
            stage_count=len(stages),
            segments=segments,
            segment_count=len(segments),
        )
    )
    for table in ("res_partner", "lifecycle_profile"):
        cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def main(name, customers):
    from benchmarks import session

    session.configure(name)
    with session.opened(name) as env:
        users = env["res.users"].with_context(no_reset_password=True)
        manager = users.create(
            {
                "name": "Bench Manager",
                "login": "bench_manager",
                "group_ids": [(4, env.ref("sales_team.group_sale_manager").id)],
            }
        )
        env = env(user=manager)
        began = time.perf_counter()
        fill(env(user=1), int(customers))
        print(f"- {customers} customers in {time.perf_counter() - began:.0f} s")
        measure(env)
        env.cr.rollback()


if __name__ == "__main__":
    main(*sys.argv[1:])
