from odoo.tests import new_test_user, tagged

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestRuleLog(LifecycleCase):
    """Who changed a rule of a score, and how, can be read afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})
        cls.manager = new_test_user(
            cls.env,
            "rule_manager",
            groups="base.group_user,sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _told(self, record):
        """Changes that the chatter tells: ``{field: (old, new, who)}``."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        told = {}
        for message in record.sudo().message_ids.sorted("id"):
            for value in message.tracking_value_ids:
                char = value.field_id.ttype not in ("integer", "boolean", "float")
                kind = "char" if char else value.field_id.ttype
                kind = {"boolean": "integer"}.get(kind, kind)
                told[value.field_id.name] = (
                    value[f"old_value_{kind}"],
                    value[f"new_value_{kind}"],
                    message.author_id,
                )
        return told

    def _change(self, record, **values):
        self.env.flush_all()
        self.env.cr.precommit.run()
        record.with_user(self.manager).write(values)
        return self._told(record)

    def test_stage(self):
        stage = self.env["lifecycle.stage"].create(
            {"name": "Big", "company_id": self.company.id, "domain": "[]"}
        )
        rule = "[('revenue_total', '>', 500)]"
        told = self._change(stage, domain=rule, active=False)
        self.assertEqual(told["domain"], ("[]", rule, self.manager.partner_id))
        self.assertEqual(told["active"][:2], (1, 0))

    def test_segment(self):
        segment = self.env["lifecycle.segment"].create(
            {"name": "Rare", "company_id": self.company.id, "recency_min": 2}
        )
        told = self._change(segment, recency_min=3)
        self.assertEqual(told["recency_min"], (2, 3, self.manager.partner_id))

    def test_settings_of_the_company(self):
        company = self.company.with_env(self.env)  # one that is tracked
        company.lifecycle_lapse_days = 300
        self.env.flush_all()
        self.env.cr.precommit.run()
        # as the settings do it, for who may open them
        company.with_user(self.manager).sudo().lifecycle_lapse_days = 200
        told = self._told(company)
        self.assertEqual(
            told["lifecycle_lapse_days"], (300, 200, self.manager.partner_id)
        )

    def test_every_rule_is_tracked(self):
        for name in ("lifecycle.stage", "lifecycle.segment"):
            model = self.env[name]
            for rule in model._rule_fields:
                self.assertTrue(model._fields[rule].tracking, rule)
        companies = self.env["res.company"]
        for name in companies._fields:
            if name.startswith(("lifecycle_rfm", "lifecycle_lapse", "churn_")):
                field = companies._fields[name]
                if field.store and name.startswith(
                    ("churn_horizon", "churn_cut", "churn_bands", "lifecycle_")
                ):
                    self.assertTrue(field.tracking, name)
