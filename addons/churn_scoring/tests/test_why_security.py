"""Why a customer has its score is told to who may know."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lifecycle_crm.tests.security_common import SecurityCase


@tagged("post_install", "-at_install")
class TestSecurityEvidence(SecurityCase):
    MODELS = ("churn.evidence", "churn.evidence.report", "churn.evidence.run")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(cls.alpha, "2026-05-01", 80, move_type="out_refund")
        cls._invoice(
            cls.beta, "2026-05-01", 90, move_type="out_refund", company=cls.other
        )
        evidence = cls.env["churn.evidence"]
        for company in (cls.company, cls.other):
            evidence._refresh(company)
            cls.env["churn.evidence.report"]._refresh(company, cls.today, "credit_note")
            cls.env["churn.evidence.run"].create({"company_id": company.id})
        cls.env.flush_all()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_without_rights(self):
        for user in self.without_rights:
            for model in self.MODELS:
                row = self.env[model].search([], limit=1)
                self.assertTrue(row)
                self._refused(user, model, "search_read", [])
                self._refused(user, model, "read", row.ids)
                self._refused(user, model, "formatted_read_group", [], [], ["__count"])
            line = self.env["churn.evidence"].search([], limit=1)
            self._refused(user, "churn.evidence", "action_open_document", line.ids)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_not_another_company(self):
        for model in self.MODELS:
            theirs = self.env[model].search([("company_id", "=", self.other.id)])
            self.assertTrue(theirs, model)
            found = self._ask(self.manager, model, "search", [("id", "in", theirs.ids)])
            self.assertFalse(found)
            self._refused(self.manager, model, "read", theirs.ids, ["company_id"])
        theirs = self.env["churn.evidence"].search([("company_id", "=", self.other.id)])
        self._refused(
            self.manager, "churn.evidence", "action_open_document", theirs.ids[:1]
        )

    def test_own_company(self):
        [line] = self._ask(
            self.salesperson,
            "churn.evidence",
            "search_read",
            [],
            ["amount", "sentence"],
        )
        self.assertEqual(line["amount"], 80)
        self.assertIn("80.00", line["sentence"])
        [row] = self._ask(
            self.manager, "churn.evidence.report", "search_read", [], ["customer_count"]
        )
        self.assertEqual(row["customer_count"], 1)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes(self):
        for user in (self.salesperson, self.manager, self.settings):
            for model in self.MODELS:
                row = self.env[model].search([("company_id", "=", self.company.id)])
                self._refused(user, model, "create", {"company_id": self.company.id})
                self._refused(user, model, "write", row.ids[:1], {"company_id": 1})
                self._refused(user, model, "unlink", row.ids[:1])
        for method in ("_refresh", "_select_evidence", "_forget_strangers"):
            self._refused(self.manager, "churn.evidence", method, [])

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_why_of_a_contact(self):
        names = ["churn_why", "churn_reason_top"]
        for user in self.without_rights:
            for name in names:
                answer = self._answer(
                    user, "res.partner", "read", user.partner_id.ids, [name]
                )
                self.assertIn(answer, ("AccessError",), (user.login, name))
                everyone = self._answer(user, "res.partner", "search", [])
                for domain in ([(name, "!=", False)], [(name, "ilike", "order")]):
                    found = self._answer(user, "res.partner", "search", domain)
                    # all or nobody: nothing is told apart
                    self.assertIn(found, ([], everyone, "AccessError", "ValueError"))
                answer = self._answer(
                    user, "res.partner", "search_read", [], ["id"], order=name
                )
                self.assertIsInstance(answer, str)
        [row] = self._ask(
            self.salesperson, "res.partner", "read", self.alpha.ids, ["churn_why"]
        )
        self.assertEqual(len(row["churn_why"]["evidence"]), 1)
        # of the company of the user only
        [row] = self._ask(
            self.salesperson, "res.partner", "read", self.beta.ids, ["churn_why"]
        )
        self.assertFalse(row["churn_why"]["evidence"])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_profile_of_another_company(self):
        theirs = self.profiles.filtered(lambda p: p.company_id == self.other)
        with self.assertRaises(AccessError):
            self._ask(
                self.salesperson, "lifecycle.profile", "read", theirs.ids, ["churn_why"]
            )
