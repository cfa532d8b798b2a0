"""The short commands: setup, db, shell, import, score, bench, clean."""

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import addons, data, databases, postgres, python_env, server
from .console import Problem, say, step, stop
from .files import prepare_local
from .odoo import Odoo
from .python_env import PYTHON
from .settings import LOCAL, ROOT, RUN, database, flag, get, modules
from .setup import everything

BENCHMARKS = ROOT / "benchmarks" / "run.py"
# what is compared with; beside the virtual environment, not in it
LIFETIMES = LOCAL / "lifetimes"


def setup_only() -> None:
    """make setup"""
    with everything():
        say("All is set up.")


def db() -> None:
    """make db DB=name [MODULES=a,b] [DEMO=0|1]"""
    name, names, demo = database(), modules(), flag("DEMO", default=True)
    with everything() as odoo:
        if server.running().get("database") == name:
            raise Problem(f"Odoo is running on {name}: `make stop` first.")
        databases.build(odoo, name, names, demo=demo)
    say(f"Database {name} is ready: make shell DB={name}")


def shell() -> None:
    """make shell [DB=name] [< script.py]"""
    name = database("lifecycle")
    with everything() as odoo:
        _require(name)
        odoo.replace("shell", "-d", name, "--no-http", "--log-level=warn")


def import_purchases() -> None:
    """make import FILE=transactions.csv [DB=name]"""
    name, file = database("lifecycle"), get("FILE")
    if not file:
        raise Problem("Which file? Say FILE=transactions.csv.")
    with everything() as odoo:
        _require(name)
        data.import_file(odoo, name, Path(file).expanduser().resolve())


def score() -> None:
    """make score OUT=scores.csv [AS_OF=YYYY-MM-DD] [HORIZON=days] [COMPANY=name]"""
    name, out = database("lifecycle"), get("OUT")
    if not out:
        raise Problem("Into which file? Say OUT=scores.csv.")
    if out != "-":
        out = str(Path(out).expanduser().absolute())
    arguments = [f"--out={out}"]
    for option in ("as-of", "horizon", "company"):
        value = get(option.upper().replace("-", "_"))
        arguments += [f"--{option}={value}"] if value else []
    # what is said on the way is no part of the CSV
    with contextlib.redirect_stdout(sys.stderr), everything() as odoo:
        _require(name)
        odoo.replace("lifecycle_score", "-d", name, *arguments)


def bench() -> None:
    """make bench [SIZE=20k|200k|1m] [OUT=file.json] [TIERS=1] [PLAYS=1], or COMPARE="""
    if files := shlex.split(get("COMPARE")):
        paths = [Path(file).expanduser().resolve() for file in files]
        with everything() as odoo:
            _bench(odoo, "compare", *paths)
        return
    size, out = get("SIZE", "20k"), get("OUT")
    if size not in ("20k", "200k", "1m"):
        raise Problem(f"SIZE={size} is not known: 20k, 200k or 1m.")
    if get("TIERS"):
        _bench_tiers(size, [Path(out).expanduser().resolve()] if out else [])
        return
    if get("PLAYS"):
        _bench_plays(size)
        return
    addon, churn = ["lifecycle_crm"], ["lifecycle_crm", "churn_scoring"]
    _ours, theirs = addons.with_dependencies(churn)
    with (
        everything() as odoo,
        databases.temporary(odoo, theirs) as plain,
        tempfile.TemporaryDirectory(dir=RUN) as folder,
    ):
        requirements = ROOT / "benchmarks" / "requirements.txt"
        python_env.ensure_folder(LIFETIMES, requirements, "package lifetimes")
        figures = Path(folder) / "figures.json"
        _bench(odoo, "generate", plain, size)
        # the same data, without and with the addon
        with databases.temporary(odoo, addon, base=plain) as ours:
            _bench(odoo, "measure", ours, plain, size, figures)
            with databases.temporary(odoo, ["lifecycle_play"], base=ours) as plays:
                _bench(odoo, "plays", plays, figures)
            databases.update(odoo, ours, churn)
            _bench(odoo, "churn", ours, figures, LIFETIMES)
        if out:
            shutil.copy(figures, Path(out).expanduser().resolve())
        _bench(odoo, "show", figures)


def _bench_tiers(size: str, rest: list[Path]) -> None:
    """The same data with the addon of tiers twice: one copy gets tiers."""
    addon = ["loyalty_program"]
    _ours, theirs = addons.with_dependencies(addon)
    with everything() as odoo, databases.temporary(odoo, theirs) as plain:
        _bench(odoo, "generate", plain, size)
        with (
            databases.temporary(odoo, addon, base=plain) as without,
            databases.temporary(odoo, addon, base=plain) as ours,
        ):
            _bench(odoo, "tiers", ours, without, size, *rest)


def _bench_plays(size: str) -> None:
    """Plays alone: entering one, and telling what it earned."""
    addon = ["lifecycle_play"]
    _ours, theirs = addons.with_dependencies(addon)
    with everything() as odoo, databases.temporary(odoo, theirs) as plain:
        _bench(odoo, "generate", plain, size)
        with databases.temporary(odoo, addon, base=plain) as ours:
            _bench(odoo, "plays", ours)
            _bench(odoo, "playresults", ours)


def _bench(odoo: Odoo, *arguments: str | Path) -> None:
    """A command of benchmarks/run.py; what it prints is seen at once."""
    command = list(map(str, [PYTHON, "-u", BENCHMARKS, *arguments]))
    process = subprocess.Popen(command, env=odoo.environment(), cwd=ROOT)
    try:
        status = process.wait()
    except BaseException:
        stop(process)
        raise
    if status:
        raise SystemExit(status)


def clean() -> None:
    """make clean"""
    if not LOCAL.exists():
        say("There is nothing to remove.")
        return
    prepare_local()
    server.stop()
    if postgres.is_running():
        raise Problem("A command of this checkout is still at work; let it end first.")
    with step(f"removing {LOCAL.name}/"):
        # renamed first, so that an interrupted removal leaves nothing half there
        rest = LOCAL.with_name(f"{LOCAL.name}.{os.getpid()}.tmp")
        LOCAL.rename(rest)
        shutil.rmtree(rest)


def _require(name: str) -> None:
    if not databases.exists(name):
        raise Problem(f"There is no database {name}. Build it: make db DB={name}")
