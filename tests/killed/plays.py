"""A play with many customers under way, and what must hold when it was killed."""

import functools

from odoo.tools import SQL

from .company import cursor, execute

CUSTOMERS = 2000
STEPS = ("First", "Second")
BATCH = 25


def prepare(log):
    """Log the steps of plays, and make many small batches."""
    from odoo.addons.lifecycle_play.models import lifecycle_play_run

    lifecycle_play_run.BATCH = BATCH
    plays = lifecycle_play_run.LifecyclePlay
    if not hasattr(plays, "_real_work"):
        plays._real_work = plays._work

    def work(play, function):
        is_batch = isinstance(function, functools.partial)
        name = function.func.__name__ if is_batch else function.__name__

        def logged():
            log(name)
            result = function()
            log("commit")
            return result

        result = plays._real_work(play, logged)
        log("between")
        return result

    plays._work = work


def make(env):
    """A play of two mails at once, and two thousand customers in it."""
    env["ir.cron"].search([]).active = False
    env.ref("lifecycle_play.cron_run").active = True
    company = env.company
    company.write(
        {
            "email": "shop@example.com",
            "lifecycle_quiet": False,
            "lifecycle_message_cap": 0,
            "lifecycle_duplicate_days": 0,
        }
    )
    model_id = env["ir.model"]._get_id("res.partner")
    templates = env["mail.template"].create(
        [
            {
                "name": name,
                "model_id": model_id,
                "subject": name,
                "body_html": "<p>Dear <t t-out='object.name'/></p>",
                "use_default_to": True,
                "email_from": "shop@example.com",
            }
            for name in STEPS
        ]
    )
    play = env["lifecycle.play"].create(
        {
            "name": "Killed",
            "entry_kind": "hand",
            "control_share": 0.1,
            "step_ids": [
                (
                    0,
                    0,
                    {"name": template.name, "sequence": n, "template_id": template.id},
                )
                for n, template in enumerate(templates, 1)
            ],
        }
    )
    play._start()
    partners = env["res.partner"].create(
        [
            {"name": f"Killed {number}", "email": f"killed{number}@example.com"}
            for number in range(CUSTOMERS)
        ]
    )
    assert play._enter_by_hand(partners) == CUSTOMERS


def count_left(name):
    [[count]] = execute(
        name,
        SQL(
            """SELECT COUNT(*) FROM lifecycle_play_enrollment e
            JOIN lifecycle_play p ON p.id = e.play_id
            WHERE p.name->>'en_US' = 'Killed' AND e.state = 'running'"""
        ),
    )
    return count


def check(name):
    """What must hold at any moment: what is told, was queued, and the other way.

    :return: numbers of executions by state, and of mails
    """
    with cursor(name) as cr:
        cr.execute(
            SQL(
                """SELECT x.partner_id, s.sequence, x.state, x.arm, COUNT(m.id)
                FROM lifecycle_play_execution x
                JOIN lifecycle_play_step s ON s.id = x.step_id
                JOIN lifecycle_play p ON p.id = x.play_id
                LEFT JOIN lifecycle_message m
                    ON m.execution_id = x.id AND m.state = 'sent'
                WHERE p.name->>'en_US' = 'Killed' GROUP BY x.id, s.id"""
            )
        )
        rows = cr.fetchall()
        cr.execute(
            SQL(
                """SELECT r.res_partner_id, m.subject, COUNT(*)
                FROM mail_mail mm JOIN mail_message m ON m.id = mm.mail_message_id
                JOIN mail_mail_res_partner_rel r ON r.mail_mail_id = mm.id
                WHERE m.subject = ANY(%s) GROUP BY 1, 2""",
                list(STEPS),
            )
        )
        mails = {(partner, subject): count for partner, subject, count in cr.fetchall()}
    told = {}
    for partner, number, state, arm, messages in rows:
        assert (state == "done") == (arm == "treated"), (partner, state, arm)
        assert messages == (1 if state == "done" else 0)
        if state == "done":
            told[partner, STEPS[number - 1]] = 1
    assert told == mails, f"{len(told)} told, {len(mails)} queued"
    return len(rows), len(mails)
