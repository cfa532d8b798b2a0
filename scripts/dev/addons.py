"""What our addons are made of: their dependencies, and digests of their sources."""

import ast
from collections.abc import Iterable
from pathlib import Path

from .console import Problem
from .files import digest
from .settings import examples, folder, our_modules

# What Odoo reads into the database or the registry when it updates a module.
SOURCES = {".py", ".xml", ".csv", ".js", ".scss", ".po", ".json"}
NOT_INSTALLED = {"tests", "description", "__pycache__", "readme"}


def manifest(name: str) -> dict:
    path = folder(name) / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text())
    except (ValueError, SyntaxError) as error:
        raise Problem(f"{path} is no valid manifest: {error}") from error


def with_dependencies(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Split into our addons (those named and those they need) and Odoo's."""
    ours: list[str] = []
    theirs: set[str] = set()
    known = {*our_modules(), *examples()}

    def visit(name: str) -> None:
        if name not in known:
            theirs.add(name)
        elif name not in ours:
            ours.append(name)
            for dependency in manifest(name).get("depends", []):
                visit(dependency)

    for name in names:
        visit(name)
    return ours, sorted(theirs)


def source_digests(names: Iterable[str]) -> dict[str, str]:
    """A digest per addon that changes when its database must be updated."""
    return {name: digest(_source_parts(folder(name))) for name in sorted(names)}


def _source_parts(root: Path) -> list[str | Path]:
    parts: list[str | Path] = []
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.suffix in SOURCES and not NOT_INSTALLED & set(relative.parts):
            parts += [str(relative), path]
    return parts
