"""make bridges: none, each bridge alone and all together, from coming to going.

Each stands on a database with its neighbours, the addons it needs, the demo company and
nothing else of ours: the addons path has no more. Into one copy the bridge is
installed, updated, a night goes by, it is uninstalled, another night goes by. A second
copy sees the same nights without it. Afterwards both must be the same.
"""

import contextlib
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from scripts.bridges import difference

from . import addons, databases, postgres
from .console import Problem, duration, run_logged, say, step
from .files import digest, lock, read_json, remove_tree
from .odoo import OCA_ADDONS, Odoo
from .settings import (
    ADDONS,
    LOCAL,
    LOG,
    OCA_PINS,
    ROOT,
    RUN,
    database,
    flag,
    get,
    our_modules,
)
from .setup import everything

LOOK = ROOT / "scripts" / "bridges" / "look.py"
RESULTS = LOCAL / "bridges"
LOGS = LOG / "bridges.log"
LATER = 30  # days: in which customers move
BAD = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
MORE_QUERIES = 3  # that a screen of a neighbour may ask with our bridges
DONE = (
    "installed",
    "clean log",
    "same scores",
    "queries",
    "uninstalled clean",
    "scores after",
)

_PARTS = ("profiles", "queries", "parts")  # of what look.py writes

# What a bridge is for: columns of the profile that it may change.
TOUCHED: dict[str, set[str]] = {}
# What people made with a bridge's demo data, and keep; and what a night makes anew.
KEPT: dict[str, set[str]] = {}


@dataclass
class Case:
    """What is installed, and what it stands on."""

    name: str
    added: list[str]
    base: list[str]
    problems: dict[str, list[str]] = field(default_factory=dict)
    queries: dict[str, tuple[int, int]] = field(default_factory=dict)
    seconds: float = 0

    @cached_property
    def key(self) -> str:
        ours = [name for name in self.base if name in our_modules()]
        pins = [OCA_PINS] if OCA_ADDONS.is_dir() else []
        digests = addons.source_digests(ours)
        return digest([*sorted(self.base), *sorted(digests.values()), *pins])

    def row(self) -> str:
        cells = [
            "–" if name not in self.problems else f"{len(self.problems[name]) or 'yes'}"
            for name in DONE
        ]
        return f"| `{self.name}` | {' | '.join(cells)} | {duration(self.seconds)} |"


def run() -> int:
    """make bridges [T=none,lifecycle_pos,all] [DB=bridges] [KEEP=1]"""
    start = time.monotonic()
    prefix = database("bridges")
    cases = _cases()
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


def _cases() -> list[Case]:
    bridges = [n for n in our_modules() if addons.manifest(n).get("auto_install")]
    main = [name for name in our_modules() if name not in bridges]
    cases = [Case("none", main, addons.with_dependencies(main)[1])]
    for name in bridges:
        needed = addons.with_dependencies(addons.manifest(name)["depends"])
        cases.append(Case(name, [name], [*needed[0], *needed[1]]))
    # each can then grow from one before it
    cases.sort(key=lambda case: (case.name != "none", len(case.base)))
    ours, theirs = addons.with_dependencies(bridges)
    rest = [name for name in ours if name not in bridges]
    cases.append(Case("all", bridges, [*rest, *theirs]))
    return cases


