"""Running Odoo: as a child with a log, or in place of this process."""

import os
import re
import subprocess
import sys
from pathlib import Path

from . import postgres
from .console import Problem, Step, run_logged
from .odoo_source import OdooSource
from .python_env import PYTHON
from .settings import ADDONS, CONFIG, FILESTORE, LOCAL, LOG, OCA, ROOT

OCA_ADDONS = OCA / "odoo" / "addons"
LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")


class Odoo:
    def __init__(self, source: OdooSource, ours: Path = ADDONS) -> None:
        self.source = source
        self.ours = ours

    @property
    def addons_path(self) -> str:
        # Odoo warns about a folder without addons, as ours is in the beginning
        ours = [self.ours] if any(self.ours.glob("*/__manifest__.py")) else []
        oca = [OCA_ADDONS] if OCA_ADDONS.is_dir() else []
        return ",".join(map(str, [*ours, *oca, *self.source.addons]))

    def environment(
        self, throw_away: bool = False, database: bool = True
    ) -> dict[str, str]:
        """The environment that leads ``python -m odoo`` to its parts."""
        env = {**os.environ, **(postgres.environment() if database else {})}
        env["ODOO_RC"] = str(CONFIG)
        env["ODOO_DATA_DIR"] = str(FILESTORE)
        env["ODOO_ADDONS_PATH"] = self.addons_path
        # the checkout itself: tests and benchmarks import from it
        env["PYTHONPATH"] = str(ROOT)
        env.pop("PYTHONHOME", None)
        # rtlcss, for languages that are written from right to left
        node = LOCAL / "node" / "node_modules" / ".bin"
        env["PATH"] = f"{node}{os.pathsep}{env.get('PATH', os.defpath)}"
        env["PYTHONPYCACHEPREFIX"] = str(LOCAL / "pycache")
        if throw_away:
            env["PGOPTIONS"] = "-c synchronous_commit=off"
        return env

    def test_environment(self, database: bool = True) -> dict[str, str]:
        """Like environment(), with what pytest cannot give Odoo as an argument."""
        return {
            **self.environment(throw_away=True, database=database),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(LOCAL / "hypothesis"),
            "ODOO_WORKERS": "0",
            "ODOO_PROXY_MODE": "False",
        }

    def addon(self, name: str) -> Path:
        """The folder of one of Odoo's own addons."""
        folders = (self.source.base_addons, OCA_ADDONS, *self.source.addons)
        for folder in folders:
            if (folder / name / "__manifest__.py").is_file():
                return folder / name
        raise Problem(f"Odoo has no module {name}.")

    def command(self, *arguments: str | Path) -> list[str]:
        path = [f"--addons-path={self.addons_path}"] if self.addons_path else []
        first = arguments[:1]
        # a subcommand of an addon is found only with the path in front of it
        if first and not str(first[0]).startswith("-"):
            rest = [*path, *arguments]
        else:
            rest = [*arguments]
        return [str(PYTHON), "-m", "odoo", *map(str, rest)]

    def run(
        self,
        *arguments: str | Path,
        log: str,
        what: str,
        line: Step | None = None,
        throw_away: bool = True,
    ) -> None:
        """Run to the end with the output in a log; errors in it are failures."""
        path = LOG / log
        problems: list[str] = []

        def watch(text: str) -> None:
            if line and (match := LOADING.search(text)):
                line.progress(f"{match[2]}/{match[3]} {match[1]}")
            if re.search(r" (ERROR|CRITICAL) \S+ odoo\.", text):
                problems.append(text.strip())

        run_logged(
            self.command(*arguments),
            path,
            what=what,
            env=self.environment(throw_away),
            cwd=ROOT,
            on_line=watch,
        )
        if problems:
            shown = "\n".join(f"  | {text[:400]}" for text in problems[:10])
            raise Problem(f"{what}: Odoo logged errors (all of it: {path}):\n{shown}")

    def replace(self, *arguments: str | Path) -> None:
        """Become Odoo: its input, output and exit status are this command's."""
        sys.stdout.flush()
        status = subprocess.run(
            self.command(*arguments), env=self.environment(), check=False
        ).returncode
        raise SystemExit(status if status >= 0 else 128 - status)
