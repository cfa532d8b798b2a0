"""Who may see what is expected of customers, and by which model."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.lifecycle_crm.tests import security_common
from odoo.addons.lifecycle_crm.tests.security_common import SecurityCase

MODELS = ("churn.model", "churn.prediction", "churn.judgement")
ASKED = {
    "churn_probability": 0.77,
    "churn_risk": "high",
    "clv_expected": 777.0,
    "revenue_at_risk": 333.0,
    "lifecycle_profile_id.churn_probability": 0.77,
    "lifecycle_profile_ids.clv_expected": 777.0,
}
GROUPED = ["churn_risk", "lifecycle_profile_id.churn_risk", "partner_id.churn_risk"]
AGGREGATED = [
    "churn_probability:avg",
    "churn_probability:max",
    "clv_expected:sum",
    "revenue_at_risk:sum",
    "churn_risk:count_distinct",
]


@tagged("post_install", "-at_install")
class TestChurnSecurity(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profiles.write(
            {
                "churn_probability": 0.77,
                "churn_risk": "high",
                "churn_method": "avg2",
                "churn_confidence": "proven",
                "clv_expected": 777,
                "revenue_at_risk": 333,
            }
        )
        cls.models = cls.env["churn.model"].create(
            [
                {
                    "company_id": company.id,
                    "state": "active",
                    "reason": "manual",
                    "rung": "2",
                    "method": "avg2",
                    "as_of": cls.today,
                    "horizon_days": 90,
                    "params": {"secret": 42},
                    "error": "secret",
                    "auc": 0.8,
                    "has_backtest": True,
                }
                for company in (cls.company, cls.other)
            ]
        )
        cls.mine, cls.theirs = cls.models
        for company in (cls.company, cls.other):
            cls.env["churn.judgement"].create(
                {
                    "company_id": company.id,
                    "kind": "churn",
                    "date": cls.today,
                    "predicted_share": 0.3,
                }
            )
            cls.env.execute_query(
                SQL(
                    """INSERT INTO churn_prediction (company_id, date, partner_id,
                        horizon_days, clv_months, probability)
                    VALUES (%s, %s, %s, 90, 12, 0.5) RETURNING id""",
                    company.id,
                    cls.today,
                    cls.alpha.id,
                )
            )
        cls.env.flush_all()

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_without_sales_rights_nothing(self):
        for user in self.without_rights:
            for model in MODELS:
                self._refused(user, model, "search_count", [])
                self._refused(user, model, "search_read", [], ["id"])
                self._refused(user, model, "formatted_read_group", [], [], ["__count"])
                self._refused(user, model, "name_search", "")
                self._refused(user, model, "create", {})

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_nobody_writes(self):
        for user in (self.salesperson, self.manager, self.settings):
            for model in MODELS:
                ids = self.env[model].search([], limit=1).ids or [1]
                self._refused(user, model, "create", {"company_id": self.company.id})
                self._refused(user, model, "write", ids, {"company_id": 1})
                self._refused(user, model, "unlink", ids)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_salesperson_sees_the_verdict_not_the_parameters(self):
        user = self.salesperson
        [row] = self._ask(user, "churn.model", "search_read", [], ["summary", "auc"])
        self.assertEqual(row["id"], self.mine.id)
        self.assertIn("80 of 100 pairs", row["summary"])
        for name in (
            "params",
            "params_text",
            "trees_churn",
            "trees_spend",
            "error",
            "value_scale",
        ):
            self._refused(user, "churn.model", "read", self.mine.ids, [name])
            if self.mine._fields[name].store:
                self._refused(
                    user, "churn.model", "search", [(name, "!=", False)], order=name
                )
        self.assertEqual(self._ask(user, "churn.judgement", "search_count", []), 1)
        self._refused(user, "churn.prediction", "search_count", [])
        for model in ("churn.model",):
            self._refused(user, model, "read", self.theirs.ids, ["auc"])
        answer = self._answer(user, "churn.model", "action_train", [])
        self.assertIn(answer, ("UserError", "AccessError"))

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_manager_of_one_company(self):
        user = self.manager
        [row] = self._ask(user, "churn.model", "search_read", [], ["params"])
        self.assertEqual(row["params"], {"secret": 42})
        self.assertEqual(self._ask(user, "churn.prediction", "search_count", []), 1)
        self._refused(user, "churn.model", "read", self.theirs.ids, ["params"])
        self._refused(user, "churn.model", "action_train", self.theirs.ids)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_offsets_are_the_managers(self):
        mine = self.profiles.filtered(lambda p: p.company_id == self.company)
        for name in ("churn_offset", "value_factor"):
            self._refused(
                self.salesperson, "lifecycle.profile", "read", mine.ids, [name]
            )

    def test_no_answer_depends_on_what_one_may_not_see(self):
        """To who may not, all questions have the same answers whatever is stored."""
        with (
            patch.object(security_common, "ASKED", ASKED),
            patch.object(security_common, "GROUPED", GROUPED),
            patch.object(security_common, "AGGREGATED", AGGREGATED),
        ):
            users = self.plain | self.contacts | self.settings | self.portal
            before = {user: self._answers(user) for user in users}
            told = self._answers(self.salesperson)
            theirs = self._answers(self.foreigner)
            self._change_scores(self.company)
            for user in users:
                self.assertEqual(self._answers(user), before[user], user.login)
            # of another company, too
            self.assertEqual(self._answers(self.foreigner), theirs)
            self.assertNotEqual(self._answers(self.salesperson), told)

    def _change_scores(self, company):
        self.profiles.filtered(lambda p: p.company_id == company).write(
            {
                "churn_probability": 0.11,
                "churn_risk": "low",
                "clv_expected": 5,
                "revenue_at_risk": 1,
            }
        )
        self.env.flush_all()

    def test_export_and_fields_get(self):
        for user in (self.plain, self.contacts, self.settings):
            names = self._ask(user, "res.partner", "fields_get")
            for name in ("churn_probability", "churn_risk", "clv_expected"):
                self.assertNotIn(name, names)
