"""What tiers cost: everybody against four of them, and a confirmation.

Beside the bare SQL aggregate: the net amount of each customer in the same twelve
months, of the same orders, read into Python.  No returns, no time zone, no standing.
"""

import io
from datetime import timedelta

from odoo.tools import SQL

from . import confirm, session, timing

TIMES = 5
THRESHOLDS = {"Bronze": 0, "Silver": 300, "Gold": 800, "Platinum": 2000}
GOALS = {
    "tiers_vs_aggregate": 2.5,
    "tiers_all_vs_aggregate": 2.5,
    "confirm_tier_ratio": 1.05,
}


def everything(ours, without, customers):
    """The two figures of tiers, and what they were made of.

    :param ours: database with the addon; gets a programme with tiers
    :param without: a copy of it, which gets none
    """
    session.configure(ours)
    check = session.Checks()
    with session.opened(ours) as env:
        detail = _measure_engine(env, customers, check)
    with session.opened(without) as env:
        # the same programme, and no tiers
        _create_program(env, {})
        _recompute(env, "install")
    detail["confirm"] = confirm.measure(ours, without)
    figures = {
        "customers": customers,
        "tiers_vs_aggregate": round(
            min(detail["nights_s"]) / min(detail["aggregate_s"]), 3
        ),
        "tiers_all_vs_aggregate": round(
            min(detail["all_s"]) / min(detail["aggregate_s"]), 3
        ),
        "tiers_first_vs_aggregate": round(
            detail["first_s"] / min(detail["aggregate_s"]), 3
        ),
        "confirm_tier_ratio": round(detail["confirm"]["ratio"], 4),
        "detail": {**detail, "failed_checks": check.failed},
    }
    for name, limit in GOALS.items():
        print(f"  {name}: {figures[name]} (at most {limit})", flush=True)
    return figures


def _measure_engine(env, customers, check):
    program = _create_program(env)
    _recompute(env, "install")
    env.cr.execute(SQL("DELETE FROM loyalty_membership"))
    env.cr.execute(SQL("UPDATE lifecycle_profile SET tier_id = NULL"))
    env.cr.commit()
    detail = {"aggregate_s": [], "nights_s": [], "all_s": []}
    detail["first_s"], _count = timing.stopwatch(_evaluate, env)
    [[members, held]] = env.execute_query(
        SQL(
            """SELECT COUNT(*), COUNT(*) FILTER (WHERE tier_id <> %s)
            FROM loyalty_membership WHERE program_id = %s""",
            program.tier_ids[0].id,
            program.id,
        )
    )
    print(f"- {members} members, {held} above the lowest tier", flush=True)
    check(members > 0.9 * customers, f"only {members} members")
    for number in range(TIMES):
        detail["aggregate_s"].append(timing.stopwatch(_aggregate, env)[0])
        detail["all_s"].append(timing.stopwatch(_evaluate, env, number)[0])
        night = timing.stopwatch(_evaluate, env, number + 1, True)[0]
        detail["nights_s"].append(night)
    detail.update(members=members, held=held)
    print(
        f"  aggregate {min(detail['aggregate_s']):.2f} s, first evaluation"
        f" {detail['first_s']:.2f} s, a night {min(detail['nights_s']):.2f} s,"
        f" everything read again {min(detail['all_s']):.2f} s",
        flush=True,
    )
    return {k: _round(v) for k, v in detail.items()}


def _round(value):
    return [round(x, 4) for x in value] if isinstance(value, list) else value


def _create_program(env, thresholds=None):
    thresholds = THRESHOLDS if thresholds is None else thresholds
    return env["loyalty.program"].create(
        {
            "name": "Club",
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "company_id": env.company.id,
            "tier_ids": [
                (0, 0, {"name": name, "threshold": threshold, "point_multiplier": 1.5})
                for name, threshold in thresholds.items()
            ],
        }
    )


def _recompute(env, reason):
    runs = env["lifecycle.run"]
    runs._request(env.company, reason, quiet=True)
    runs._process_pending()
    env.cr.commit()


def _evaluate(env, nights=0, partial=False):
    """Everybody against the tiers, as it stands so many nights later.

    :param partial: as each night, where who did something was looked at before
    """
    from odoo.addons.loyalty_program.models.loyalty_engine import Occasion

    day = env.company._get_lifecycle_today() + timedelta(days=nights)
    occasion = Occasion(quiet=True, partial=partial)
    count = env["loyalty.engine"]._evaluate(env.company, day, occasion)
    env.cr.commit()
    return count


def _aggregate(env):
    """The least that any engine must do; the result goes to Python."""
    since = env.company._get_lifecycle_today() - timedelta(days=365)
    buffer = io.BytesIO()
    env.cr._obj.copy_expert(
        env.cr._obj.mogrify(
            """COPY (SELECT partner_id, SUM(amount_untaxed) FROM sale_order
            WHERE state = 'sale' AND company_id = %s AND date_order > %s
            GROUP BY partner_id) TO STDOUT""",
            [env.company.id, since],
        ).decode(),
        buffer,
    )
    env.cr.commit()
    return len(buffer.getvalue())
