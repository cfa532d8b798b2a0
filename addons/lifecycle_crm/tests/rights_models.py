"""Who may do what with which model: the registry against the declared matrix."""

from odoo.tools import mute_logger

from .rights_common import SILENT
from .rights_file import Entry

# All ways to look at a model.  Whoever may go one may go all of them.
READING = (
    ("search", [[]], {"limit": 1}),
    ("search_count", [[]], {"limit": 1}),
    ("search_read", [[], ["id"]], {"limit": 1}),
    ("web_search_read", [[], {"id": {}}], {"limit": 1}),
    ("formatted_read_group", [[], [], ["__count"]], {}),
    ("name_search", [""], {"limit": 1}),
)
ALL = {"active_test": False}  # archived ones, too
WRITING = (("w", "write"), ("c", "create"), ("d", "unlink"))


class RightsModels:
    @mute_logger(*SILENT)
    def test_models(self):
        observed, scopes = {}, {}
        for name, addon in self.models.items():
            entry = Entry("model", addon, name, "")
            if self.env[name]._abstract:
                observed[entry] = dict.fromkeys(self.users, "")
                scopes[name] = "no rows"
                continue
            observed[entry] = {
                role: self._letters(user, name) for role, user in self.users.items()
            }
            scopes[name] = self._scope(name, observed[entry])
        self._compare("model", observed, scopes)

    # -- reading -------------------------------------------------------------

    def _letters(self, user, name):
        """What a user may do: r(ead), w(rite), c(reate), d(elete)."""
        answers = {
            method: self._try(user, name, method, *args, **named)[0]
            for method, args, named in READING
        }
        shown = self._try(user, name, "search", [])[1]
        if answers["search"] == "ok" and shown:
            ids = shown[:1]
            for method, args in (
                ("read", [["id"]]),
                ("web_read", [{"id": {}}]),
                ("export_data", [["display_name"]]),
            ):
                answers[method] = self._try(user, name, method, ids, *args)[0]
        if len(set(answers.values())) > 1:
            self.problems.append(f"{user.login} reads {name}: {answers}")
        letters = "r" if answers["search"] == "ok" else ""
        model = self._as(user)[name]
        for letter, operation in WRITING:
            if model.has_access(operation):
                letters += letter
            else:
                self._check_refused(user, name, operation)
        return letters

    def _check_refused(self, user, name, operation):
        """Not only said to be so: the call is refused."""
        samples = self.samples["mine"]
        ids = [samples.known.get(name, 1)]
        values = {}
        if operation == "write":
            model = self.env[name]
            values = {
                field.name: samples.value(model, field)
                for field in model._fields.values()
                if field.store and field.type in ("char", "integer", "float", "date")
            }
            values.pop("id", None)
        arguments = {
            "write": [ids, values],
            "create": [[{}]],
            "unlink": [ids],
        }[operation]
        kind, answer = self._try(user, name, operation, *arguments)
        if kind == "ok":
            self.problems.append(f"{user.login}: {operation} {name}: {answer}")

    # -- whose rows ------------------------------------------------------------

    def _scope(self, name, letters):
        """Which of the rows are shown to those who may read."""
        rows = {key: self._rows(name, key) for key in self.samples}
        found = {}
        for role, user in self.users.items():
            if "r" in letters[role]:
                found[role] = self._visible(user, name, rows)
        seen = self._visible(self.foreigner, name, rows) if found else ""
        if not found:
            return "nobody"
        words = {
            ("mine colleague", "foreign"): "own company",
            ("mine colleague foreign", "mine colleague foreign"): "all",
            ("", ""): "own creation",
        }
        everybody = set(found.values())
        if len(everybody) == 1:
            [shown] = everybody
            if not any(rows.values()):
                return "no row"
            return words.get((shown, seen), f"{shown} | {seen}")
        narrow = {role for role, shown in found.items() if shown == "mine"}
        wide = {role for role in found if role not in narrow}
        if {found[role] for role in wide} == {"mine colleague"} and seen == "foreign":
            return "own documents"
        return " ".join(f"{role}:{shown}" for role, shown in found.items())

    def _rows(self, name, key):
        """Rows of one of the three sides; those of a query by their company."""
        samples = self.samples[key]
        if name in samples.known:
            return [samples.known[name]]
        model = self.env[name].sudo().with_context(active_test=False)
        company = samples.known["res.company"]
        if "company_id" not in model._fields:
            return []
        model = model.with_context(allowed_company_ids=[company])
        domain = [("company_id", "=", company)]
        if "partner_id" in model._fields and model._fields["partner_id"].store:
            domain.append(("partner_id", "=", samples.known["res.partner"]))
        return model.search(domain).ids

    def _visible(self, user, name, rows):
        """Names of the sides of which a user sees a row, by any way of looking."""
        shown = []
        # something of the row: its id is known to who asks for it
        name_of = self._telling_field(name)
        for key, ids in rows.items():
            domain = [("id", "in", ids)]
            found = self._ask(user, name, "search", domain, context=ALL)
            count = self._ask(user, name, "search_count", domain, context=ALL)
            [group] = self._ask(
                user, name, "formatted_read_group", domain, [], ["__count"], context=ALL
            )
            kind, told = self._try(user, name, "read", ids, [name_of])
            label = f"{user.login}: {name} {key}"
            if len(found) != count or group["__count"] != count:
                self.problems.append(f"{label}: {len(found)}, {count}, {group}")
            if ids:
                # a row that is not there, for a query has those of the own companies,
                # is read as an empty one
                told = told if kind == "ok" else []
                told = [row["id"] for row in told if row[name_of]]
                if sorted(told) != sorted(found):
                    self.problems.append(f"{label}: {name_of} of {told}, not {found}")
                if found:
                    shown.append(key)
        return " ".join(shown)

    def _telling_field(self, name):
        """A field that every row has something in."""
        fields = self.env[name]._fields
        if "company_id" in fields and fields["company_id"].store:
            return "company_id"
        kinds = ("char", "date", "datetime", "selection", "many2one", "integer")
        stored = [
            field
            for field in fields.values()
            if field.store and field.type in kinds and field.name != "id"
        ]
        return min(stored, key=lambda field: kinds.index(field.type)).name
