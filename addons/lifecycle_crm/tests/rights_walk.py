"""What the registry has of ours: nothing here is a list kept by hand."""

from pathlib import Path

from odoo.models import BaseModel
from odoo.modules import get_module_path


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
