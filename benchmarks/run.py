"""make bench SIZE=20k|200k|1m [OUT=file.json]: what the engine costs.

    run.py generate DATABASE SIZE           fill a database that has only Odoo's own
    run.py measure OURS PLAIN SIZE OUT      a copy of it with our addon, and itself
    run.py churn OURS OUT [LIFETIMES]       the copy with churn_scoring as well
    run.py plays DATABASE [OUT]             what it costs to enter a play
    run.py playresults DATABASE             what it costs to tell what it earned
    run.py show OUT                         the table; status 1 if something was wrong
    run.py compare FILE FILE ...            growth from one size to the next

``make bench`` makes the databases, calls the first four and drops the databases.
docs/benchmarks.md says what each figure is and how it is measured.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import report

SIZES = {"20k": 20_000, "200k": 200_000, "1m": 1_000_000}


def generate(name, size):
    from benchmarks import data, session

    session.configure(name)
    customers = SIZES[size]
    print(f"- {customers} customers, {customers * data.ORDERS_PER_CUSTOMER} orders")
    with session.opened(name) as env:
        users = session.create_users(env)
        env.cr.commit()
        newest = date.today() - timedelta(days=session.NIGHTS)
        data.generate(env.cr, customers, users.ids, newest)
        described = data.describe(env.cr)
        print("  " + ", ".join(f"{value} {name}" for name, value in described.items()))


def measure(ours, plain, size, out):
    from benchmarks import measure

    report.save(measure.everything(ours, plain, size, SIZES[size]), Path(out))


def churn(ours, out, lifetimes=""):
    from benchmarks import measure

    report.save(measure.add_churn(report.load(Path(out)), ours, lifetimes), Path(out))


def show(out):
    figures = report.load(Path(out))
    print("\n" + report.format_table(figures))
    return 1 if figures["detail"]["failed_checks"] else 0


def plays(name, out=""):
    from benchmarks import plays, session

    session.configure(name)
    with session.opened(name) as env:
        found = plays.measure(env)
        env.cr.rollback()
    if out:
        figures = report.load(Path(out))
        figures["play_entry_vs_insert"] = found["ratio"]
        figures["detail"]["plays"] = found
        report.save(figures, Path(out))


def playresults(name):
    from benchmarks import play_results, plays, session

    session.configure(name)
    with session.opened(name) as env:
        play_results.measure(env, plays.CUSTOMERS)
        env.cr.rollback()


def tiers(ours, without, size, out=""):
    from benchmarks import tiers as measured

    figures = measured.everything(ours, without, SIZES[size])
    if out:
        report.save(figures, Path(out))
    return 1 if figures["detail"]["failed_checks"] else 0


def compare(*files):
    print(report.format_growth([report.load(Path(file)) for file in files]))


def main(command, *arguments):
    commands = {
        "generate": generate,
        "measure": measure,
        "churn": churn,
        "show": show,
        "plays": plays,
        "playresults": playresults,
        "tiers": tiers,
        "compare": compare,
    }
    try:
        return commands[command](*arguments)
    except KeyboardInterrupt:  # make says so
        return 130


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
