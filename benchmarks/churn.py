"""What churn costs beyond the engine: training with its backtest, scores, a night.

Measured in the database of the engine's figures, into which the addon was installed.
"""

from . import engine, floor, session, timing
from .child import Child

# Probabilities of this many customers in a thousand must be there.
SCORED = 999


def measure(env, size_detail, check, lifetimes=""):
    """``detail["churn"]``.

    :param size_detail: what was measured of the engine alone
    :param lifetimes: folder of the package, "" to leave it out
    """
    customers = size_detail["customers"]
    with Child("churn_kernel", customers, lifetimes) as child:
        detail = {"kernel": child.hear()}
    scored = detail["kernel"]["scored"]
    check(scored == customers, f"{scored} of {customers} simulated customers scored")
    clock = session.Clock(env.registry)
    first = session.get_first_customer(env)
    detail["floor_s"] = floor.measure(env.cr, 2)
    print("- churn installed: the run that computes what it adds", flush=True)
    engine.recompute(env, "manual")
    with Child("memory", env.cr.dbname, 0, "churn") as child:
        detail["memory"] = child.hear()
    env.invalidate_all()
    detail["training"] = [measure_training(env, check) for _attempt in range(2)]
    # right before, for a machine is not as fast at all times
    detail["first_unscored"] = measure_unscored(env, customers, check)
    detail["first"] = engine.measure_first(env, customers, check)
    check_scored(env, check)
    detail["nightly"] = []
    for _attempt in range(session.NIGHTS):
        # days to come: those until today are used up
        detail["nightly"].append(
            engine.measure_night(env, customers, first, check, clock)
        )
    detail["floor_s"] += floor.measure(env.cr, 2)
    # what only the purchases tell is found anew by a full run, not every night
    print("- full recompute", flush=True)
    detail["full"] = [engine.recompute(env, "manual")]
    detail["nothing_happened"] = engine.check_quiet(env, check)
    detail["evidence_s"] = measure_evidence(env)
    return detail


def measure_unscored(env, customers, check):
    """First computations as before the first training: nobody has a score."""
    active = env["churn.model"]._get_active(env.company)
    active.state = "vetoed"
    env.cr.commit()
    samples = engine.measure_first(env, customers, check)
    _drop_requests(env)
    active.state = "active"
    env.cr.commit()
    return samples


def measure_training(env, check):
    """Seconds of one training, with its backtest, and what came of it."""
    print("- training and backtest", flush=True)
    trainings = env["churn.model"]
    training = trainings._request(env.company, "manual")
    env.cr.commit()
    seconds, _nothing = timing.stopwatch(trainings._process_pending)
    env.cr.commit()
    check(training.state in ("active", "vetoed"), f"training: {training.error}")
    _drop_requests(env)
    figures = {
        "seconds": round(seconds, 3),
        "method": training.method,
        "customers": training.customer_count,
        "horizon_days": training.horizon_days,
        "auc": round(training.auc, 4),
        "brier": round(training.brier, 4),
        "brier_base": round(training.brier_base, 4),
        "reasons": training.reasons,
    }
    print(
        f"  {seconds:7.2f} s  {figures['method']}, AUC {figures['auc']:.3f}", flush=True
    )
    return figures


def _drop_requests(env):
    """The run that a training asks for is measured on its own."""
    waiting = env["lifecycle.run"].search([("state", "=", "pending")])
    waiting.unlink()
    env.cr.commit()


def check_scored(env, check):
    profiles = env["lifecycle.profile"]
    bought = profiles.search_count([("order_count", ">", 0)])
    scored = profiles.search_count([("churn_method", "!=", False)])
    check(
        scored * 1000 >= bought * SCORED,
        f"{scored} of {bought} customers have a score",
    )


def measure_evidence(env):
    """Seconds of bringing the evidence of everybody up to date."""
    print("- evidence of everybody", flush=True)

    def work():
        env["churn.evidence"]._refresh(env.company)
        env.cr.commit()

    seconds, _nothing = timing.stopwatch(work)
    print(f"  {seconds:7.2f} s", flush=True)
    return round(seconds, 3)
