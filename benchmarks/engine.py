"""The runs of the engine: the first, full ones, nights, and one customer at a time."""

import inspect
import statistics

from odoo.tools import SQL

from . import arrivals, bulk, session, timing

# One more order each for this share of the customers makes about 5 % of the results
# differ: some of them pass others in rank.
FULL_SHARE = 0.041
NIGHT_SHARE = 0.02
DIRTY_SAMPLES = 20
# What a run leaves behind, beside the profiles and what hangs on them.
STATE = ("lifecycle_run", "lifecycle_dirty")


def recompute(env, reason):
    """One run of the company, as the scheduled action does it.

    :return: dict of seconds, rows created, changed, deleted, and transitions
    """
    runs = env["lifecycle.run"]
    options = {}
    if "full" in inspect.signature(runs._request).parameters:
        # as the scheduled action asks: all of it is read again, or only what is new
        options["full"] = reason != "nightly"
    run = runs._request(env.company, reason=reason, **options)
    env.cr.commit()

    def work():
        # a run that leaves something to do is continued, as the action is
        for _call in range(100):
            runs._process_pending()
            env.cr.commit()
            if run.state in ("done", "failed"):
                return
        raise SystemExit("A run did not end within 100 calls of the action.")

    seconds, _nothing = timing.stopwatch(work)
    if run.state != "done":
        raise SystemExit(f"The run failed: {run.error}")
    figures = {"seconds": round(seconds, 3)}
    for name in ("created", "changed", "deleted", "transition"):
        figures[name] = run[f"{name}_count"]
    print(
        f"  {seconds:7.2f} s  {figures['created']} new, {figures['changed']} changed,"
        f" {figures['transition']} transitions",
        flush=True,
    )
    return figures


def forget(env):
    """Back to before the first run."""
    # all that hangs on a profile goes with it; nothing of Odoo's own does
    env.cr.execute(SQL("TRUNCATE lifecycle_profile CASCADE"))
    for table in STATE:
        if session.table_exists(env.cr, table):
            env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.cr.commit()
    env.invalidate_all(flush=False)


def measure_first(env, customers, check, times=2):
    """Every row new; best of some."""
    samples = []
    for attempt in range(times):
        forget(env)
        print(f"- first computation, {attempt + 1} of {times}", flush=True)
        samples.append(recompute(env, "install"))
        created = samples[-1]["created"]
        check(created >= customers, f"the first run wrote {created} profiles only")
    bulk.vacuum(env.cr, "lifecycle_profile", "lifecycle_transition")
    check_totals(env, check)
    return samples


def measure_full(env, customers, first, check, attempt):
    """A full recompute when about 5 % of the results differ."""
    print("- full recompute, 5 % of the results differ", flush=True)
    arrivals.one_more_each(env.cr, env.company, first, customers, FULL_SHARE, attempt)
    figures = recompute(env, "manual")
    share = figures["changed"] / customers
    check(0.04 <= share <= 0.06, f"a full run changed {share:.1%}, not about 5 %")
    check(figures["transition"] > 0, "a full run recorded no transition")
    return figures


def measure_night(env, customers, first, check, clock):
    """The night after a normal day: 2 % of the customers ordered."""
    clock.days_ago -= 1
    day = env.company._get_lifecycle_today()
    print(f"- nightly, 2 % of the customers ordered on {day:%d %B}", flush=True)
    orders = arrivals.normal_day(
        env.cr, env.company, first, customers, NIGHT_SHARE, day
    )
    figures = recompute(env, "nightly")
    changed = figures["changed"] + figures["created"]
    check(changed >= orders, f"{orders} ordered, and a night wrote {changed} rows")
    return figures


def check_quiet(env, check):
    """Nothing happened since: neither another night nor a full run writes a row."""
    print("- nothing happened: another night, and a full run", flush=True)
    samples = {}
    for reason in ("nightly", "manual"):
        figures = samples[reason] = recompute(env, reason)
        rows = figures["created"] + figures["changed"] + figures["deleted"]
        check(not rows, f"a {reason} run wrote {rows} rows though nothing happened")
    check_totals(env, check)
    return samples


def check_totals(env, check):
    """The profiles know of every order: counted here by other means."""
    [[profiles, orders]] = env.execute_query(
        SQL(
            """SELECT
                (SELECT sum(order_count) FROM lifecycle_profile
                WHERE company_id = %(c)s),
                (SELECT count(*) FROM sale_order so
                WHERE state = 'sale' AND company_id = %(c)s AND amount_untaxed > 0
                AND date_order < %(today)s::date + 1
                AND NOT EXISTS (
                    SELECT 1 FROM account_move m WHERE m.move_type = 'out_refund'
                    AND m.invoice_origin = so.id::text
                    AND m.amount_untaxed >= so.amount_untaxed))""",
            c=env.company.id,
            today=env.company._get_lifecycle_today(),
        )
    )
    check(profiles == orders, f"the profiles count {profiles} orders of {orders}")


def measure_dirty(env, first, check):
    """Milliseconds of work from one confirmed order to its profile; None if the
    addon marks nobody, or refreshes nobody yet."""
    engine = env["lifecycle.engine"]
    if "lifecycle.dirty" not in env or not hasattr(engine, "_refresh_customers"):
        return None
    print(f"- one customer dirty, {DIRTY_SAMPLES} times", flush=True)
    refresh = env["lifecycle.dirty"]._cron_refresh
    refresh()  # what the nights left, if anything
    env.cr.commit()
    user = session.get_users(env)[0]
    samples = []
    for number in range(DIRTY_SAMPLES):
        partner = first + 1 + number * 17
        before = _count_orders(env, partner)
        confirm_one(env, user, partner)
        env.cr.commit()  # what was committed meanwhile is seen from here on
        with timing.no_collection():
            samples.append(1000 * timing.stopwatch(refresh)[0])
        env.cr.commit()
        after = _count_orders(env, partner)
        check(after == before + 1, f"a refresh left {after} orders after {before}")
    print(f"  {statistics.median(samples):7.1f} ms", flush=True)
    return samples


def confirm_one(env, user, partner):
    """A salesperson confirms a quotation; committed by a cursor of its own."""
    with session.opened(env.cr.dbname, user.id) as other:
        session.create_quotation(other, partner).action_confirm()
        other.cr.commit()


def _count_orders(env, partner):
    env.invalidate_all()
    profile = env["lifecycle.profile"].search([("partner_id", "=", partner)], limit=1)
    return profile.order_count


def measure_history(env):
    """Seconds of 24 months of history; None while the addon has none."""
    if "lifecycle.snapshot" not in env:
        return None
    print("- 24 months of history", flush=True)
    snapshots = env["lifecycle.snapshot"]

    def work():
        snapshots._rebuild(env.company)
        env.cr.commit()

    seconds, _nothing = timing.stopwatch(work)
    print(f"  {seconds:7.2f} s", flush=True)
    return seconds
