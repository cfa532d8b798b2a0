"""make bridges: none, each bridge alone and all together, from coming to going.

Each stands on a database with its neighbours, the addons it needs, the demo company and
nothing else of ours: the addons path has no more. Into one copy the bridge is
installed, updated, a night goes by, it is uninstalled, another night goes by. A second
copy sees the same nights without it. Afterwards both must be the same.
"""

import os
import time

from scripts.bridges import difference

from . import databases
from .bridge_bases import (
    DONE,
    LOGS,
    RESULTS,
    Bases,
    Case,
    list_cases,
    look,
    only,
    run_odoo,
)
from .console import Problem, duration, say, step
from .files import lock, read_json
from .odoo import Odoo
from .settings import ROOT, RUN, database, flag, get
from .setup import everything

# Days from now: for what a bridge asks when it comes, then one when customers move.
NIGHTS = (0, 30)
MORE_QUERIES = 3  # that a screen of a neighbour may ask with our bridges

_PARTS = ("profiles", "queries", "parts")  # of what look.py writes

# What a bridge is for: columns of the profile that it may change.
TOUCHED: dict[str, set[str]] = {}
# What people made with a bridge's demo data, and keep; and what a night makes anew.
KEPT: dict[str, set[str]] = {}


def run() -> int:
    """make bridges [T=none,lifecycle_pos,all] [DB=bridges] [KEEP=1]"""
    start = time.monotonic()
    prefix = database("bridges")
    cases = list_cases()
    if wanted := [name for name in get("T").split(",") if name]:
        if unknown := set(wanted) - {case.name for case in cases}:
            raise Problem(f"T={','.join(sorted(unknown))} is none of the bridges.")
        cases = [case for case in cases if case.name in wanted]
    RESULTS.mkdir(exist_ok=True)
    LOGS.unlink(missing_ok=True)
    with everything() as odoo, lock(f"bridges-{prefix}"):
        bases = Bases(odoo, prefix, cases)
        try:
            for case in cases:
                try:
                    _try(odoo, bases, case)
                except Problem as problem:
                    case.problems.setdefault("installed", []).append(str(problem))
        finally:
            if not flag("KEEP"):
                bases.drop()
    _report(cases)
    say(f"\nbridges took {duration(time.monotonic() - start)}; see {RESULTS}")
    return 1 if any(any(case.problems.values()) for case in cases) else 0


def _try(odoo: Odoo, bases: Bases, case: Case) -> None:
    base = bases.get(case)
    start = time.monotonic()
    has_profiles = "lifecycle_crm" in case.base
    log: list[str] = []
    files = {part: RUN / f"{bases.prefix}-{part}.json" for part in _PARTS}
    with step(f"{case.name}"), databases.copy_of(base) as copy:
        before = _without(odoo, base, case)
        with only(odoo, [*case.base, *case.added]) as complete:
            names = ",".join(case.added)
            run_odoo(complete, copy, ["-i", names], log)
            missing = databases.not_installed(copy, case.added)
            case.problems["installed"] = [f"{name} is not" for name in missing]
            run_odoo(complete, copy, ["-u", names], log)
            todo = {"nights": NIGHTS, **files, "uninstall": case.added}
            del todo["parts"]
            look(complete, copy, log, **todo)
            during = {part: read_json(file) for part, file in files.items()}
            todo = {"nights": NIGHTS[-1:], **files} if has_profiles else {}
            look(complete, copy, log, **{**todo, "parts": files["parts"]})
            after = {part: read_json(file) for part, file in files.items()}
        if flag("KEEP"):
            databases.copy(copy, f"{bases.prefix}_{case.name}")
    for file in files.values():
        file.unlink()
    case.problems["clean log"] = log
    if has_profiles:
        scores = before["profiles"]
        touched = TOUCHED.get(case.name, set())
        same = difference.of_profiles(scores, during["profiles"], touched)
        case.problems["same scores"] = same
        asked = before["queries"], during["queries"]
        case.problems["queries"] = difference.of_queries(*asked, MORE_QUERIES)
        same = difference.of_profiles(scores, after["profiles"])
        case.problems["scores after"] = same
        case.queries = {
            name: (number, during["queries"].get(name))
            for name, number in asked[0].items()
        }
    old, new = before["parts"], after["parts"]
    passing = difference.NIGHTLY | KEPT.get(case.name, set())
    case.problems["uninstalled clean"] = [
        *difference.of_schema(old["schema"], new["schema"]),
        *difference.of_rows(old["rows"], new["rows"], passing),
    ]
    case.seconds = time.monotonic() - start


def _without(odoo: Odoo, base: str, case: Case) -> dict:
    """The same night without the bridge; kept as long as the database it is of."""
    today = time.strftime("%Y%m%d")
    files = {part: RESULTS / f"{base}-{today}-{part}.json" for part in _PARTS}
    if not files["parts"].exists():
        with databases.copy_of(base) as copy, only(odoo, case.base) as alone:
            todo = {"nights": NIGHTS, **files}
            if "lifecycle_crm" not in case.base:
                todo = {"parts": files["parts"]}
            look(alone, copy, [], **todo)
    return {part: read_json(file) for part, file in files.items()}


def _report(cases: list[Case]) -> None:
    say(f"\n| Bridge | {' | '.join(DONE)} | Time |")
    say(f"|---|{'---|' * len(DONE)}---:|")
    for case in cases:
        say(case.row())
    say("\n| Queries of | with | before | after |\n|---|---|---:|---:|")
    for case in cases:
        for name, (before, after) in case.queries.items():
            say(f"| {name} | `{case.name}` | {before} | {after} |")
    for case in cases:
        lines = [
            f"{name}: {line}" for name, found in case.problems.items() for line in found
        ]
        path = RESULTS / f"{case.name}.txt"
        path.write_text("".join(f"{line}\n" for line in lines))
        if lines:
            say(f"\n{case.name} (all of it: {os.path.relpath(path, ROOT)}):")
            for line in lines[:20]:
                say(f"  {line[:200]}")
