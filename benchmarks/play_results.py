"""What it costs to tell what a play of 100,000 enrollments earned.

Customers of the benchmark entered a play of three messages 100 days ago, all steps are
done, and what they bought since is among their orders.  Measured are the first night,
which computes the outcome of every enrollment and step, and one in which nothing
changed.
"""

from odoo import fields
from odoo.tools import SQL

from . import memory, timing

DAYS_AGO = 100
STEPS = 3


def measure(env, customers):
    """``{"first_s": …, "again_s": …, "enrollments": …, "windows": …, "memory_mib": …}``

    Nothing of it stays in the database.
    """
    with env.cr.savepoint(flush=False) as undo:
        play, entered = _prepare(env, customers)
        print(f"- results of a play with {entered} enrollments", flush=True)
        results = env["lifecycle.play.result"]
        memory.forget_peak()
        before = memory.read("VmRSS")
        first, _nothing = timing.stopwatch(results._refresh, play.company_id)
        peak = memory.read("VmHWM") - before
        again, _nothing = timing.stopwatch(results._refresh, play.company_id)
        [[windows]] = env.execute_query(
            SQL(
                "SELECT count(*) FROM lifecycle_play_outcome WHERE play_id = %s",
                play.id,
            )
        )
        result = play.result_id
        figures = {
            "first_s": round(first, 3),
            "again_s": round(again, 3),
            "enrollments": entered,
            "windows": windows,
            "memory_mib": round(peak, 1),
            "treated": result.treated_count,
            "treated_buyers": result.treated_buyers,
        }
        undo.rollback()
    env.invalidate_all(flush=False)
    print(
        f"  {first:.2f} s the first night, {again:.2f} s the next, for {windows}"
        f" outcomes ({result_text(figures)}); {peak:.0f} MiB more at the peak",
        flush=True,
    )
    return figures


def result_text(figures):
    return f"{figures['treated_buyers']} of {figures['treated']} treated bought"


def _prepare(env, customers):
    """A running play through which as many customers went."""
    company = env.company
    mail = env.ref("lifecycle_play.mail_template_win_back")
    play = env["lifecycle.play"].create(
        {
            "name": "Benchmark",
            "company_id": company.id,
            "entry_kind": "hand",
            "cost_per_contact": 0.1,
            "step_ids": [
                (0, 0, {"name": f"Step {n}", "kind": "mail", "template_id": mail.id})
                for n in range(1, STEPS + 1)
            ],
        }
    )
    play._enter(
        "hand",
        SQL(
            """SELECT DISTINCT partner_id, NULL::int AS transition_id FROM sale_order
            WHERE company_id = %s ORDER BY partner_id LIMIT %s""",
            company.id,
            customers,
        ),
    )
    moment = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_AGO)
    env.cr.execute(
        SQL(
            """UPDATE lifecycle_play_enrollment SET state = 'done', step_id = NULL,
                next_date = NULL, entered_date = %s, entered_day = %s, end_date = %s
            WHERE play_id = %s""",
            moment,
            moment.date(),
            fields.Datetime.now(),
            play.id,
        )
    )
    entered = env.cr.rowcount
    for number, step in enumerate(play.step_ids):
        env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_play_execution (enrollment_id, play_id,
                    step_id, partner_id, company_id, arm, state, date)
                SELECT id, play_id, %s, partner_id, company_id, arm,
                    CASE arm WHEN 'control' THEN 'skipped' ELSE 'done' END, %s
                FROM lifecycle_play_enrollment WHERE play_id = %s""",
                step.id,
                fields.Datetime.add(moment, days=1 + 10 * number),
                play.id,
            )
        )
    env.invalidate_all()
    for table in ("lifecycle_play_enrollment", "lifecycle_play_execution"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    return play, entered
