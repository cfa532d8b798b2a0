"""make core-tests: Odoo's own tests of what we extend, without and with our addons.

Both databases have the same modules of Odoo, so only our addons differ. pytest runs
every test, whether tagged at_install or post_install, on the complete registry. That is
stricter than Odoo's runner, which runs at_install tests before our addons are loaded
and so could never see us break one.
"""

import json
import re
import time
from collections.abc import Iterable

from . import addons, chromium, databases
from .console import Problem, duration, run_logged, say, step
from .files import digest, read_json, write_whole
from .odoo import Odoo
from .python_env import PYTHON
from .settings import LOCAL, LOG, ROOT, flag, get, main_modules, our_modules
from .setup import everything

TESTED = ("sales_team", "crm", "sale", "sale_crm", "loyalty", "sale_loyalty")
TESTED_NEIGHBOURS = (
    "helpdesk_mgmt",
    "helpdesk_mgmt_crm",
    "helpdesk_mgmt_rating",
    "helpdesk_mgmt_sale",
    "helpdesk_mgmt_sla",
    "mass_mailing",
    "point_of_sale",
    "pos_loyalty",
    "sale_margin",
    "website_sale_loyalty",
)
RESULTS = LOCAL / "core-tests"
FAILED_TESTS = 1  # pytest's exit status, as good a result as 0 here


def run() -> int:
    """make core-tests [FRESH=1] [NEIGHBOURS=1] [T=crm,sale]"""
    start = time.monotonic()
    fresh = flag("FRESH")
    neighbours = flag("NEIGHBOURS")
    usual = TESTED_NEIGHBOURS if neighbours else TESTED
    tested = tuple(get("T").split(",")) if get("T") else usual
    with everything() as odoo:
        chromium.ensure()
        ours = our_modules() if neighbours else main_modules()
        _ours, theirs = addons.with_dependencies([*ours, *usual])
        folders = [str(odoo.addon(name) / "tests") for name in tested]
        without = _baseline(odoo, theirs, folders, fresh)
        with_ours = _measure(odoo, "with our addons", [*theirs, *ours], folders)
        steady = _without_unsteady(odoo, [*theirs, *ours], without, with_ours)
    _save("with.json", [*theirs, *ours], steady)
    same = _compare(without, steady)
    say(f"core-tests took {duration(time.monotonic() - start)}; see {RESULTS}")
    return 0 if same else 1


def _baseline(
    odoo: Odoo, modules: list[str], tests: list[str], fresh: bool
) -> dict[str, str]:
    """Without our addons; kept until Odoo, its modules or its libraries change."""
    key = digest([odoo.source.version, *modules, *tests, ROOT / "requirements.txt"])
    path = f"without-{key}.json"
    saved = read_json(RESULTS / path)
    if saved and not fresh:
        say("- without our addons: the results of an earlier run (FRESH=1 repeats it)")
        return saved["results"]
    results = _measure(odoo, "without our addons", modules, tests)
    _save(path, modules, results)
    return results


def _save(name: str, modules: list[str], results: dict[str, str]) -> None:
    content = {"modules": modules, "results": results}
    write_whole(RESULTS / name, json.dumps(content, indent=1, sort_keys=True))


def _measure(
    odoo: Odoo, kind: str, modules: list[str], tests: list[str]
) -> dict[str, str]:
    with (
        databases.temporary(odoo, modules) as name,
        step(f"Odoo's tests {kind}") as line,
    ):
        results = _pytest(odoo, name, kind, tests, line)
        line.note = f"{len(results)} tests, {len(_failing(results))} failed"
    return results


def _pytest(odoo: Odoo, database: str, kind: str, tests: list[str], line) -> dict:
    output = RESULTS / f"{database}.json"
    RESULTS.mkdir(exist_ok=True)

    def show(text: str) -> None:
        if match := re.search(r"\[ *(\d+%)]$", text.strip()):
            line.progress(match[1])

    try:
        run_logged(
            [
                *(PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                *("-p", "scripts.dev.strict_browser"),
                *("-p", "scripts.dev.record_results"),
                *(f"--odoo-database={database}", "--odoo-http"),
                *tests,
            ],
            LOG / f"core-tests-{kind.split()[0]}.log",
            what="pytest",
            env={**odoo.test_environment(), "RECORD_RESULTS": str(output)},
            cwd=ROOT,
            on_line=show,
            accept=(0, FAILED_TESTS),
        )
        return read_json(output)
    finally:
        output.unlink(missing_ok=True)


def _without_unsteady(
    odoo: Odoo, modules: list[str], without: dict[str, str], with_ours: dict[str, str]
) -> dict[str, str]:
    """Repeat what failed only with our addons: a browser test may fail by chance."""
    suspects = sorted(_failing(with_ours) - _failing(without))
    if not suspects:
        return with_ours
    again = _measure(odoo, "with our addons, what failed anew", modules, suspects)
    unsteady = [name for name in suspects if again.get(name) == "passed"]
    _list("Failed once and passed when repeated", unsteady)
    return {**with_ours, **dict.fromkeys(unsteady, "passed")}


def _failing(results: dict[str, str]) -> set[str]:
    return {name for name, outcome in results.items() if outcome == "failed"}


def _compare(without: dict[str, str], with_ours: dict[str, str]) -> bool:
    if not without or not with_ours:
        raise Problem(f"pytest left no results; see {LOG}/core-tests-*.log.")
    before, after = _failing(without), _failing(with_ours)
    ran_before = {name for name, how in without.items() if how != "skipped"}
    ran_after = {name for name, how in with_ours.items() if how != "skipped"}
    say()
    _list("Odoo's own failures, without our addons", before)
    _list("FAIL ONLY WITH our addons", after - before)
    _list("PASS ONLY WITH our addons", (before - after) & ran_after)
    _list("RUN ONLY WITHOUT our addons", ran_before - ran_after)
    _list("RUN ONLY WITH our addons", ran_after - ran_before)
    same = before == after and ran_before == ran_after
    say(
        f"{len(ran_before)} tests without, {len(ran_after)} with our addons: "
        + (f"the same {len(before)} of them fail." if same else "NOT the same result.")
    )
    return same


def _list(title: str, names: Iterable[str]) -> None:
    names = sorted(names)
    if names:
        say(f"{title} ({len(names)}):")
        for name in names:
            say(f"  {name.rpartition('/addons/')[2]}")
