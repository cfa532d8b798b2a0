"""make test and make test-fast."""

import shlex
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, replace
from pathlib import Path

from . import chromium, data, databases, lint, postgres, setup, side_by_side
from .console import Problem, duration, say
from .files import lock
from .odoo import Odoo
from .python_env import PYTHON
from .settings import (
    ADDONS,
    EXAMPLES,
    LOG,
    ROOT,
    bridges,
    database,
    examples,
    get,
    main_modules,
    our_modules,
)

KERNEL = ROOT / "tests" / "kernel"
NOTHING_COLLECTED = 5  # pytest's exit status
# who may do what is asked of all that is installed, so with all neighbours, too
RIGHTS = sorted(map(str, ADDONS.glob("lifecycle_crm/tests/test_rights*.py")))


@dataclass
class Result:
    name: str
    ok: bool
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        verdict = "ok" if self.ok else "FAILED"
        counts = f"{self.passed} passed" if self.passed or self.failed else ""
        counts += f", {self.failed} failed" if self.failed else ""
        counts += f", {self.skipped} skipped" if self.skipped else ""
        return f"  {self.name:14} {verdict:8}{counts:32}{duration(self.seconds)}"


def everything() -> int:
    """make test"""
    start = time.monotonic()
    odoo = setup.parts()
    chromium.ensure()
    before_tests = time.monotonic()
    results = [_lint(odoo)]
    if KERNEL.exists():
        results.append(_kernel(odoo, [str(KERNEL)]))
    with postgres.used() as started:
        results += _all_parts(odoo)
    if started:
        postgres.stop_if_unused()
    return _report(results, start, before_tests)


def some() -> int:
    """make test-fast [T=path ...] [DB=dev_test]"""
    start = time.monotonic()
    targets = shlex.split(get("T"))
    if targets and all("tests/kernel" in t for t in targets if not t.startswith("-")):
        odoo = setup.parts()
        return _report([_kernel(odoo, targets)], start, start)
    with_bridges = any(
        f"addons/{name}/" in f"{t}/" for name in bridges() for t in targets
    )
    with_examples = any(f"{name}/" in f"{t}/" for name in examples() for t in targets)
    modules = our_modules() if with_bridges else main_modules()
    name = "dev_neighbours" if with_bridges else "dev_test"
    if with_examples:
        modules, name = [*modules, *examples()], "dev_examples"
    name = database(name)
    with setup.everything() as odoo, lock(f"tests-{name}"):
        odoo = _with_examples(odoo) if with_examples else odoo
        chromium.ensure()
        _keep(odoo, name, modules)
        before_tests = time.monotonic()
        targets = targets or [path for _, paths in _parts() for path in paths]
        return _report([_odoo(odoo, name, targets)], start, before_tests)


def _all_parts(odoo: Odoo) -> list[Result]:
    """All Odoo tests, on two databases at once: half of the time is waiting."""
    data.cdnow_files()
    with (
        databases.temporary(odoo, main_modules()) as built,
        side_by_side.Jobs() as jobs,
    ):

        def main(part: str, targets: list[str]) -> Result:
            if part == "examples":
                able = _with_examples(odoo)
                with databases.temporary(able, examples(), base=built) as name:
                    return _odoo(able, name, targets, part)
            with databases.copy_of(built) as name:
                return _odoo(odoo, name, targets, part)

        def with_bridges(part: str, targets: list[str]) -> Result:
            with databases.temporary(odoo, our_modules()) as name:
                return _odoo(odoo, name, targets, part)

        for part, targets in [*_parts(), ("examples", _folders(examples(), EXAMPLES))]:
            jobs.add(main, part, targets)
            if part == "lifecycle_crm" and (folders := _folders(bridges())):
                # early: its database takes the longest to build
                jobs.add(with_bridges, "bridges", [*folders, *RIGHTS])
        return jobs.results()


def _keep(odoo: Odoo, name: str, modules: list[str]) -> None:
    """A test database that lasts: updated if our sources changed, else as it is."""
    if not databases.built_from(name):
        databases.build(odoo, name, modules, demo=False)
        return
    try:
        databases.update(odoo, name, modules)
    except Problem:
        databases.drop(name)  # half updated, it would only mislead
        raise


def _parts() -> list[tuple[str, list[str]]]:
    """What can run by itself, the longest first; the bridges' tests not among it."""
    parts = [(name, _folders([name])) for name in main_modules()]
    apart = [str(path) for path in sorted((ROOT / "tests").glob("test_*.py"))]
    return [part for part in [*parts[:1], ("tests", apart), *parts[1:]] if part[1]]


def _with_examples(odoo: Odoo) -> Odoo:
    """The same, with the example addons of the documentation within reach."""
    return Odoo(replace(odoo.source, addons=(EXAMPLES, *odoo.source.addons)))


def _folders(modules: list[str], root: Path = ADDONS) -> list[str]:
    folders = [root / name / "tests" for name in modules]
    return [str(folder) for folder in folders if folder.is_dir()]


def _lint(odoo: Odoo) -> Result:
    start = time.monotonic()
    return Result("lint", lint.check(odoo), time.monotonic() - start)


def _kernel(odoo: Odoo, targets: list[str]) -> Result:
    """The scoring packages by themselves: no Odoo, no database."""
    data.cdnow_files()
    return _pytest(odoo, "kernel tests", ["-p", "no:odoo", *targets])


def _odoo(odoo: Odoo, name: str, targets: list[str], part: str = "") -> Result:
    options = [
        f"--odoo-database={name}",
        "--odoo-http",
        "--odoo-log-level=error",
        *("-p", "scripts.dev.strict_browser"),
        "--durations=10",
    ]
    data.cdnow_files()
    return _pytest(odoo, part or "Odoo tests", [*options, *targets], bool(part))


def _pytest(
    odoo: Odoo, name: str, arguments: list[str], beside_others: bool = False
) -> Result:
    """Run it with its output shown, each line with the name of its part if need be."""
    say(f"\n--- {name} ---")
    report = LOG / f"{name.replace(' ', '-').lower()}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [PYTHON, "-m", "pytest", f"--junitxml={report}", *arguments]
    command += shlex.split(get("ARGS"))
    env = odoo.test_environment(database="no:odoo" not in arguments)
    start = time.monotonic()
    status = side_by_side.run(command, env, ROOT, f"{name}: " if beside_others else "")
    # nothing collected is fine where a person chose what to run, not in the gate
    fine = (0, NOTHING_COLLECTED) if get("T") else (0,)
    result = Result(name, status in fine, time.monotonic() - start)
    _count(result, report)
    return result


def _count(result: Result, report: Path) -> None:
    if not report.exists():
        return
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        result.failed += int(suite.get("failures")) + int(suite.get("errors"))
        result.skipped += int(suite.get("skipped"))
        result.passed += int(suite.get("tests"))
    result.passed -= result.failed + result.skipped


def _report(results: list[Result], start: float, before_tests: float) -> int:
    say("\n--- result ---")
    for result in results:
        say(str(result))
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    end = time.monotonic()
    say(f"  set up in {duration(before_tests - start)}")
    ok = all(result.ok for result in results)
    verdict = "all is well" if ok else "NOT all is well"
    say(f"{passed} passed, {failed} failed: {verdict}, {duration(end - start)} in all")
    return 0 if ok else 1
