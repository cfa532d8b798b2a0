"""Who may call which method by RPC, and what of ours cannot be called at all."""

import inspect

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tools import mute_logger

from .rights_common import SILENT
from .rights_file import Entry
from .rights_walk import our_methods

# Values of parameters without a default, by name.
ARGUMENTS = {
    "fields": ["id"],
    "kind": "welcome",
    "names": [],
    "vals_list": [{}],
}


class RightsMethods:
    @mute_logger(*SILENT)
    def test_methods(self):
        observed = {}
        for model, methods in our_methods(self.env, self.addons).items():
            for method, addon in methods.items():
                observed[Entry("method", addon, model, method)] = {
                    role: self._mark(user, model, method)
                    for role, user in self.users.items()
                }
        self._compare("method", observed)

    def _mark(self, user, model, method):
        """x: it runs; m: it ends with a message; nothing: no access."""
        function = get_public_method(self.env[model], method)
        named = {}
        signature = inspect.signature(function)
        for name, parameter in list(signature.parameters.items())[1:]:
            empty = parameter.default is inspect.Parameter.empty
            if empty and parameter.kind not in (
                inspect.Parameter.VAR_POSITIONAL,
                inspect.Parameter.VAR_KEYWORD,
            ):
                named[name] = ARGUMENTS.get(name, 1)
        args = []
        if not getattr(function, "_api_model", False):
            args = [self._sample(model)]
        kind, answer = self._try(user, model, method, *args, **named)
        if kind == "error" and "positional argument" in answer:
            self.fail(f"{model}.{method}{signature}: {answer}")
        return {"access": "", "ok": "x"}.get(kind, "m")

    def _sample(self, model):
        """A record of the company, of the customer of the salesperson."""
        known = self.samples["mine"].known
        if model in known:
            return [known[model]]
        records = self.env[model]
        if records._abstract:
            return []
        records = records.sudo().with_context(active_test=False)
        if "company_id" in records._fields and records._fields["company_id"].store:
            found = records.search([("company_id", "=", self.company.id)], limit=1)
            if found:
                return found.ids
        return records.search([], limit=1).ids

    def test_private_methods(self):
        """Nothing that begins with _ is reached from outside."""
        count = 0
        for name in self.models:
            model = self.env[name]
            for cls in type(model).mro():
                if cls.__module__.split(".")[2:3] not in [[a] for a in self.addons]:
                    continue
                for method, value in vars(cls).items():
                    if method.startswith("_") and callable(value):
                        count += 1
                        with self.assertRaises(AccessError, msg=f"{name}.{method}"):
                            get_public_method(model, method)
        self.assertGreater(count, 100)
