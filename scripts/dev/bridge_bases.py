"""What bridges stand on: cases, their databases, Odoo on a path with just these."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from . import addons, databases, postgres
from .console import duration, run_logged, step
from .files import digest, remove_tree
from .odoo import OCA_ADDONS, Odoo
from .settings import ADDONS, LOCAL, LOG, OCA_PINS, ROOT, RUN, our_modules

LOOK = ROOT / "scripts" / "bridges" / "look.py"
RESULTS = LOCAL / "bridges"
LOGS = LOG / "bridges.log"
BAD = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
DONE = (
    "installed",
    "clean log",
    "same scores",
    "queries",
    "uninstalled clean",
    "scores after",
)


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


def list_cases() -> list[Case]:
    """None, each by itself, all; each can grow from one before it."""
    bridges = [n for n in our_modules() if addons.manifest(n).get("auto_install")]
    main = [name for name in our_modules() if name not in bridges]
    cases = [Case("none", main, addons.with_dependencies(main)[1])]
    for name in bridges:
        needed = addons.with_dependencies(addons.manifest(name)["depends"])
        cases.append(Case(name, [name], [*needed[0], *needed[1]]))
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
        with step(title), only(self.odoo, case.base) as odoo:
            run_odoo(odoo, building, ["-i", ",".join(missing)], problems)
            if not {*case.base}.isdisjoint(our_modules()):
                look(odoo, building, problems, nights=[0])
        databases.rename(building, name)
        return name

    def drop(self) -> None:
        for case in self.known:
            databases.drop(self.name(case))
        for path in RESULTS.glob(f"{self.prefix}_*.json"):
            path.unlink()


@contextlib.contextmanager
def only(odoo: Odoo, names: list[str]) -> Iterator[Odoo]:
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


def look(odoo: Odoo, name: str, problems: list[str], **todo: object) -> None:
    """Run scripts/bridges/look.py in an Odoo shell."""
    run_odoo(odoo, name, [], problems, json.dumps(todo, default=str))


def run_odoo(
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
