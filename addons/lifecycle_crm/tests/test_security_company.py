"""A salesperson sees all scores of the own company and none of another."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

MINE = ("lifecycle.profile", "lifecycle.transition", "lifecycle.run")
# Ways from what one may read to the profiles of another company.
DETOURS = (
    "lifecycle_profile_id.partner_id.lifecycle_profile_ids.revenue_total",
    "lifecycle_profile_ids.revenue_total",
    "parent_id.lifecycle_profile_ids.revenue_total",
    "child_ids.parent_id.lifecycle_profile_id.partner_id.lifecycle_profile_ids"
    ".revenue_total",
    "user_ids.partner_id.lifecycle_profile_ids.revenue_total",
    "lifecycle_profile_id.company_id.partner_id.lifecycle_profile_ids.revenue_total",
)


@tagged("post_install", "-at_install")
class TestSecurityCompany(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        theirs = cls.profiles.filtered(lambda p: p.company_id == cls.other)
        theirs.write({"revenue_total": 70_000, "clv_historic": 70_000})
        cls.mine = cls.profiles.filtered(
            lambda p: p.partner_id == cls.alpha and p.company_id == cls.company
        )
        cls.theirs = theirs.filtered(lambda p: p.partner_id == cls.alpha)
        cls.transition = cls.env["lifecycle.transition"].create(
            {
                "profile_id": cls.theirs.id,
                "partner_id": cls.alpha.id,
                "company_id": cls.other.id,
                "kind": "stage",
                "date": cls.today,
                "cause": "purchase",
            }
        )
        cls.env.flush_all()

    def test_salesperson_sees_own_company(self):
        def ask(method, *args, **kwargs):
            return self._ask(self.salesperson, "res.partner", method, *args, **kwargs)

        [values] = ask("read", self.kid.ids, ["clv_historic", "lifecycle_stage_id"])
        self.assertEqual(values["clv_historic"], 1000)
        self.assertEqual(values["lifecycle_stage_id"][1], "Loyal")
        ids = (self.alpha | self.kid | self.beta | self.nobody).ids
        inside = [("id", "in", ids)]
        rich = [*inside, ("clv_historic", ">", 500)]
        self.assertEqual(ask("search_count", rich), 2)
        self.assertEqual(
            ask("search", [*inside, ("lifecycle_profile_id", "=", False)]),
            self.nobody.ids,
        )
        for direction in ("", " desc"):
            found = ask("search", inside, order=f"clv_historic{direction}, id desc")
            self.assertEqual(found[-1], self.nobody.id, "without value: last")
            self.assertEqual(found[0] == self.beta.id, not direction)
        [loyal, none] = ask(
            "formatted_read_group",
            inside,
            ["lifecycle_stage_id"],
            ["clv_historic:sum", "clv_historic:avg", "__count"],
        )
        self.assertEqual(loyal["lifecycle_stage_id"][1], "Loyal")
        # three contacts of two customers
        self.assertEqual(loyal["clv_historic:sum"], 1020)
        self.assertEqual(loyal["clv_historic:avg"], 510)
        self.assertEqual((none["lifecycle_stage_id"], none["__count"]), (False, 1))
        for direction in ("asc", "desc"):
            groups = ask(
                "formatted_read_group",
                inside,
                ["rfm_code"],
                ["clv_historic:sum"],
                order=f"clv_historic:sum {direction}",
            )
            self.assertEqual([g["rfm_code"] for g in groups], ["545", False])
        exported = ask("export_data", self.alpha.ids, ["clv_historic", "rfm_code"])
        self.assertEqual(exported["datas"], [[1000.0, "545"]])
        [[_id, name]] = ask("name_search", "", [*rich, ("is_company", "=", True)])
        self.assertEqual(name, "Alpha")

    def test_leads_and_quotations(self):
        for model, total in (("crm.lead", 1020), ("sale.order", None)):
            groups = self._ask(
                self.salesperson,
                model,
                "formatted_read_group",
                [("partner_id", "in", (self.alpha | self.kid | self.beta).ids)],
                ["lifecycle_stage_id"],
                ["__count"] + (["clv_historic:sum"] if total else []),
            )
            self.assertEqual([g["lifecycle_stage_id"][1] for g in groups], ["Loyal"])
            if total:
                self.assertEqual(groups[0]["clv_historic:sum"], total)

    def test_the_same_customer_in_two_companies(self):
        for user, value in ((self.salesperson, 1000), (self.foreigner, 70_000)):
            [values] = self._ask(
                user,
                "res.partner",
                "read",
                self.alpha.ids,
                ["clv_historic", "lifecycle_profile_ids"],
            )
            self.assertEqual(values["clv_historic"], value)
            self.assertEqual(len(values["lifecycle_profile_ids"]), 1)

    def test_company_switch(self):
        """Who may work in both sees the one that is chosen, not a mixture."""
        both = self.salesperson
        both.company_ids |= self.other
        field = ["clv_historic"]
        for company, value in ((self.company, 1000), (self.other, 70_000)):
            partners = self._as(both, company)["res.partner"].browse(self.alpha.id)
            self.assertEqual(partners.read(field)[0]["clv_historic"], value)
            found = partners.search([("clv_historic", "=", value)])
            self.assertIn(self.alpha, found)
            [total] = partners.search([("id", "=", self.alpha.id)])._read_group(
                [("id", "=", self.alpha.id)], [], ["clv_historic:sum"]
            )
            self.assertEqual(total, (value,))
        env = self._as(both, self.company | self.other)
        self.assertEqual(env["lifecycle.profile"].search_count([]), 10)
        self.assertEqual(
            env["res.partner"].browse(self.alpha.id).clv_historic,
            1000,
            "of the first company in the switcher",
        )

    @mute_logger("odoo.http", "odoo.models", "odoo.orm.models")
    def test_unauthorized_switch(self):
        env = self._as(self.salesperson, self.other)
        partner = env["res.partner"].browse(self.alpha.id)
        for ask in (
            lambda: partner.read(["clv_historic"]),
            lambda: partner.search([("clv_historic", ">", 1)]),
            lambda: partner.search([], order="clv_historic"),
            lambda: partner.formatted_read_group([], [], ["clv_historic:sum"]),
            lambda: env["lifecycle.run"].with_user(self.manager).action_recompute(),
        ):
            with self.assertRaises(AccessError):
                ask()

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_foreign_records_are_refused(self):
        user = self.salesperson
        for record in (self.theirs, self.transition):
            for method, *args in (
                ("read", ["company_id"]),
                ("web_read", {"company_id": {}}),
                ("export_data", ["company_id/name"]),
            ):
                self._refused(user, record._name, method, record.ids, *args)
            domain = [("company_id", "=", self.other.id)]
            self.assertFalse(self._ask(user, record._name, "search", domain))
            found = self._ask(user, record._name, "search", [("id", "=", record.id)])
            self.assertFalse(found)
        for method in ("action_open_partner", "action_view_transactions"):
            self._refused(user, "lifecycle.profile", method, self.theirs.ids)

    def test_foreign_values_cannot_be_guessed(self):
        """No filter, whatever way it goes, tells more than the own profiles do."""
        for path in DETOURS:
            domain = [(path, ">", 50_000)]
            with self.subTest(path=path):
                self.assertFalse(
                    self._ask(self.salesperson, "res.partner", "search", domain)
                )
        for name in ("lifecycle_profile_ids", "lifecycle_profile_id"):
            for operator, value in (
                ("=", self.theirs.id),
                ("in", self.theirs.ids),
                ("any", [("company_id", "=", self.other.id)]),
                ("any", [("transition_ids", "in", self.transition.ids)]),
            ):
                with self.subTest(name=name, operator=operator):
                    domain = [(name, operator, value)]
                    self.assertFalse(
                        self._ask(self.salesperson, "res.partner", "search", domain)
                    )

    def test_no_answer_depends_on_another_company(self):
        before = self._answers(self.salesperson)
        total = ("res.partner", "formatted_read_group", [], [], ["clv_historic:sum"])
        theirs = self._ask(self.foreigner, *total)
        self._change_secrets(self.other)
        self.assertNotEqual(self._ask(self.foreigner, *total), theirs)
        for question, answer in self._answers(self.salesperson).items():
            with self.subTest(question=question):
                self.assertEqual(answer, before[question])

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_profile_opens_no_door(self):
        """A filter by the profile asks what it leads to with the user's rights."""
        runs = self.env["lifecycle.run"].search_count([])
        self.assertGreaterEqual(runs, 0)
        for path in (
            "lifecycle_profile_id.transition_ids.run_id.state",
            "lifecycle_stage_id.create_uid.group_ids.model_access.name",
            "lifecycle_profile_id.company_id.user_ids.group_ids.rule_groups.name",
        ):
            for model in ("res.partner", "crm.lead", "sale.order"):
                self._refused(self.salesperson, model, "search", [(path, "=", "done")])
