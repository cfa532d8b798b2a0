"""Where things are and what the caller asked for.

The values of ``make X=...`` arrive as environment variables; they are only ever read
here and handed on as arguments, never put through a shell again.
"""

import ast
import os
import re
from pathlib import Path

from .console import Problem

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
# Addons that docs/extending.md explains: installed by the tests only.
EXAMPLES = ROOT / "docs" / "example"
CONFIG = ROOT / "odoo.conf"

LOCAL = (ROOT / ".local").resolve()  # may be a link: several checkouts, one setup
APT = LOCAL / "apt"
DATA_FILES = LOCAL / "data"
DOWNLOADS = LOCAL / "downloads"
FILESTORE = LOCAL / "filestore"
LOG = LOCAL / "log"
OCA = LOCAL / "oca"
OCA_PINS = ROOT / "test-requirements.txt"
ODOO_PREFIX = LOCAL / "odoo"
PGDATA = LOCAL / "pgdata"
RUN = LOCAL / "run"
VENV = LOCAL / "venv"

MODULES = ("lifecycle_crm", "churn_scoring", "loyalty_program")
# What the bridges stand on; everything else must do without.
NEIGHBOURS = {
    "helpdesk_mgmt",
    "mass_mailing",
    "point_of_sale",
    "sale_margin",
    "website_sale",
    "website_sale_loyalty",
}


def get(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = get(name).lower()
    if value in ("", "0", "no", "false"):
        return default if not value else False
    if value in ("1", "yes", "true"):
        return True
    raise Problem(f"{name}={value} is neither 0 nor 1.")


def port() -> int:
    value = get("PORT", "8069")
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise Problem(f"PORT={value} is no port number (1 to 65535).")
    return int(value)


def database(default: str | None = None) -> str:
    """The database the caller named; lower case letters keep psql free of quotes."""
    name = get("DB", default or "")
    if not name:
        raise Problem("Which database? Say DB=name.")
    if not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,50}", name):
        raise Problem(
            f"DB={name} is no database name: up to 51 letters, digits, "
            "underscores, dots and hyphens, a letter or digit first."
        )
    return name


def data_set() -> str:
    """Which data ``make run`` shows: our demo company, or the CDNOW purchases."""
    value = get("DATA", "demo")
    if value not in ("demo", "cdnow"):
        raise Problem(f"DATA={value} is not known: demo or cdnow.")
    return value


def modules() -> list[str]:
    """The modules asked for, or those of our addons that exist."""
    if value := get("MODULES"):
        names = [name.strip() for name in value.split(",") if name.strip()]
        for name in names:
            if not re.fullmatch(r"[a-z0-9_]+", name):
                raise Problem(f"MODULES={value}: {name!r} is no module name.")
        return names
    if flag("NEIGHBOURS"):
        return our_modules()
    return main_modules() or ["base"]


def main_modules() -> list[str]:
    """Our addons that need no neighbour."""
    return [name for name in our_modules() if not NEIGHBOURS & needs(name)]


def bridges() -> list[str]:
    """Our addons that stand between the others and a neighbour."""
    return [name for name in our_modules() if NEIGHBOURS & needs(name)]


def needs(name: str) -> set[str]:
    """What a module of ours depends on, through ours."""
    found: set[str] = set()
    path = folder(name) / "__manifest__.py"
    if path.is_file():
        for dependency in ast.literal_eval(path.read_text()).get("depends", []):
            found |= {dependency} | needs(dependency)
    return found


def folder(name: str) -> Path:
    """Where an addon of this repository is, or would be."""
    example = EXAMPLES / name
    return example if example.is_dir() else ADDONS / name


def examples() -> list[str]:
    """Addons that show how the others are extended."""
    return sorted(path.parent.name for path in EXAMPLES.glob("*/__manifest__.py"))


def our_modules() -> list[str]:
    """All addons of this repository, the main ones first."""
    found = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
    return sorted(found, key=lambda n: MODULES.index(n) if n in MODULES else len(found))
