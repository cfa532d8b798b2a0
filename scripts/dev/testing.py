"""make test and make test-fast."""

import shlex
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from . import chromium, data, databases, lint, postgres, setup
from .console import Problem, duration, say, stop
from .files import lock
from .odoo import Odoo
from .python_env import PYTHON
from .settings import ADDONS, LOG, ROOT, database, get, our_modules

KERNEL = ROOT / "tests" / "kernel"
NOTHING_COLLECTED = 5  # pytest's exit status


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
        modules = our_modules()
        if modules:
            with databases.temporary(odoo, modules) as name:
                results.append(_odoo(odoo, name, _odoo_tests()))
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
    name = database("dev_test")
    with setup.everything() as odoo, lock(f"tests-{name}"):
        chromium.ensure()
        _keep(odoo, name)
        before_tests = time.monotonic()
        return _report(
            [_odoo(odoo, name, targets or _odoo_tests())], start, before_tests
        )


def _keep(odoo: Odoo, name: str) -> None:
    """A test database that lasts: updated if our sources changed, else as it is."""
    modules = our_modules()
    if not databases.built_from(name):
        databases.build(odoo, name, modules, demo=False)
        return
    try:
        databases.update(odoo, name, modules)
    except Problem:
        databases.drop(name)  # half updated, it would only mislead
        raise


def _odoo_tests() -> list[str]:
    folders = [ADDONS / name / "tests" for name in our_modules()]
    found = [str(folder) for folder in folders if folder.is_dir()]
    if any((ROOT / "tests").glob("test_*.py")):
        found += [str(path) for path in sorted((ROOT / "tests").glob("test_*.py"))]
    return found


def _lint(odoo: Odoo) -> Result:
    start = time.monotonic()
    return Result("lint", lint.check(odoo), time.monotonic() - start)


def _kernel(odoo: Odoo, targets: list[str]) -> Result:
    """The scoring packages by themselves: no Odoo, no database."""
    data.cdnow_files()
    return _pytest(odoo, "kernel tests", ["-p", "no:odoo", *targets])


def _odoo(odoo: Odoo, name: str, targets: list[str]) -> Result:
    options = [
        f"--odoo-database={name}",
        "--odoo-http",
        "--odoo-log-level=error",
        *("-p", "scripts.dev.strict_browser"),
        "--durations=10",
    ]
    if not targets:
        return Result("Odoo tests", True, 0)
    data.cdnow_files()
    return _pytest(odoo, "Odoo tests", [*options, *targets])


def _pytest(odoo: Odoo, name: str, arguments: list[str]) -> Result:
    say(f"\n--- {name} ---")
    report = LOG / f"{name.replace(' ', '-').lower()}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [PYTHON, "-m", "pytest", f"--junitxml={report}", *arguments]
    command += shlex.split(get("ARGS"))
    env = odoo.test_environment(database="no:odoo" not in arguments)
    start = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)), env=env, cwd=ROOT, stdin=subprocess.DEVNULL
    )
    try:
        status = process.wait()
    except BaseException:
        stop(process)
        raise
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
