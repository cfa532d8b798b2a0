"""Who has no sales rights learns nothing of the scores, however they ask."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase, fields_of_profile

SHOWING = ("res.partner", "res.users", "crm.lead", "sale.order")


@tagged("post_install", "-at_install")
class TestSecurityPartner(SecurityCase):
    def test_no_answer_depends_on_a_score(self):
        """The same questions, the scores changed in between: the same answers."""
        users = self.portal | self.contacts | self.settings
        before = {user: self._answers(user) for user in users}
        self._change_secrets(self.company)
        for user in users:
            for question, answer in self._answers(user).items():
                with self.subTest(user=user.login, question=question):
                    self.assertEqual(answer, before[user][question])

    def test_the_questions_can_tell(self):
        """For who may see the scores the answers do change: they are asked right."""
        before = self._answers(self.salesperson)
        self._change_secrets(self.company)
        after = self._answers(self.salesperson)
        different = [
            question for question in before if before[question] != after[question]
        ]
        for model in ("res.partner", "crm.lead", "sale.order"):
            for method in ("search", "search_read", "formatted_read_group"):
                with self.subTest(model=model, method=method):
                    asked = [q for q in different if q[:2] == (model, method)]
                    self.assertTrue(asked)

    def test_every_field_is_guarded(self):
        """A field that shows the profile and has no groups is a leak."""
        for name in SHOWING:
            model = self.env[name]
            base = self.env["res.partner"] if name == "res.users" else model
            names = fields_of_profile(base)
            self.assertGreater(len(names), 4)
            for field in names:
                with self.subTest(model=name, field=field):
                    self.assertEqual(
                        model._fields[field].groups,
                        "lifecycle_crm.group_lifecycle_user",
                    )

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_every_field_is_refused(self):
        """Reading, sorting, grouping and aggregating each of them."""
        names = fields_of_profile(self.env["res.partner"])
        for user in self.without_rights:
            me = user.partner_id.ids
            for name in names:
                field = self.env["res.partner"]._fields[name]
                self._refused(user, "res.partner", "read", me, [name])
                self._refused(user, "res.partner", "web_read", me, {name: {}})
                self._refused(user, "res.users", "read", user.ids, [name])
                if field.type == "one2many":
                    continue
                group = f"{name}:month" if field.type == "date" else name
                for model in ("res.partner", "res.users"):
                    self._refused(user, model, "search", [], order=name)
                    self._refused(
                        user, model, "formatted_read_group", [], [group], ["__count"]
                    )
                    self._refused(
                        user, model, "formatted_read_group", [], [], [f"{name}:max"]
                    )

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_other_ways_to_read(self):
        spec = {"clv_historic": {}, "lifecycle_stage_id": {"fields": {"name": {}}}}
        nested = {"commercial_partner_id": {"fields": spec}}
        lines = {"child_ids": {"fields": spec}}
        parent = {"parent_id": self.alpha.id, "name": "New"}
        for user in self.without_rights:
            me = user.partner_id.ids

            def refused(*args, user=user, **kwargs):
                self._refused(user, "res.partner", *args, **kwargs)

            refused("web_read", me, nested)
            refused("web_read", user.partner_id.commercial_partner_id.ids, lines | spec)
            refused("web_search_read", [], {"name": {}, **spec})
            refused("search_read", [], ["clv_historic"])
            refused("onchange", [], parent, ["parent_id"], spec)
            refused("onchange", [], parent, [], spec)
            refused("onchange", me, {"name": "New"}, ["name"], {"name": {}, **spec})
            refused("write", me, {"clv_historic": 1})
            refused("write", me, {"lifecycle_profile_ids": [(5,)]})
            refused("web_save", me, {"name": "New"}, spec)
            refused("action_view_lifecycle_profile", me)
            refused(
                "read_progress_bar",
                [],
                "lifecycle_stage_id",
                {"field": "rfm_code", "colors": {"545": "success"}},
            )

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_export(self):
        """The right to export is not the right to see."""
        paths = ("clv_historic", "lifecycle_stage_id/name", "lifecycle_profile_id/id")
        for user in (self.contacts, self.settings):
            for path in (*paths, "lifecycle_profile_ids/revenue_total"):
                self._refused(
                    user, "res.partner", "export_data", self.alpha.ids, ["name", path]
                )
        for user in (self.portal, self.public, self.plain):
            answer = self._answer(
                user, "res.partner", "export_data", user.partner_id.ids, [*paths]
            )
            self.assertIn(answer, ("UserError", "AccessError"))

    def test_fields_are_not_even_listed(self):
        for user in self.without_rights:
            for model in ("res.partner", "res.users"):
                with self.subTest(user=user.login, model=model):
                    listed = self._as(user)[model].fields_get()
                    guarded = fields_of_profile(self.env["res.partner"])
                    self.assertFalse(set(guarded) & set(listed))
        arch = self._as(self.contacts)["res.partner"].get_view(view_type="form")["arch"]
        for name in fields_of_profile(self.env["res.partner"]):
            self.assertNotIn(f'name="{name}"', arch)
        # when somebody was born is no score
        self.assertNotIn("lifecycle", arch.replace("lifecycle_birthday", ""))
        arch = self._as(self.salesperson)["res.partner"].get_view(view_type="form")
        self.assertIn("lifecycle_stage_id", arch["arch"])
