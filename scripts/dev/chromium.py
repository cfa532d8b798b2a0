"""Chromium for the browser tests: Odoo skips them silently when there is none."""

import os
import shutil
import subprocess

from .console import Problem, is_root, run_logged, step
from .settings import LOG

# the names Odoo looks for, see _find_executable in odoo/tests/common.py
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def ensure() -> None:
    if _found():
        return
    mend = "Install it: apt-get install chromium"
    command = _apt_get()
    if not command:
        raise Problem(f"The browser tests need Chromium, and there is none. {mend}")
    with step("Chromium, as a Debian package (about 100 MB)"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "-y", "--no-install-recommends"]):
            packages = ["chromium"] if "install" in arguments else []
            run_logged(
                [*command, *arguments, *packages],
                LOG / "apt.log",
                what=f"apt-get {arguments[0]}",
                env=environment,
                mend=mend,
            )
    if not _found():
        raise Problem(f"Chromium was installed but is not on the PATH. {mend}")


def _found() -> bool:
    return any(shutil.which(name) for name in NAMES)


def _apt_get() -> list[str]:
    """apt-get with the rights to install, or nothing."""
    if not shutil.which("apt-get"):
        return []
    if is_root():
        return ["apt-get"]
    probe = ["sudo", "-n", "true"]
    if (
        shutil.which("sudo")
        and not subprocess.run(probe, capture_output=True).returncode
    ):
        return ["sudo", "-n", "apt-get"]
    return []
