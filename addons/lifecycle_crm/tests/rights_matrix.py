"""What is declared in ``rights_matrix.csv``, and what the registry has.

No Odoo at the top but its registry is walked: nothing here is a list kept by hand.
"""

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from odoo.models import BaseModel
from odoo.modules import get_module_path

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


def our_addons(env):
    """Installed addons that lie in the same folder as this one."""
    home = Path(get_module_path("lifecycle_crm")).resolve().parent
    installed = env["ir.module.module"].search([("state", "=", "installed")])
    return {
        name
        for name in installed.mapped("name")
        if (path := get_module_path(name)) and Path(path).resolve().parent == home
    }


def our_models(env, addons):
    """Names of the models that our addons bring, by addon."""
    return {
        name: model._original_module
        for name, model in sorted(env.registry.items())
        if model._original_module in addons
    }


def our_fields(env, addons):
    """``{model: {field: addon}}`` of all fields that our addons bring, on any model."""
    found = {}
    for name, model in sorted(env.registry.items()):
        if model._abstract:
            continue
        fields = {
            field.name: field._modules[0]
            for field in model._fields.values()
            if field._modules and field._modules[0] in addons and not field.inherited
        }
        if fields:
            found[name] = fields
    return found


def our_methods(env, addons):
    """``{model: {method: addon}}`` of what can be called by RPC only through us.

    What overrides a method of Odoo is asked with Odoo's own questions.
    """
    found = {}
    for name, model in sorted(env.registry.items()):
        methods, theirs = {}, set(dir(BaseModel))
        for cls in reversed(model.mro()):
            parts = cls.__module__.split(".")
            ours = parts[:2] == ["odoo", "addons"] and parts[2] in addons
            for method, value in vars(cls).items():
                if method.startswith("_") or not callable(value):
                    continue
                if not ours:
                    theirs.add(method)
                elif method not in theirs:
                    methods.setdefault(method, parts[2])
        if methods and not (model._abstract and model._original_module not in addons):
            found[name] = methods
    return found