class Bases:
    """Databases that bridges are put into, each grown from the nearest one."""

    def __init__(self, odoo: Odoo, prefix: str, cases: list[Case]) -> None:
        self.odoo = odoo
        self.prefix = prefix
        smallest = addons.with_dependencies(["lifecycle_crm"])[1]
        every = addons.with_dependencies(our_modules())[1]
        # those that other commands build, too: with nothing of ours
        self.roots = [Case("", [], smallest), Case("", [], every)]
        company = Case("", [], ["lifecycle_crm", *smallest])
        self.known = [*self.roots, company, *cases]

    def name(self, case: Case) -> str:
        return f"{self.prefix}_{case.key}"

    def get(self, case: Case) -> str:
        """Name of the database with what the case stands on, built if need be."""
        name = self.name(case)
        if databases.exists(name):
            return name
        if case in self.roots:
            databases.build(self.odoo, name, case.base, demo=True)
            # built with all of ours on the path, it would ask for those that install
            # themselves
            postgres.psql(
                """DELETE FROM ir_module_module WHERE name = ANY(:'names'::text[]);
                DELETE FROM ir_model_data d WHERE model = 'ir.module.module'
                    AND NOT EXISTS (
                        SELECT FROM ir_module_module m WHERE m.id = d.res_id)""",
                name,
                names=f"{{{','.join(our_modules())}}}",
            )
            return name
        smaller = [c for c in self.known if {*c.base} < {*case.base}]
        # these are always worth a database of their own
        smaller = [c for c in smaller if not c.name or databases.exists(self.name(c))]
        nearest = max(smaller, key=lambda c: len(c.base))
        building = f"{databases.BUILDING}{name}"
        databases.copy(self.get(nearest), building)
        missing = sorted({*case.base} - {*nearest.base})
        title = f"what {case.name or 'all'} stands on: {', '.join(missing)}"
        problems: list[str] = []  # whose they are shows where nothing of ours is
        with step(title), _only(self.odoo, case.base) as odoo:
            _odoo(odoo, building, ["-i", ",".join(missing)], problems)
            if not {*case.base}.isdisjoint(our_modules()):
                _look(odoo, building, problems, night=0)
        databases.rename(building, name)
        return name

    def drop(self) -> None:
        for case in self.known:
            databases.drop(self.name(case))
        for path in RESULTS.glob(f"{self.prefix}_*.json"):
            path.unlink()


@contextlib.contextmanager
def _only(odoo: Odoo, names: list[str]) -> Iterator[Odoo]:
    """Odoo with these of our addons on its path, and none of the others.

    Otherwise those that install themselves would.
    """
    ours = sorted({*names} & {*our_modules()})
    folder = RUN / f"bridges-{digest(ours)}"
    remove_tree(folder)
    folder.mkdir(parents=True)
    for name in ours:
        (folder / name).symlink_to(ADDONS / name)
    try:
        yield Odoo(odoo.source, folder)
    finally:
        remove_tree(folder)


def _try(odoo: Odoo, bases: Bases, case: Case) -> None:
    base = bases.get(case)
    start = time.monotonic()
    has_profiles = "lifecycle_crm" in case.base
    log: list[str] = []
    files = {part: RUN / f"{bases.prefix}-{part}.json" for part in _PARTS}
    with step(f"{case.name}"), databases.copy_of(base) as copy:
        before = _without(odoo, base, case)
        with _only(odoo, [*case.base, *case.added]) as complete:
            names = ",".join(case.added)
            _odoo(complete, copy, ["-i", names], log)
            missing = databases.not_installed(copy, case.added)
            case.problems["installed"] = [f"{name} is not" for name in missing]
            _odoo(complete, copy, ["-u", names], log)
            todo = {"night": LATER, **files, "uninstall": case.added}
            del todo["parts"]
            _look(complete, copy, log, **todo)
            during = {part: read_json(file) for part, file in files.items()}
            todo = {"night": LATER, **files} if has_profiles else {}
            _look(complete, copy, log, **{**todo, "parts": files["parts"]})
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
        with databases.copy_of(base) as copy, _only(odoo, case.base) as alone:
            todo = {"night": LATER, **files}
            if "lifecycle_crm" not in case.base:
                todo = {"parts": files["parts"]}
            _look(alone, copy, [], **todo)
    return {part: read_json(file) for part, file in files.items()}


def _look(odoo: Odoo, name: str, problems: list[str], **todo: object) -> None:
    """Run scripts/bridges/look.py in an Odoo shell."""
    _odoo(odoo, name, [], problems, json.dumps(todo, default=str))


def _odoo(
    odoo: Odoo, name: str, options: list[str], problems: list[str], look: str = ""
) -> None:
    """Run it, with its log in a file and what is bad there in ``problems``."""

    def watch(text: str) -> None:
        if BAD.match(text):
            problems.append(" ".join(text.split()[3:])[:400])

    first = ["shell"] if look else []
    last = [] if look else ["--stop-after-init", "--with-demo"]
    run_logged(
        odoo.command(*first, "-d", name, "--no-http", *options, *last),
        LOGS,
        what="Odoo",
        env={
            **odoo.environment(throw_away=True),
            "LOOK": look,
            "OUR_ADDONS": ",".join(our_modules()),
        },
        cwd=ROOT,
        on_line=watch,
        script=LOOK if look else None,
    )


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
