"""make translations: the terms of our addons, and what is not translated yet."""

import subprocess

from . import databases
from .console import Problem, say, step
from .odoo import Odoo
from .python_env import PYTHON
from .settings import ROOT, our_modules
from .setup import everything

MERGE = ROOT / "scripts" / "merge_translations.py"


def run() -> int:
    """make translations"""
    modules = our_modules()
    with everything() as odoo:
        # without demo data: its names are nobody's terms
        with databases.temporary(odoo, modules) as name:
            export(odoo, name, modules)
        return subprocess.run(
            [PYTHON, MERGE, *modules], cwd=ROOT, check=False
        ).returncode


def export(odoo: Odoo, name: str, modules: list[str]) -> None:
    """Write each addon's i18n/ADDON.pot from a database that it is installed in."""
    if missing := [m for m in modules if not (ROOT / "addons" / m / "i18n").is_dir()]:
        for module in missing:
            (ROOT / "addons" / module / "i18n").mkdir()
    with step("the terms of our addons"):
        odoo.run(
            *("i18n", "export", "-d", name, *modules),
            log="translations.log",
            what="Exporting the terms",
        )
    if left := [m for m in modules if not _template(m).is_file()]:
        raise Problem(f"Odoo wrote no terms of {', '.join(left)}.")
    say("Merging them with the translations:")


def _template(module: str):
    return ROOT / "addons" / module / "i18n" / f"{module}.pot"
