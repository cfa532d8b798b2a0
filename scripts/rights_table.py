"""The tables of docs/rights.md, made from the declared matrix of rights.

``python -m scripts.rights_table`` writes them; a test keeps the two equal.
"""

import csv
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MATRIX = ROOT / "addons" / "lifecycle_crm" / "tests" / "rights_matrix.csv"
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
KEYS = ("kind", "addon", "model", "names", "scope")


def read():
    """Rows of the matrix by kind, and the names of its columns of people."""
    with MATRIX.open(newline="") as file:
        reader = csv.DictReader(file)
        rows = defaultdict(list)
        for row in reader:
            rows[row["kind"]].append(row)
        roles = [name for name in reader.fieldnames if name not in KEYS]
    return rows, roles


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


if __name__ == "__main__":
    PAGE.write_text(fill(PAGE.read_text()))
