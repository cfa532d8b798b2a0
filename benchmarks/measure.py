"""All figures of one size, one after the other, on one machine."""

import os
import platform
from datetime import datetime, timezone

import odoo.release
from odoo.tools import SQL

from . import (
    churn,
    confirm,
    contention,
    dashboard,
    engine,
    floor,
    lists,
    peers,
    report,
    session,
)
from .child import Child

# Customers up to which the history is measured: its goal is stated for so many, and a
# month of it takes about as long as half a full run.
HISTORY_UP_TO = 200_000


def everything(ours, plain, size, customers):
    """The figures of the issue, and everything they were made of under "detail"."""
    import pandas  # noqa: F401  a worker has it after its first run

    session.configure(ours)
    check = session.Checks()
    began, load = datetime.now(timezone.utc), os.getloadavg()[0]
    with session.opened(ours) as env:
        clock = session.Clock(env.registry, session.NIGHTS)
        detail = _measure_engine(env, customers, check, clock)
        detail["lists"] = lists.measure(env)
        detail["dashboard"] = dashboard.measure(env)
        dirty = engine.measure_dirty(env, session.get_first_customer(env), check)
        detail["dirty_ms"] = dirty and [round(value, 2) for value in dirty]
        env.cr.commit()  # nothing of ours stays open beside the others
        detail["confirm"] = confirm.measure(ours, plain)
        first = session.get_first_customer(env)
        detail["users"] = contention.measure(env, first, customers, session.USERS)
        detail["versions"] = _get_versions(env)
    detail["record_by_record"] = peers.measure(plain, customers)
    ended = datetime.now(timezone.utc)
    check(began.date() == ended.date(), "midnight (UTC) passed while it measured")
    return report.summarize(
        size,
        {
            **detail,
            "customers": customers,
            "date": f"{began:%Y-%m-%d %H:%M} UTC",
            "minutes": round((ended - began).total_seconds() / 60, 1),
            "machine": {**_get_machine(), "load_at_start": round(load, 2)},
            "failed_checks": check.failed,
        },
    )


def add_churn(figures, ours, lifetimes):
    """The figures with those of churn, after its addon was installed.

    :param lifetimes: folder of the package lifetimes, "" to leave it out
    """
    import pandas  # noqa: F401

    session.configure(ours)
    check = session.Checks()
    detail, began = figures["detail"], datetime.now(timezone.utc)
    with session.opened(ours) as env:
        detail["churn"] = churn.measure(env, detail, check, lifetimes)
    ended = datetime.now(timezone.utc)
    check(began.date() == ended.date(), "midnight (UTC) passed while churn ran")
    detail["failed_checks"] += check.failed
    detail["churn"]["minutes"] = round((ended - began).total_seconds() / 60, 1)
    return report.summarize(figures["size"], detail)


def _measure_engine(env, customers, check, clock):
    first = session.get_first_customer(env)
    detail = {"floor_s": floor.measure(env.cr, 3)}
    with Child("memory", env.cr.dbname, clock.days_ago) as child:
        detail["memory"] = child.hear()
    detail["first"] = engine.measure_first(env, customers, check)
    detail["full"], detail["nightly"] = [], []
    for attempt in range(session.NIGHTS):
        detail["full"].append(
            engine.measure_full(env, customers, first, check, attempt)
        )
        detail["nightly"].append(
            engine.measure_night(env, customers, first, check, clock)
        )
    # again, lest the machine was busier at one end than at the other
    detail["floor_s"] += floor.measure(env.cr, 2)
    detail["nothing_happened"] = engine.check_quiet(env, check)
    detail["history_s"] = None
    if customers <= HISTORY_UP_TO:
        detail["history_s"] = engine.measure_history(env)
    return detail


def _get_machine():
    with open("/proc/cpuinfo") as lines:
        names = [line.split(":")[1].strip() for line in lines if "model name" in line]
    memory_kib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kib / 2**20, 1),
    }


def _get_versions(env):
    import numpy
    import pandas

    def setting(name):
        [[value]] = env.execute_query(SQL("SELECT current_setting(%s)", name))
        return value

    versions = {
        "odoo": odoo.release.version,
        "postgresql": setting("server_version").split()[0],
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "pandas": pandas.__version__,
    }
    names = ("shared_buffers", "work_mem", "synchronous_commit", "fsync")
    return {**versions, **{name: setting(name) for name in names}}
