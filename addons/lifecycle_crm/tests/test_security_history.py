"""The monthly history: read by who sells, of the own company, written by nobody."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

HISTORY = ("lifecycle.snapshot", "lifecycle.kpi", "lifecycle.movement")
NOBODY_WRITES = (*HISTORY, "lifecycle.rebuild")


@tagged("post_install", "-at_install")
class TestSecurityHistory(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order(cls.beta, "2026-05-01", 70_000, company=cls.other)
        snapshots = cls.env["lifecycle.snapshot"]
        cls.mine = snapshots._rebuild(cls.company, 2)
        cls.theirs = snapshots._rebuild(cls.other, 2)
        cls.env.flush_all()

    def test_salesperson_reads_own_company(self):
        for user, company, amount in (
            (self.salesperson, self.company, 600),
            (self.foreigner, self.other, 70_000),
        ):
            for model in HISTORY:
                rows = self._ask(user, model, "search_read", [], ["company_id"])
                self.assertTrue(rows)
                self.assertEqual({row["company_id"][0] for row in rows}, {company.id})
                [group] = self._ask(
                    user, model, "formatted_read_group", [], [], ["__count"]
                )
                self.assertEqual(group["__count"], len(rows))
            [total] = self._ask(
                user, "lifecycle.kpi", "formatted_read_group", [], [], ["revenue:sum"]
            )
            self.assertEqual(total["revenue:sum"], amount)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_rule")
    def test_not_another_company(self):
        for model in NOBODY_WRITES:
            theirs = self.env[model].search([("company_id", "=", self.other.id)])
            self.assertTrue(theirs)
            for user in (self.salesperson, self.manager):
                if user == self.manager or model != "lifecycle.rebuild":
                    found = self._ask(user, model, "search", [("id", "in", theirs.ids)])
                    self.assertFalse(found)
                self._refused(user, model, "read", theirs.ids[:1], ["company_id"])
        self._refused(
            self.salesperson,
            "lifecycle.kpi",
            "action_view_customers",
            self.env["lifecycle.kpi"].search([("company_id", "=", self.other.id)]).ids,
        )

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_nobody_writes(self):
        for user in (self.salesperson, self.manager, self.settings):
            for model in NOBODY_WRITES:
                row = self.env[model].search([("company_id", "=", self.company.id)])
                self._refused(user, model, "create", {"company_id": self.company.id})
                self._refused(user, model, "write", row.ids[:1], {"company_id": 1})
                self._refused(user, model, "unlink", row.ids[:1])

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_button(self):
        def pending():
            return self.env["lifecycle.rebuild"].search([("state", "=", "pending")])

        pending().unlink()
        for user in self.without_rights | self.salesperson:
            answer = self._answer(user, "lifecycle.rebuild", "action_rebuild", [])
            self.assertIn(answer, ("UserError", "AccessError"))
        for method in ("_request", "_work", "_process_open"):
            self._refused(self.manager, "lifecycle.rebuild", method, [])
        self._refused(self.manager, "lifecycle.snapshot", "_rebuild", [])
        self.assertFalse(pending())
        self._as(self.manager)["lifecycle.rebuild"].action_rebuild()
        self.assertEqual(pending().company_id, self.company)
        self.assertEqual(pending().user_id, self.manager)
