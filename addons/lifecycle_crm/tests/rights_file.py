"""The declared rights: ``rights_matrix.csv``, read and written.  No Odoo in it."""

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("rights_matrix.csv")
# Columns of the file, and the groups that make such a user.  What names a group of an
# addon that is not installed is left out.
ROLES = {
    "public": (),  # the visitor of a website
    "portal": ("base.group_portal",),
    "employee": ("base.group_user", "base.group_partner_manager"),
    "settings": ("base.group_system",),
    "agent": ("helpdesk_mgmt.group_helpdesk_user",),
    "cashier": ("point_of_sale.group_pos_user",),
    "marketer": (
        "lifecycle_crm.group_lifecycle_user",
        "mass_mailing.group_mass_mailing_user",
    ),
    "seller": ("sales_team.group_sale_salesman",),
    "leader": ("sales_team.group_sale_salesman_all_leads",),
    "manager": ("lifecycle_crm.group_lifecycle_manager",),
    "admin": ("sales_team.group_sale_manager", "base.group_system"),
}
# without these groups there is no such user
NEEDED = {
    "agent": "helpdesk_mgmt.group_helpdesk_user",
    "cashier": "point_of_sale.group_pos_user",
}
KEYS = ("kind", "addon", "model", "names", "scope")


class Entry(NamedTuple):
    """One thing that somebody may or may not do."""

    kind: str
    addon: str
    model: str
    name: str


def read_matrix(file=FILE):
    """``{Entry: {role: mark}}`` and ``{model: scope}`` of the file.

    :raises ValueError: where something is declared twice
    """
    marks, scopes = {}, {}
    with file.open(newline="") as lines:
        for row in csv.DictReader(lines):
            if row["kind"] == "model":
                scopes[row["model"]] = row["scope"]
            for name in row["names"].split() or [""]:
                entry = Entry(row["kind"], row["addon"], row["model"], name)
                if entry in marks:
                    raise ValueError(f"{entry} is declared twice")
                marks[entry] = {role: row[role] for role in ROLES}
    return marks, scopes


def as_lines(marks, scopes=None):
    """Entries as lines of the file: names of the same rights share one."""
    rows = defaultdict(list)
    for entry, cells in marks.items():
        key = (*entry[:3], tuple(cells.get(role, "") for role in ROLES))
        rows[key].append(entry.name)
    for (kind, addon, model, cells), names in sorted(rows.items()):
        scope = (scopes or {}).get(model, "") if kind == "model" else ""
        yield (kind, addon, model, " ".join(sorted(filter(None, names))), scope, *cells)


def write_matrix(marks, scopes, file=FILE):
    """Write all of it anew, sorted."""
    with file.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*KEYS, *ROLES])
        writer.writerows(as_lines(marks, scopes))
