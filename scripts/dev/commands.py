"""The short commands: db, shell, import, bench, clean."""

from . import databases
from .console import Problem, say
from .settings import database, flag, modules
from .setup import everything


def setup_only() -> None:
    with everything():
        pass


def db() -> None:
    """make db DB=name [MODULES=a,b] [DEMO=0|1]"""
    name, names, demo = database(), modules(), flag("DEMO", default=True)
    with everything() as odoo:
        databases.build(odoo, name, names, demo=demo)
    say(f"Database {name} is ready: make shell DB={name}")


def shell() -> None:
    """make shell DB=name [< script.py]"""
    name = database("lifecycle")
    with everything() as odoo:
        require(name)
        odoo.replace("shell", "-d", name, "--no-http", "--log-level=warn")


def require(name: str) -> None:
    if not databases.exists(name):
        raise Problem(f"There is no database {name}. Build it: make db DB={name}")
