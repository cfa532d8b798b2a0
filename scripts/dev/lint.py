"""make lint and make format: ruff for Python, pylint-odoo for Odoo's own rules."""

import os
import subprocess

from .console import Problem, say, step
from .odoo import Odoo
from .python_env import PYTHON
from .settings import LOCAL, ROOT, examples, folder, our_modules
from .setup import parts

FOLDERS = ("addons", "benchmarks", "docs/example", "scripts", "tests")


def run() -> int:
    """make lint"""
    return 0 if check(parts()) else 1


def check(odoo: Odoo) -> bool:
    """Run all linters, show what they find, and say whether it was nothing."""
    folders = _folders()
    checks = {
        "ruff check": ["ruff", "check", *folders],
        "ruff format": ["ruff", "format", "--diff", *folders],
    }
    if modules := [*our_modules(), *examples()]:
        paths = [str(folder(name)) for name in modules]
        checks["pylint-odoo"] = ["pylint", "--rcfile=.pylintrc", *paths]
    return all([_check(odoo, name, command) for name, command in checks.items()])


def fix() -> None:
    """make format"""
    odoo = parts()
    for command in (["check", "--fix"], ["format"]):
        subprocess.run(
            [PYTHON, "-m", "ruff", *command, *_folders()],
            env=_environment(odoo),
            cwd=ROOT,
            check=False,
        )


def _check(odoo: Odoo, name: str, command: list[str]) -> bool:
    try:
        with step(f"lint: {name}"):
            result = subprocess.run(
                [PYTHON, "-m", *command],
                capture_output=True,
                text=True,
                env=_environment(odoo),
                cwd=ROOT,
                check=False,
            )
            if result.returncode:
                raise Problem(result.stdout + result.stderr)
    except Problem as problem:
        say(str(problem))
        return False
    return True


def _environment(odoo: Odoo) -> dict[str, str]:
    return {**odoo.environment(database=False), "PYLINTHOME": str(LOCAL / "pylint")}


def _folders() -> list[str]:
    return [name for name in FOLDERS if os.path.isdir(ROOT / name)]
