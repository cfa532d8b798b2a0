"""Peak memory of an Odoo process that did nothing before a first and a full run.

    python -m benchmarks.memory DATABASE DAYS_AGO [churn]

With ``churn`` it trains the models after the first run, and the full run scores by
them.

The process is of its own, so what filled the database does not count.  Its peak is
what the kernel says (VmHWM), put back to the present before the run begins.
"""

from pathlib import Path

from . import child, engine, session


def main(name, days_ago, addon=""):
    session.configure(name)
    with session.opened(name) as env:
        session.Clock(env.registry, int(days_ago))
        engine.forget(env)
        # a worker has worked before
        env["res.partner"].search_read([], ["display_name"], limit=1)
        idle = read("VmRSS")
        forget_peak()
        print("- peak memory: a first and a full run in a fresh process", flush=True)
        first = engine.recompute(env, "install")
        after_first = read("VmHWM")
        if addon == "churn":
            # the first run asked for it
            env["churn.model"]._process_pending()
            env.cr.commit()
            print(f"  {read('VmHWM'):7.0f} MiB after the training", flush=True)
        engine.recompute(env, "manual")
    child.answer(
        {
            "idle_mib": idle,
            "first_run_mib": after_first,
            "peak_mib": read("VmHWM"),
            "cold_first_s": first["seconds"],
        }
    )


def forget_peak():
    """From now on ``read("VmHWM")`` is the peak since now."""
    Path("/proc/self/clear_refs").write_text("5")


def read(name):
    """A figure of /proc/self/status in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise SystemExit(f"This kernel does not tell {name}.")


if __name__ == "__main__":
    child.run(main)
