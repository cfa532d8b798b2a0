"""No way round: what one may not read changes no answer, by whatever path one asks.

The same questions are asked twice, the scores changed in between.  To who may not see
them all answers are the same; to who may they are not, or the question was idle.
"""

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger, sql

from .rights_common import SILENT, RightsCase
from .rights_samples import Samples
from .rights_walk import our_fields

# Who must not learn anything of the customers of the company.
OUTSIDE = ("public", "portal", "employee", "settings")
NUMBERS = ("integer", "float", "monetary")
# Fields that stand for the others where they are asked by all paths there are.
TELLING = {
    "res.partner": ("clv_historic", "lifecycle_stage_id", "lifecycle_profile_ids"),
    "crm.lead": ("clv_historic", "lifecycle_stage_id"),
    "sale.order": ("clv_historic", "lifecycle_stage_id"),
    "helpdesk.ticket": ("clv_historic", "lifecycle_stage_id"),
}


@tagged("post_install", "-at_install")
class TestRightsPaths(RightsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields = our_fields(cls.env, cls.addons)
        # everybody is a customer with scores, and some have bought
        seller = cls.users["seller"]
        for role in OUTSIDE:
            user = cls.users[role]
            samples = Samples(cls.env, cls.addons, cls.company, user.partner_id, seller)
            samples.known["lifecycle.stage"] = cls.env.ref(
                "lifecycle_crm.stage_loyal"
            ).id
            samples.get("lifecycle.profile")
        cls._trade(cls.users["portal"].partner_id, seller, cls.company, 4)
        cls.nobody = cls._partner("Nobody")
        cls.env.invalidate_all()

    def _change_everything(self):
        """All scores of the company are others; what is of a customer, of nobody."""
        for name in self.models:
            model = self.env[name]
            if not self.samples["mine"].has_table(model):
                continue
            columns = sql.table_columns(self.env.cr, model._table)
            if not {"partner_id", "company_id"} <= columns.keys():
                continue
            if name == "lifecycle.profile":
                values = self._other_values(model, columns)
                condition = SQL("TRUE")
            else:
                values = {"partner_id": self.nobody.id}
                row = self.samples["mine"].known[name]
                condition = SQL("id = %s", row)
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE company_id = %s AND %s",
                    SQL.identifier(model._table),
                    SQL(", ").join(
                        SQL("%s = %s", SQL.identifier(name), value)
                        for name, value in values.items()
                    ),
                    self.company.id,
                    condition,
                )
            )
        self.env.invalidate_all()

    def _other_values(self, model, columns):
        user = self.users["seller"]
        other = Samples(self.env, self.addons, self.company, self.nobody, user, step=2)
        values = {}
        for field in model._fields.values():
            if field.name not in columns or field.name in ("id", "partner_id"):
                continue
            if field.type in (*NUMBERS, "char", "text", "date", "boolean"):
                value = other.value(model, field)
            elif field.type == "selection":
                value = field.get_values(self.env)[0]
            elif field.comodel_name in ("lifecycle.stage", "lifecycle.segment"):
                value = self.env[field.comodel_name].search([], limit=1).id
            else:
                continue
            if value is not None:
                values[field.name] = field.convert_to_column_insert(
                    value, model, validate=False
                )
        return values

    # -- the questions -----------------------------------------------------------

    def _questions(self, user):
        """Whatever one may ask about what is hidden: (model, method, args, named)."""
        env = self._as(user)
        for model, fields in self.fields.items():
            if model in self.models or not env[model].has_access("read"):
                continue
            for name in fields:
                yield from self._direct(model, self.env[model]._fields[name])
        for model, path, target in self._paths(env):
            for name in TELLING[target]:
                if name in self.fields.get(target, ()):
                    yield from self._indirect(model, path, target, name)

    def _direct(self, model, field):
        name = field.name
        for operator in ("!=", "="):
            yield model, "search", [[(name, operator, False)]], {}
        if field.type in NUMBERS:
            for operator, value in ((">", 1), ("<", 15), ("<", 1500)):
                yield model, "search", [[(name, operator, value)]], {}
        elif field.type in ("char", "selection", "many2one"):
            yield model, "search", [["!", (name, "ilike", "1")]], {}
        elif field.type == "date":
            yield model, "search", [[(name, "<", "2026-01-20")]], {}
            yield model, "search", [[(f"{name}.month_number", "=", 1)]], {}
        elif field.type == "one2many":
            for operator in ("any", "not any"):
                yield model, "search", [[(name, operator, [("id", ">", 0)])]], {}
        group = f"{name}:month" if field.type in ("date", "datetime") else name
        yield model, "formatted_read_group", [[], [group], ["__count"]], {}
        for aggregate in ("max", "avg" if field.type in NUMBERS else "count_distinct"):
            spec = f"{name}:{aggregate}"
            yield model, "formatted_read_group", [[], [], [spec]], {}
            having = {"having": [(spec, ">", 1)]}
            yield model, "formatted_read_group", [[], ["id"], ["__count"]], having
        yield model, "search", [[]], {"order": f"{name}, id"}
        by_sum = {"order": f"{name}:max desc", "limit": 1}
        yield model, "formatted_read_group", [[], ["id"], ["__count"]], by_sum

    def _paths(self, env):
        """All fields of all models that lead to where scores are shown."""
        for model, cls in sorted(self.env.registry.items()):
            if cls._abstract or cls._transient or model in self.models:
                continue
            if not env[model].has_access("read"):
                continue
            if not self.env[model].sudo().search_count([], limit=1):
                continue  # whatever is asked of nothing has one answer
            for field in cls._fields.values():
                if field.comodel_name in TELLING and field._description_searchable:
                    yield model, field.name, field.comodel_name

    def _indirect(self, model, path, target, name):
        field = self.env[target]._fields[name]
        if field.type == "one2many":
            inner = [(f"{name}.revenue_total", ">", 1500)]
        elif field.type == "many2one":
            inner = [(f"{name}.name", "ilike", "lead")]
        else:
            inner = [(name, ">", 1500)]
        [(inner_path, *condition)] = inner
        yield model, "search", [[(f"{path}.{inner_path}", *condition)]], {}
        yield model, "search", [[(path, "not any", inner)]], {}
        if field.type == "many2one" and self.env[model]._fields[path].store:
            group = f"{path}.{name}"
            yield model, "formatted_read_group", [[], [group], ["__count"]], {}

    def _ask_all(self, user):
        return {
            repr(question): self._try(
                user, question[0], question[1], *question[2], **question[3]
            )
            for question in self._questions(user)
        }

    @mute_logger(*SILENT)
    def test_no_answer_depends_on_what_is_hidden(self):
        users = [*(self.users[role] for role in OUTSIDE), self.foreigner]
        before = {user: self._ask_all(user) for user in users}
        told = self._ask_all(self.users["leader"])
        self._change_everything()
        for user in users:
            after = self._ask_all(user)
            self.assertGreater(len(after), 100, user.login)
            different = [
                (question, before[user][question], answer)
                for question, answer in after.items()
                if before[user].get(question) != answer
            ]
            self.assertFalse(different, user.login)
        # the questions can tell: to who may see the scores they do
        after = self._ask_all(self.users["leader"])
        different = {question for question in told if told[question] != after[question]}
        for model in ("res.partner", "crm.lead", "sale.order"):
            for name in self.fields[model]:
                if self.env[model]._is_lifecycle_field(name):
                    field = self.env[model]._fields[name]
                    asked = {repr(q) for q in self._direct(model, field)}
                    with self.subTest(model=model, field=name):
                        self.assertTrue(asked & different)
