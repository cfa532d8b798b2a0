"""The models of the app: who may read, write and press which button."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .security_common import SecurityCase

DATA = (
    "lifecycle.profile",
    "lifecycle.stage",
    "lifecycle.segment",
    "lifecycle.transition",
    "lifecycle.transaction",
    "lifecycle.history",
    "lifecycle.import",
    "lifecycle.run",
    "lifecycle.snapshot",
    "lifecycle.kpi",
    "lifecycle.movement",
    "lifecycle.cohort",
    "lifecycle.rebuild",
    "lifecycle.health",
    "lifecycle.loss.report",
    "lifecycle.cross.sell",
    "lifecycle.dashboard.count",
)
ABSTRACT = (
    "lifecycle.engine",
    "lifecycle.store",
    "lifecycle.dashboard",
    "lifecycle.privacy",
)
RULES = ("lifecycle.stage", "lifecycle.segment")


@tagged("post_install", "-at_install")
class TestSecurityModels(SecurityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loyal = cls.env.ref("lifecycle_crm.stage_loyal")
        cls.lapsed = cls.env.ref("lifecycle_crm.stage_lapsed")
        cls.mine, cls.theirs = (
            cls.profiles.filtered(
                lambda p, company=company: (
                    p.partner_id == cls.alpha and p.company_id == company
                )
            )
            for company in (cls.company, cls.other)
        )
        cls.their_stage = cls.env["lifecycle.stage"].create(
            {"name": "Only Theirs", "company_id": cls.other.id}
        )
        cls.env.flush_all()

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_without_sales_rights_nothing(self):
        for user in self.without_rights:
            for model in (*DATA, "lifecycle.pin.wizard", "lifecycle.import.wizard"):
                self._refused(user, model, "search_count", [])
                self._refused(user, model, "search_read", [], ["id"])
                self._refused(user, model, "formatted_read_group", [], [], ["__count"])
                self._refused(user, model, "name_search", "")
                self._refused(user, model, "create", {})

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_nobody_writes_what_the_engine_computes(self):
        for user in (self.salesperson, self.manager, self.settings):
            for model in ("lifecycle.profile", "lifecycle.transition", "lifecycle.run"):
                self._refused(user, model, "create", {"company_id": self.company.id})
                ids = self.mine.ids if model == "lifecycle.profile" else [1]
                self._refused(user, model, "unlink", ids)
            for values in (
                {"revenue_total": 5},
                {"rfm_code": "555", "segment_id": False},
                {"partner_id": self.beta.id},
                {"pinned_stage_id": self.loyal.id},
            ):
                self._refused(user, "lifecycle.profile", "write", self.mine.ids, values)
                self._refused(
                    user, "lifecycle.profile", "web_save", self.mine.ids, values, {}
                )
        # nor through a contact, by who may write contacts
        for command in (
            (0, 0, {"company_id": self.company.id}),
            (1, self.mine.id, {"revenue_total": 5}),
            (2, self.mine.id, 0),
            (5, 0, 0),
        ):
            self._refused(
                self.salesperson,
                "res.partner",
                "write",
                self.alpha.ids,
                {"lifecycle_profile_ids": [command]},
            )
        self._as(self.salesperson)["res.partner"].browse(self.alpha.id).write(
            {"clv_historic": 5, "lifecycle_stage_id": self.lapsed.id}
        )
        self.env.flush_all()
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.clv_historic, 1000)
        self.assertEqual(self.mine.stage_id, self.loyal)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_salesperson_reads_but_changes_no_rules(self):
        user = self.salesperson
        self.assertEqual(self._ask(user, "lifecycle.profile", "search_count", []), 5)
        for model in RULES:
            self.assertTrue(self._ask(user, model, "search_read", [], ["name"]))
            rule = self.env[model].search([], limit=1)
            self._refused(user, model, "write", rule.ids, {"name": "Mine"})
            self._refused(user, model, "create", {"name": "Mine"})
            self._refused(user, model, "unlink", rule.ids)
            self._refused(user, model, "copy", rule.ids)
        for model in ("lifecycle.run", "lifecycle.history", "lifecycle.transaction"):
            self._refused(user, model, "search_count", [])

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_buttons(self):
        users = self.without_rights | self.salesperson
        pin = {"profile_id": self.mine.id, "stage_id": self.lapsed.id, "reason": "x"}
        for user in users:
            profiles = ("lifecycle.profile",)
            self._refused(user, *profiles, "action_unpin_stage", self.mine.ids)
            self._refused(user, "lifecycle.pin.wizard", "create", pin)
            answer = self._answer(user, "lifecycle.run", "action_recompute", [])
            self.assertIn(answer, ("UserError", "AccessError"))
        for user in self.without_rights:
            for method in ("action_pin_stage", "action_open_partner"):
                self._refused(user, *profiles, method, self.mine.ids)
        for method in ("_pin_stage", "_check_pin", "_request", "_execute"):
            model = (
                "lifecycle.run"
                if method in ("_request", "_execute")
                else "lifecycle.profile"
            )
            self._refused(self.manager, model, method, [])
        for model in ABSTRACT:
            self._refused(self.manager, model, "_stage_company", [])
        self.assertFalse(self.mine.pinned_stage_id)
        self.assertFalse(
            self.env["lifecycle.run"].search(
                [("company_id", "=", self.company.id), ("reason", "=", "manual")]
            )
        )

    def test_manager_pins(self):
        """What a manager may: the pin and the stage change, and nothing else."""
        before = self.mine.read()[0]
        wizard = self._as(self.manager)["lifecycle.pin.wizard"].create(
            {"profile_id": self.mine.id, "stage_id": self.lapsed.id, "reason": "Moved"}
        )
        wizard.action_pin()
        after = self.mine.read()[0]
        changed = {name for name in before if before[name] != after[name]}
        self.assertLessEqual(
            changed,
            {
                *("stage_id", "stage_date", "pinned_stage_id", "pin_reason"),
                "pinned_date",
                *("phase", "stage_color", "transition_ids"),
            },
        )
        self.assertEqual(self.mine.stage_id, self.lapsed)
        move = self._transitions(self.alpha)
        self.assertEqual((move.cause, move.user_id), ("manual", self.manager))
        self._as(self.manager)["lifecycle.profile"].browse(
            self.mine.id
        ).action_unpin_stage()
        self.assertFalse(self.mine.pinned_stage_id)

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_manager_of_another_company(self):
        user, env = self.foreign_manager, self._as(self.foreign_manager)
        ours = self.env["lifecycle.stage"].create(
            {"name": "Only Ours", "company_id": self.company.id}
        )
        segment = self.env["lifecycle.segment"].create(
            {"name": "Only Ours", "company_id": self.company.id}
        )
        for rule in (ours, segment):
            self._refused(user, rule._name, "write", rule.ids, {"name": "x"})
            self._refused(user, rule._name, "read", rule.ids, ["name"])
            self._refused(user, rule._name, "unlink", rule.ids)
            self.assertFalse(
                self._ask(user, rule._name, "search", [("id", "=", rule.id)])
            )
            values = {"name": "Smuggled", "company_id": self.company.id}
            self._refused(user, rule._name, "create", values)
            own = env[rule._name].create({"name": "Own", "company_id": self.other.id})
            with self.assertRaises(AccessError):
                own.write({"company_id": self.company.id})
        self._refused(user, "lifecycle.profile", "action_unpin_stage", self.mine.ids)
        for values in (
            {"profile_id": self.mine.id, "stage_id": self.lapsed.id},
            {"profile_id": self.theirs.id, "stage_id": ours.id},
        ):
            self._refused(
                user, "lifecycle.pin.wizard", "create", {**values, "reason": "x"}
            )
        with self.assertRaisesRegex(UserError, "another company"):
            env["lifecycle.profile"].browse(self.theirs.id)._pin_stage(ours)

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_wizards_are_for_who_opened_them(self):
        """They hold files, refused lines and reasons."""
        pin = (
            self._as(self.manager)["lifecycle.pin.wizard"]
            .create(
                {"profile_id": self.mine.id, "stage_id": self.lapsed.id, "reason": "x"}
            )
            .sudo()
        )
        wizard = self._as(self.manager)["lifecycle.import.wizard"].create(
            {
                "file_name": "secret.csv",
                "refused_html": "<p>a</p><img src=x onerror=alert(1)>",
            }
        )
        self.assertNotIn("onerror", wizard.refused_html)
        for record in (pin, wizard.sudo()):
            found = self._ask(self.foreign_manager, record._name, "search", [])
            self.assertFalse(found)
            self._refused(
                self.foreign_manager, record._name, "read", record.ids, ["create_uid"]
            )

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_a_rule_asks_no_more_than_its_author_may_read(self):
        """A manager of the scores only, without sales or accounting rights."""
        stages = self._as(self.manager)["lifecycle.stage"]
        for rule in (
            "[('partner_id.sale_order_ids.amount_total', '>', 1)]",
            "[('partner_id.invoice_ids.amount_total', '>', 1)]",
            "[('partner_id', 'any', [('sale_order_ids.note', 'ilike', 'x')])]",
            "[('company_id.user_ids.group_ids.model_access.name', 'ilike', 'x')]",
            "[('partner_id.user_ids.password', '!=', False)]",
            "[('partner_id', 'any!', [('name', '=', 'x')])]",
        ):
            with self.subTest(rule=rule), self.assertRaises(ValidationError):
                stages.create({"name": "Spy", "domain": rule})

    def test_a_rule_sees_one_company(self):
        """What belongs to another company does not exist for a rule."""
        self._order(self.beta, "2026-05-02", 5000, company=self.other)
        self._order(self.nobody, "2026-05-02", 5000, company=self.other)
        ours = self._secret(self.nobody, self.company, 1)
        theirs = self.profiles.filtered(
            lambda p: p.partner_id == self.beta and p.company_id == self.other
        )
        theirs.revenue_total = 70_000
        orders = "partner_id.sale_order_ids"
        profiles = "partner_id.lifecycle_profile_ids"
        beta, nobody = self.beta, self.nobody
        for rule, customers in (
            (f"[('{orders}.amount_total', '=', 200)]", beta),
            (f"[('{orders}.amount_total', '=', 5000)]", None),
            (f"[('{orders}', 'any', [('amount_total', '=', 5000)])]", None),
            (
                f"[('{orders}', '!=', False)]",
                self.alpha | beta | self.portal.partner_id,
            ),
            (f"[('{orders}', '=', False), ('id', '=', {ours.id})]", nobody),
            (f"[('{orders}', 'not any', []), ('id', '=', {ours.id})]", nobody),
            (f"[('{profiles}.revenue_total', '=', 70000)]", None),
            (f"[('{profiles}', 'in', [{theirs.id}])]", None),
            (f"[('{profiles}.revenue_total', '=', 20)]", beta),
            ("[('partner_id.child_ids.name', 'ilike', 'kid')]", self.alpha),
        ):
            with self.subTest(rule=rule):
                stage = self.env["lifecycle.stage"].new({"domain": rule})
                query = stage._get_rule_query(
                    self.env["lifecycle.profile"].sudo(), self.today, self.company
                )
                found = self.env["lifecycle.profile"].browse(query.get_result_ids())
                found = found.filtered(lambda p: p.company_id == self.company)
                self.assertEqual(found.partner_id, customers or self.env["res.partner"])

    def test_settings_without_sales_rights(self):
        """Administrators open and save the settings; they see no figures there."""
        env = self._as(self.settings)
        fields = [
            name for name in env["res.config.settings"]._fields if "lifecycle" in name
        ]
        spec = {name: {} for name in fields}
        shown = env["res.config.settings"].onchange({}, [], spec)["value"]
        self.assertFalse(shown["lifecycle_learned"])
        env["res.config.settings"].create({"lifecycle_rfm_months": 12}).execute()
        self.assertEqual(self.company.lifecycle_rfm_months, 12)
        self.assertEqual(
            env["res.users"].search([("id", "=", self.plain.id)]), self.plain
        )

    def test_what_everybody_may_read_of_a_company_is_harmless(self):
        """Rules of scoring only: no figure of a customer or of the business."""
        known = self.env["res.company"]._fields
        names = {n for n in known if "lifecycle" in n}
        # other addons say themselves what they add
        own = {n for n in names if known[n]._modules[:1] == ("lifecycle_crm",)}
        self.assertEqual(
            {n.removeprefix("lifecycle_") for n in own},
            {
                *("source", "tz", "lapse_auto", "lapse_days", "rfm_months"),
                *("snapshot_months", "transition_months"),
                "onboarding",  # whether a panel is shown
                *(
                    f"rfm_{scale}_method"
                    for scale in ("recency", "frequency", "monetary")
                ),
                *(
                    f"rfm_{scale}_bands"
                    for scale in ("recency", "frequency", "monetary")
                ),
            },
        )
        for name in sorted(names):  # and not even those are for portal users
            self._refused(self.portal, "res.company", "read", self.company.ids, [name])
        for user in (self.portal, self.salesperson, self.manager):
            self._refused(
                user,
                "res.company",
                "write",
                self.company.ids,
                {"lifecycle_rfm_months": 1},
            )
