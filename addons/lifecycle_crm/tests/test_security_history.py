"""The monthly history: read by who sees all sales of the own company, never written."""

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
        all_documents = ("sales_team.group_sale_salesman_all_leads",)
        cls.leader = cls._user("leader", all_documents)
        cls.foreign_leader = cls._user("foreign_leader", all_documents, cls.other)
        cls._order(cls.beta, "2026-05-01", 70_000, company=cls.other)
        snapshots = cls.env["lifecycle.snapshot"]
        cls.mine = snapshots._rebuild(cls.company, 2)
        cls.theirs = snapshots._rebuild(cls.other, 2)
        cls.env.flush_all()

    def test_all_documents_reads_own_company(self):
        for user, company, amount in (
            (self.leader, self.company, 600),
            (self.manager, self.company, 600),
            (self.foreign_leader, self.other, 70_000),
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

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_own_documents_only(self):
        """Who sees the own documents only sees no figures of the whole company."""
        for model in HISTORY:
            rows = self.env[model].search([("company_id", "=", self.company.id)])
            self.assertTrue(rows)
            self._refused(self.salesperson, model, "search_read", [], ["company_id"])
            self._refused(self.salesperson, model, "read", rows.ids, ["company_id"])
            self._refused(self.salesperson, model, "search_count", [])
            self._refused(self.salesperson, model, "name_search", "")
            self._refused(
                self.salesperson, model, "formatted_read_group", [], [], ["__count"]
            )
            # nor the entry of a menu that would open a refusal
            menu = self.env.ref(f"lifecycle_crm.menu_{model.replace('.', '_')}")
            for user, shown in ((self.salesperson, False), (self.leader, True)):
                visible = self._as(user)["ir.ui.menu"]._visible_menu_ids()
                self.assertEqual(menu.id in visible, shown, (user.login, model))
        # customers and what changed are theirs as before
        for model in ("lifecycle.profile", "lifecycle.transition"):
            self._ask(self.salesperson, model, "search_read", [], ["company_id"])
        self.assertEqual(
            self._ask(self.salesperson, "lifecycle.profile", "search_count", []), 5
        )

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_rule")
    def test_not_another_company(self):
        for model in NOBODY_WRITES:
            theirs = self.env[model].search([("company_id", "=", self.other.id)])
            self.assertTrue(theirs)
            for user in (self.leader, self.manager):
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
