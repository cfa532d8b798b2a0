"""The tables of docs/rights.md, made from the declared matrix of rights.

``python -m scripts.rights_table`` writes them; a test keeps the two equal.
``python -m scripts.rights_table take < output`` first takes over what a failed test of
rights says would be right.  Look at it before: it may be a leak.
"""

import csv
import importlib.util
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "addons" / "lifecycle_crm" / "tests"
PAGE = ROOT / "docs" / "rights.md"
BEGIN, END = "<!-- rights: {} -->", "<!-- end of rights: {} -->"
HEADS = {
    "model": ("Model", "Rows"),
    "field": ("Model", "Fields"),
    "method": ("Model", "Methods"),
    "route": ("Address", "Request"),
    "action": ("Model", "Action"),
    "report": ("Model", "Report"),
}
GONE = "is declared and is not there any more"


def _load():
    """The module of the tests that reads the file; the rest of them needs Odoo."""
    spec = importlib.util.spec_from_file_location(
        "rights_file", TESTS / "rights_file.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


rights = _load()


def read():
    """Rows of the matrix by kind, and the names of its columns of people."""
    with rights.FILE.open(newline="") as file:
        rows = defaultdict(list)
        for row in csv.DictReader(file):
            rows[row["kind"]].append(row)
    return rows, list(rights.ROLES)


def table(kind, rows, roles):
    """Lines of Markdown: what, of what, and one column for each kind of people."""
    first, second = HEADS[kind]
    yield "| " + " | ".join([first, second, *roles]) + " |"
    yield "|" + "---|" * (2 + len(roles))
    for row in sorted(rows, key=lambda row: (row["model"], row["names"])):
        names = row["scope"] if kind == "model" else row["names"].replace(" ", ", ")
        cells = [row[role] or "·" for role in roles]
        yield "| " + " | ".join([f"`{row['model']}`", names, *cells]) + " |"


def fill(page):
    """The page with its tables as the matrix has them now."""
    rows, roles = read()
    for kind in HEADS:
        begin, end = BEGIN.format(kind), END.format(kind)
        head, _begin, rest = page.partition(begin)
        _old, _end, tail = rest.partition(end)
        lines = "\n".join(table(kind, rows[kind], roles)) if rows[kind] else "None."
        page = f"{head}{begin}\n\n{lines}\n\n{end}{tail}"
    return page


def take(output):
    """Take over the lines that a failed test printed.

    :param output: lines of the test, whatever else stands in them
    """
    marks, scopes = rights.read_matrix()
    columns = [*rights.KEYS, *rights.ROLES]
    gone = False
    for line in output:
        line = line.strip().removeprefix("E").strip()
        if line.endswith(":"):
            gone = line.startswith(GONE)
        cells = next(csv.reader([line]), [])
        if len(cells) != len(columns) or cells[0] not in HEADS:
            continue
        row = dict(zip(columns, cells, strict=True))
        for name in row["names"].split() or [""]:
            entry = rights.Entry(row["kind"], row["addon"], row["model"], name)
            if gone:
                marks.pop(entry, None)
            else:
                marks[entry] = {role: row[role] for role in rights.ROLES}
        if row["kind"] == "model":
            scopes[row["model"]] = row["scope"]
    rights.write_matrix(marks, scopes)


if __name__ == "__main__":
    if sys.argv[1:] == ["take"]:
        take(sys.stdin)
    PAGE.write_text(fill(PAGE.read_text()))
