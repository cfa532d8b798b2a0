"""What it costs that 100,000 customers enter a play in one night.

    run.py plays DATABASE    of a database with lifecycle_play; undone

``make bench PLAYS=1`` does that alone, with what it costs to tell what plays earned.

Beside it: the bare INSERT of the same rows, which is the least that it can cost.  Both
write into the same table with the same indexes and foreign keys, one after the other,
and both are rolled back.
"""

import io

from odoo.tools import SQL

from . import memory, timing

CUSTOMERS = 100_000
TIMES = 5


def measure(env, customers=CUSTOMERS, times=TIMES):
    """``{"ratio": …, "entry_s": …, "insert_s": …, "entered": …, "memory_mib": …}``

    Nothing of it stays in the database.
    """
    print(f"- {customers} customers enter a play in one night", flush=True)
    with env.cr.savepoint(flush=False) as undo:
        play, last_id = _prepare(env, customers)
        samples = {"entry_s": [], "insert_s": []}
        peaks = []
        for _attempt in range(times):
            with env.cr.savepoint(flush=False) as attempt:
                memory.forget_peak()
                before = memory.read("VmRSS")
                seconds, entered = timing.stopwatch(
                    env["lifecycle.play"]._enter_by_transitions,
                    play.company_id,
                    last_id,
                    ["time"],
                )
                samples["entry_s"].append(seconds)
                peaks.append(memory.read("VmHWM") - before)
                _keep_rows(env.cr)
                kept = _Kept(env.cr)
                attempt.rollback()
            with env.cr.savepoint(flush=False) as attempt:
                kept.create(env.cr)
                samples["insert_s"].append(timing.stopwatch(_insert, env.cr)[0])
                attempt.rollback()
        undo.rollback()
    env.invalidate_all(flush=False)
    best = {name: min(values) for name, values in samples.items()}
    figures = {
        "ratio": round(best["entry_s"] / best["insert_s"], 3),
        **{name: round(value, 3) for name, value in best.items()},
        "entered": entered,
        "memory_mib": round(max(peaks), 1),
    }
    print(
        f"  {best['entry_s']:.2f} s for {entered} customers, the bare INSERT"
        f" {best['insert_s']:.2f} s: × {figures['ratio']:.2f};"
        f" {max(peaks):.0f} MiB more at the peak",
        flush=True,
    )
    return figures


def _prepare(env, customers):
    """A running play, and as many customers who have just lapsed."""
    company = env.company
    lapsed = env.ref("lifecycle_crm.stage_lapsed")
    play = env["lifecycle.play"].create(
        {
            "name": "Benchmark",
            "company_id": company.id,
            "to_stage_id": lapsed.id,
            "audience_domain": "[('order_count', '>=', 1), ('revenue_total', '>', 0)]",
            "step_ids": [(0, 0, {"name": "Step", "kind": "action", "delay_value": 1})],
        }
    )
    # a step without an action could not be started, and none is done here
    env.flush_all()
    env.cr.execute(
        SQL("UPDATE lifecycle_play SET state = 'running' WHERE id = %s", play.id)
    )
    play.invalidate_recordset()
    last_id = env["lifecycle.play"]._get_last_transition_id()
    env.cr.execute(
        SQL(
            """WITH partners AS (
                INSERT INTO res_partner (name, complete_name, active, type,
                    autopost_bills)
                SELECT 'P' || n, 'P' || n, TRUE, 'contact', 'ask'
                FROM generate_series(1, %(customers)s) n RETURNING id
            ), profiles AS (
                INSERT INTO lifecycle_profile (partner_id, company_id, order_count,
                    revenue_total, clv_historic, stage_id, gap_days)
                SELECT id, %(company)s, 1 + id %% 9, 100, 100, %(stage)s, 30
                FROM partners RETURNING id, partner_id
            )
            INSERT INTO lifecycle_transition (profile_id, partner_id, company_id, kind,
                date, to_stage_id, cause)
            SELECT id, partner_id, %(company)s, 'stage', current_date, %(stage)s, 'time'
            FROM profiles""",
            customers=customers,
            company=company.id,
            stage=lapsed.id,
        )
    )
    env.cr.execute(
        SQL(
            """UPDATE res_partner SET commercial_partner_id = id
            WHERE commercial_partner_id IS NULL"""
        )
    )
    for table in ("res_partner", "lifecycle_profile", "lifecycle_transition"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    return play, last_id


class _Kept:
    """The rows that were written, beyond the rollback of what wrote them."""

    def __init__(self, cr):
        self.rows = io.BytesIO()
        cr._obj.copy_expert("COPY bench_entered TO STDOUT (FORMAT binary)", self.rows)

    def create(self, cr):
        cr.execute(
            "CREATE TEMP TABLE bench_entered (LIKE lifecycle_play_enrollment)"
            " ON COMMIT DROP"
        )
        self.rows.seek(0)
        cr._obj.copy_expert("COPY bench_entered FROM STDIN (FORMAT binary)", self.rows)
        cr.execute("ANALYZE bench_entered")


def _keep_rows(cr):
    cr.execute(
        """CREATE TEMP TABLE bench_entered ON COMMIT DROP AS
        SELECT * FROM lifecycle_play_enrollment
        WHERE play_id = (SELECT MAX(id) FROM lifecycle_play)"""
    )


def _insert(cr):
    cr.execute("INSERT INTO lifecycle_play_enrollment SELECT * FROM bench_entered")
    return cr.rowcount
