"""Do full runs get in the way of users?  The same load without and with them."""

import contextlib
import time

from . import arrivals, engine, timing
from .child import Child
from .users import CUSTOMERS_EACH

SECONDS = 20
MIN_RUNS = 2


def measure(env, first, customers, users):
    """What eight users met while full runs were going on, and without them.

    :return: what :func:`summarize` says of either half, and the number of runs
    """
    print(f"- {users} users, {SECONDS} s without a run", flush=True)
    with Child("users", env.cr.dbname) as child:
        child.hear()
        child.say("start")
        time.sleep(SECONDS)
        child.say("stop")
        alone = summarize(child.hear())
        print(f"- {users} users beside full runs", flush=True)
        child.say("start")
        began = time.monotonic()
        runs = begun_anew = 0
        while time.monotonic() - began < SECONDS or runs < MIN_RUNS:
            _arrive_elsewhere(env, first, customers, users, 100 + runs)
            with counted_rollbacks(env.cr) as rollbacks:
                engine.recompute(env, "manual")
            runs += 1
            begun_anew += len(rollbacks)
        child.say("stop")
        beside = summarize(child.hear())
    return {
        "alone": alone,
        "beside_runs": beside,
        "runs": runs,
        "runs_begun_anew": begun_anew,
    }


@contextlib.contextmanager
def counted_rollbacks(cr):
    """A run that gives way to a user rolls back and begins anew."""
    rollbacks = []
    real = cr.rollback

    def rollback():
        rollbacks.append(1)
        return real()

    cr.rollback = rollback
    try:
        yield rollbacks
    finally:
        del cr.rollback


def _arrive_elsewhere(env, first, customers, users, attempt):
    """So that each run has rows to write; not for the customers of the users, whom
    only the users themselves may touch."""
    own = users * CUSTOMERS_EACH
    arrivals.one_more_each(
        env.cr, env.company, first + own, customers - own, engine.NIGHT_SHARE, attempt
    )


def summarize(samples):
    """Counts and latencies of requests ``(what, seconds, tries, error)``.

    >>> summarize([("edit", 0.02, 1, None), ("edit", 0.04, 3, None)])["retries"]
    2
    """
    errors = sorted({error for *_rest, error in samples if error})
    figures = {
        "transactions": len(samples),
        "retries": sum(max(tries - 1, 0) for _w, _s, tries, _e in samples),
        "failures": sum(bool(error) for *_rest, error in samples),
        "errors": errors[:5],
    }
    for what in ("confirm", "edit"):
        times = [seconds for name, seconds, *_rest in samples if name == what]
        for share in (50, 95):
            value = timing.percentile(times, share / 100)
            figures[f"{what}_p{share}_ms"] = value and round(1000 * value, 1)
    return figures
