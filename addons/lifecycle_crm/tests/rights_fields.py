"""Who may see which field, by whatever way one looks at it."""

from odoo.tools import mute_logger

from .rights_common import SILENT
from .rights_file import Entry
from .rights_walk import our_fields


class RightsFields:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields = our_fields(cls.env, cls.addons)
        cls.reached = {}

    @mute_logger(*SILENT)
    def test_fields(self):
        observed = {}
        for model, fields in self.fields.items():
            shown = {
                role: self._shown(user, model, fields)
                for role, user in self.users.items()
            }
            for name, addon in fields.items():
                observed[Entry("field", addon, model, name)] = {
                    role: "r" if name in shown[role] else "" for role in self.users
                }
        self._compare("field", observed)

    def _shown(self, user, model, fields):
        """Names of the fields that a user sees; all others are refused."""
        listed = self._try(user, model, "fields_get", list(fields), ["type"])
        names = set(listed[1]) if listed[0] == "ok" else set()
        if not self._as(user)[model].has_access("read"):
            names = set()
        ids = self._reach(user, model)
        if names and ids:
            kind, answer = self._try(user, model, "read", ids, sorted(names))
            if kind == "access":  # some refuse by themselves, as figures of a digest
                names = {
                    name
                    for name in names
                    if self._try(user, model, "read", ids, [name])[0] == "ok"
                }
                kind, answer = self._try(user, model, "read", ids, sorted(names))
            if kind != "ok":
                self.problems.append(f"{user.login} reads {model}: {answer}")
        for name in fields.keys() - names:
            self._check_hidden(user, model, name, ids)
        return names

    def _reach(self, user, model):
        """One record that the user may see, none where there is none."""
        key = user.id, model
        if key not in self.reached:
            kind, found = self._try(user, model, "search", [], limit=1)
            self.reached[key] = found if kind == "ok" else []
        return self.reached[key]

    def _check_hidden(self, user, model, name, ids):
        """A field that is not shown is no way to sort, to filter or to sum either."""
        field = self.env[model]._fields[name]
        group = f"{name}:month" if field.type in ("date", "datetime") else name
        questions = [
            ("read", [ids or [1], [name]], {}),
            ("web_read", [ids or [1], {name: {}}], {}),
            ("search_read", [[], [name]], {}),
            ("web_search_read", [[], {name: {}}], {}),
            ("export_data", [ids or [1], [name]], {}),
            ("search", [[]], {"order": name}),
            ("formatted_read_group", [[], [group], ["__count"]], {}),
            ("formatted_read_group", [[], [], [f"{name}:max"]], {}),
            ("formatted_read_group", [[], [], [f"{name}:count_distinct"]], {}),
            ("web_read_group", [[], [group], ["__count"]], {}),
        ]
        if not self._as(user)[model].has_access("read"):
            questions = questions[:1]  # the model is refused, whatever is asked of it
        for method, args, named in questions:
            kind, answer = self._try(user, model, method, *args, **named)
            told = kind == "ok" and answer not in ([], {"length": 0, "records": []})
            if told:
                self.problems.append(
                    f"{user.login}: {method}{args} of {model}.{name}: {answer}"
                )
        if len(questions) == 1:
            return
        # a filter that may not be asked finds nobody, whichever way it is turned;
        # of a required field Odoo knows the answer without looking
        domains = [[(name, "=", False)], [(name, "!=", False)]]
        if field.required:
            value = self.samples["mine"].value(self.env[model], field)
            domains = [[(name, "=", value)]]
        for domain in domains:
            kind, count = self._try(user, model, "search_count", domain)
            if kind == "ok" and count:
                self.problems.append(
                    f"{user.login} filters {model} by {domain}: {count}"
                )
