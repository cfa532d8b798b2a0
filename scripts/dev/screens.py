"""make screenshots: every screen in each size and language, what is wrong there."""

import os
import shlex
import shutil
import subprocess

from . import chromium, databases, server
from .console import Problem, run_logged, say, step
from .files import Stamp, digest
from .python_env import PYTHON
from .settings import LOCAL, LOG, ROOT, RUN, database, get, modules, our_modules
from .setup import everything

NODE = LOCAL / "node"
# rtlcss: Odoo turns style sheets with it; axe-core: what people with aids cannot use
PACKAGES = ("rtlcss@4.3.0", "axe-core@4.14.1")
LIST = ROOT / "scripts" / "screens" / "list_screens.py"
TAKE = ROOT / "scripts" / "screens" / "take.py"


def run() -> int:
    """make screenshots [NAMES='dashboard club'] [DB=screens] [OUT=folder]"""
    name = database("screens")
    out = get("OUT") or str(LOCAL / "screenshots")
    with everything() as odoo:
        chromium.ensure()
        node_packages()
        if not databases.exists(name):
            databases.build(odoo, name, modules(), demo=True)
        else:
            databases.update(odoo, name, modules())
        screens = RUN / "screens.json"
        with step("the list of screens"), LIST.open() as script:
            result = subprocess.run(
                odoo.command("shell", "-d", name, "--no-http", "--log-level=error"),
                stdin=script,
                stdout=subprocess.DEVNULL,
                env={
                    **odoo.environment(),
                    "SCREENS": str(screens),
                    "OUR_ADDONS": ",".join(our_modules()),
                },
                cwd=ROOT,
                check=False,
            )
        if result.returncode:
            raise Problem("The screens could not be listed.")
        with server.temporary(odoo, name) as address:
            say(f"Pictures of {address}:")
            command = [PYTHON, "-m", "scripts.screens.take", address, screens, out]
            command += [NODE / "node_modules/axe-core/axe.min.js"]
            status = subprocess.run(
                [*map(str, command), *shlex.split(get("NAMES"))],
                cwd=ROOT,
                check=False,
            ).returncode
    say(f"See {os.path.relpath(out, ROOT)}/index.html")
    return status


def node_packages() -> None:
    """What is made for Node.js, into a folder of its own."""
    stamp = Stamp(NODE / ".complete", digest(PACKAGES))
    if stamp.is_current():
        return
    if not shutil.which("npm"):
        raise Problem("This needs npm: install it (apt-get install npm).")
    NODE.mkdir(exist_ok=True)
    with step("rtlcss and axe-core"):
        run_logged(
            ["npm", "install", "--no-fund", "--no-audit", "--prefix", NODE, *PACKAGES],
            LOG / "npm.log",
            what="npm install",
            mend="Check the network (npm's registry, proxy), then repeat.",
        )
    stamp.set()
