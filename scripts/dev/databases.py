"""Building, updating and dropping databases.

A database is built under another name and renamed when it is complete, so that an
interrupted build is never taken for a good one. What it was built from is kept in its
comment, which goes where the database goes.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator

from . import addons, postgres, processes
from .console import Problem, say, step
from .files import digest, lock, remove_tree
from .odoo import OCA_ADDONS, Odoo
from .settings import FILESTORE, OCA_PINS

BUILDING = "building_"
BASE = "base_"
KEEP_BASES = 8
TEST = "test_"


def exists(name: str) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = :'name'"
    return bool(postgres.psql(query, name=name))


def built_from(name: str) -> dict:
    """What the comment of a database says it was built from, or {}."""
    query = """SELECT shobj_description(oid, 'pg_database')
               FROM pg_database WHERE datname = :'name'"""
    with contextlib.suppress(ValueError):
        return json.loads(postgres.psql(query, name=name) or "{}")
    return {}


def drop(name: str) -> None:
    for attempt in range(30):
        try:
            postgres.psql('DROP DATABASE IF EXISTS :"name" WITH (FORCE)', name=name)
            break
        except Problem as problem:
            # autovacuum is at work there: only a superuser may end it, so wait for it
            if "terminate process" not in str(problem) or attempt == 29:
                raise
            time.sleep(1)
    remove_tree(filestore(name))


def filestore(name: str):
    return FILESTORE / "filestore" / name


def rename(old: str, new: str) -> None:
    drop(new)
    if filestore(old).exists():
        filestore(old).rename(filestore(new))
    query = 'ALTER DATABASE :"old" RENAME TO :"new"'
    postgres.psql(query, old=old, new=new)


def copy(template: str, name: str) -> None:
    drop(name)
    query = 'CREATE DATABASE :"name" TEMPLATE :"template" STRATEGY FILE_COPY'
    postgres.psql(query, name=name, template=template)
    if filestore(template).exists():
        shutil.copytree(filestore(template), filestore(name))


def build(
    odoo: Odoo,
    name: str,
    modules: list[str],
    *,
    demo: bool,
    then: Callable[[str], None] | None = None,
    base: str = "",
) -> None:
    """Build a database with these modules, replacing one of that name.

    ``base`` is a database to start from that has Odoo's modules in it already.
    """
    ours, theirs = addons.with_dependencies(modules)
    with lock(f"database-{name}"):
        base = base or _base(odoo, theirs or ["base"], demo=demo)
        temporary = f"{BUILDING}{name}"
        digests = addons.source_digests(ours)
        with step(f"database {name}: {_describe(ours, demo)}") as line:
            with lock(f"database-{base}"):  # others may be copying it, too
                copy(base, temporary)
            if ours:
                _install(odoo, temporary, ours, demo, line)
        if then:
            then(temporary)
        _remember(temporary, digests, demo)
        rename(temporary, name)


def update(odoo: Odoo, name: str, modules: list[str]) -> bool:
    """Bring a database up to the sources of our addons, with these modules in it."""
    with lock(f"database-{name}"):
        before = built_from(name)
        old = before.get("addons", {})
        ours, _theirs = addons.with_dependencies([*old, *modules])
        new = addons.source_digests(ours)
        added = [module for module in new if module not in old]
        changed = [module for module in old if old[module] != new.get(module)]
        if not changed and not added:
            return False
        with step(f"database {name}: updating {', '.join(changed + added)}") as line:
            options = ["-d", name, "--stop-after-init", "--no-http"]
            if changed:
                options += ["-u", ",".join(changed)]
            if added:
                options += ["-i", ",".join(added)]
            odoo.run(*options, log=f"update-{name}.log", what="Updating", line=line)
            _remember(name, new, before.get("demo", False))
        return True


@contextlib.contextmanager
def temporary(
    odoo: Odoo, modules: list[str], *, demo: bool = False, base: str = ""
) -> Iterator[str]:
    """A database for the duration of a test or benchmark."""
    _drop_leftovers()
    name = f"{TEST}{os.getpid()}_{secrets.token_hex(3)}"
    try:
        build(odoo, name, modules, demo=demo, base=base)
        yield name
    finally:
        for leftover in (f"{BUILDING}{name}", name):
            drop(leftover)


@contextlib.contextmanager
def copy_of(template: str) -> Iterator[str]:
    """A copy of a database that nobody uses, for the duration of a test."""
    name = f"{TEST}{os.getpid()}_{secrets.token_hex(3)}"
    try:
        with lock(f"database-{template}"):
            copy(template, name)
        yield name
    finally:
        drop(name)


def _base(odoo: Odoo, modules: list[str], *, demo: bool) -> str:
    """A database with Odoo's modules only, kept and copied: half of every build."""
    pins = [OCA_PINS] if any((OCA_ADDONS / name).is_dir() for name in modules) else []
    key = digest([odoo.source.version, *modules, str(demo), *pins])
    name = f"{BASE}{key}"
    with lock(name):
        if exists(name):
            return name
        with step(f"Odoo's own part: {_describe(modules, demo)}") as line:
            drop(f"{BUILDING}{name}")
            _install(odoo, f"{BUILDING}{name}", modules, demo, line)
        _drop_old_bases()
        rename(f"{BUILDING}{name}", name)
    return name


def _describe(modules: list[str], demo: bool) -> str:
    kind = "with demo data" if demo else "without demo data"
    return ", ".join([*(modules or ["Odoo's modules"]), kind])


def _drop_old_bases() -> None:
    """Keep the newest few: demo data or not, our dependencies or the core tests'."""
    names = postgres.psql("SELECT datname FROM pg_database ORDER BY oid").split()
    bases = [name for name in names if re.fullmatch(rf"{BASE}[0-9a-f]{{16}}", name)]
    for name in bases[: -KEEP_BASES + 1]:
        drop(name)


def _install(odoo: Odoo, name: str, modules: list[str], demo: bool, line) -> None:
    odoo.run(
        *("-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"),
        "--with-demo" if demo else "--without-demo",
        log=f"build-{name}.log",
        what=f"Building the database {name}",
        line=line,
    )
    missing = not_installed(name, modules)
    if missing:
        names = ", ".join(missing)
        raise Problem(f"Odoo knows no module {names} that can be installed.")


def not_installed(name: str, modules: list[str]) -> list[str]:
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    installed = postgres.psql(query, database=name).split()
    return [module for module in modules if module not in installed]


def _remember(name: str, digests: dict[str, str], demo: bool) -> None:
    comment = json.dumps({"addons": digests, "demo": demo})
    query = "COMMENT ON DATABASE :\"name\" IS :'comment'"
    postgres.psql(query, name=name, comment=comment)


def _drop_leftovers() -> None:
    """Drop test databases whose process was killed before it could do so itself."""
    if postgres.is_external():
        return  # other machines' processes may be using them
    query = "SELECT datname FROM pg_database"
    for name in postgres.psql(query).split():
        match = re.fullmatch(rf"(?:{BUILDING})?{TEST}(\d+)_[0-9a-f]{{6}}", name)
        if match and not processes.is_alive(int(match[1])):
            say(f"- dropping {name}, left by an earlier run")
            drop(name)
