"""docs/licences.md: under which licence each package is that we ask for.

``python -m scripts.licences`` writes it with the Python of ``make setup``, from what
the packages say of themselves; a test checks that every pinned one is there and that
its licence may stand beside LGPL-3.
"""

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
FILES = {
    "requirements.txt": "What the addons and Odoo need to run",
    "requirements-dev.txt": "What lint and the tests need",
    "requirements-postgres.txt": "PostgreSQL's programs, where none are installed",
}
HEAD = """# Licences of what we use

The addons are LGPL-3, those of the helpdesk AGPL-3 (see the manifests). The packages
are not part of the repository; `make setup` fetches them in the versions named here.
Made by `python -m scripts.licences`, from what the packages say of themselves.
"""
LONGEST = 60  # signs of a licence; some packages give its whole text


def pinned(file):
    """``{name: version}`` of a file of requirements, the last one where several."""
    found = {}
    for line in (ROOT / file).read_text().splitlines():
        match = re.match(r"([A-Za-z0-9_.-]+)==([^\s;]+)", line)
        if match:
            found[match[1]] = match[2]
    return found


def licence(name):
    """The licence of a package in a few words, "" where it is not installed here."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := about.get("License-Expression"):
        return expression
    classes = [
        text.rpartition(" :: ")[2]
        for text in about.get_all("Classifier", [])
        if text.startswith("License :: ")
    ]
    named = [text for text in classes if text != "OSI Approved"]
    if named:
        return ", ".join(named)
    first = next(iter((about.get("License") or "").strip().splitlines()), "")
    return first if len(first) <= LONGEST else first[:LONGEST] + " …"


def rows(page):
    """``{package: licence}`` of the page."""
    lines = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]*?) \|$", page, re.MULTILINE)
    return {name: text for name, _version, text in lines if name != "Package"}


def write():
    """The page anew; what is not installed here keeps what it said before."""
    before = rows(PAGE.read_text()) if PAGE.exists() else {}
    parts = [HEAD]
    for file, title in FILES.items():
        lines = ["| Package | Version | Licence |", "|---|---|---|"]
        for name, version in sorted(pinned(file).items(), key=lambda p: p[0].lower()):
            text = licence(name) or before.get(name, "")
            lines.append(f"| {name} | {version} | {text} |")
        parts.append("\n".join([f"## {title}", "", f"`{file}`", "", *lines, ""]))
    PAGE.write_text("\n".join(parts))


if __name__ == "__main__":
    write()
