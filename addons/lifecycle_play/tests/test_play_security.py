from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .play_common import PlayCase

MODELS = (
    "lifecycle.play",
    "lifecycle.play.step",
    "lifecycle.play.enrollment",
    "lifecycle.play.execution",
)


@tagged("post_install", "-at_install")
class TestPlaySecurity(PlayCase):
    """Who may see plays, make them, and put customers into them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        cls.other_company = cls._create_company("Other Company")
        companies = {
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        cls.seller = new_test_user(
            cls.env, "play_seller", "sales_team.group_sale_salesman", **companies
        )
        cls.manager = new_test_user(
            cls.env, "play_manager", "sales_team.group_sale_manager", **companies
        )
        cls.portal = new_test_user(
            cls.env, "play_portal", "base.group_portal", **companies
        )
        cls.employee = new_test_user(
            cls.env, "play_employee", "base.group_user", **companies
        )

    def setUp(self):
        super().setUp()
        self.play = self._play(entry_kind="hand")
        self._start(self.play)
        self._enroll(self.play, self.partner)
        self._run_plays()
        self.records = [
            self.play,
            self.play.step_ids,
            self._ways(self.play),
            self._ways(self.play).execution_ids,
        ]
        self.assertTrue(all(self.records))

    def test_who_reads(self):
        for record in self.records:
            for user in (self.seller, self.manager):
                record.with_user(user).read()
            for user in (self.portal, self.employee):
                mine = record.with_user(user)
                with self.assertRaises(AccessError):
                    mine.read()
                with self.assertRaises(AccessError):
                    mine.search([])
                with self.assertRaises(AccessError):
                    mine._read_group([], [], ["__count"])

    def test_other_companies(self):
        outsider = new_test_user(
            self.env,
            "play_outsider",
            "sales_team.group_sale_manager",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        there = {"allowed_company_ids": self.other_company.ids}
        for record in self.records:
            mine = record.with_user(outsider).with_context(**there)
            with self.assertRaises(AccessError):
                mine.invalidate_recordset()
                mine.read()
            self.assertFalse(mine.search([("id", "=", record.id)]))
            self.assertFalse(
                mine._read_group([("id", "=", record.id)], [], ["__count"])[0][0]
            )
        with self.assertRaises(AccessError):
            way = self._ways(self.play).with_user(outsider).with_context(**there)
            way.action_take_out()
        wizard = self.env["lifecycle.play.enroll"].with_user(outsider)
        wizard = wizard.with_context(**there)
        wizard = wizard.create(
            {"play_id": self.play.id, "company_id": self.other_company.id}
        )
        stranger = self._customer("Stranger")
        wizard.partner_ids = stranger
        self.assertEqual(wizard.entering_count, 0, "tells nothing of the play")
        with self.assertRaises(AccessError):
            wizard.action_enroll()

    def test_the_contact_keeps_it_to_itself(self):
        for user in (self.portal, self.employee):
            with self.assertRaises(AccessError):
                self.partner.with_user(user).read(["lifecycle_play_count"])
        self.assertEqual(self.partner.with_user(self.seller).lifecycle_play_count, 1)

    def test_who_changes(self):
        for record in self.records[:2]:
            with self.assertRaises(AccessError):
                record.with_user(self.seller).write({"name": "Mine"})
            record.with_user(self.manager).write({"name": "Mine"})
        for record in self.records[2:]:
            for user in (self.seller, self.manager):
                with self.assertRaises(UserError):
                    record.with_user(user).write({"state": "done"})
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    record.with_user(user).create({})
        for method in ("action_start", "action_pause", "action_end", "action_dry_run"):
            with self.assertRaises(AccessError):
                getattr(self.play.with_user(self.seller), method)()

    def test_seller_puts_customers_in_and_takes_them_out(self):
        other = self._customer("Other")
        wizards = self.env["lifecycle.play.enroll"].with_user(self.seller)
        wizard = wizards.with_context(
            active_model="res.partner", active_ids=other.ids
        ).create({"play_id": self.play.id})
        self.assertEqual((wizard.chosen_count, wizard.entering_count), (1, 1))
        wizard.action_enroll()
        way = self._ways(self.play, other)
        self.assertEqual((way.source, way.user_id), ("hand", self.seller))
        way.with_user(self.seller).action_take_out()
        self.assertEqual(way.stop_reason, "hand")

    def test_manager_makes_a_play_alone(self):
        play = (
            self.env["lifecycle.play"]
            .with_user(self.manager)
            .create(
                {
                    "name": "By the manager",
                    "company_id": self.company.id,
                    "entry_kind": "hand",
                    "control_share": 0.1,
                    "step_ids": [Command.create(self._step())],
                }
            )
        )
        self.assertTrue(play.step_ids.sudo().action_id)
        play.action_start()
        self.assertEqual(play.state, "running")

    # -- steps run as superuser ------------------------------------------------------

    def test_manager_cannot_choose_any_server_action(self):
        values = self._raising_step("records.env['res.users'].search([]).unlink()")
        steps = self.env["lifecycle.play.step"].with_user(self.manager)
        values = {**self._step(), **values, "play_id": self.play.id}
        with self.assertRaises(ValidationError) as refusal:
            steps.create(values)
        self.assertIn("Offer in Plays", str(refusal.exception))
        step = steps.create({**self._step(), "play_id": self.play.id})
        with self.assertRaises(ValidationError):
            step.write({"kind": "action", "action_id": values["action_id"]})
        # nor slip one under a step that makes its own
        step.write({"action_id": values["action_id"]})
        self.assertEqual(step.sudo().action_id.lifecycle_step_id, step)
        slipped = {"play_id": self.play.id, "action_id": values["action_id"]}
        step = steps.create({**self._step(), **slipped})
        self.assertEqual(step.sudo().action_id.lifecycle_step_id, step)
        with self.assertRaisesRegex(UserError, "does not say what to send"):
            step.write({"template_id": False, "action_id": values["action_id"]})
        action = self.env["ir.actions.server"].browse(values["action_id"])
        self.assertFalse(
            action.with_user(self.manager).search([("id", "=", action.id)])
        )
        action.lifecycle_play_step = True
        step.write({"kind": "action", "action_id": action.id})
        self.assertEqual(
            action.with_user(self.manager).search([("id", "=", action.id)]), action
        )

    def test_manager_cannot_write_server_actions(self):
        action = self.play.step_ids.action_id.with_user(self.manager)
        for values in ({"template_id": False}, {"state": "code"}):
            with self.assertRaises(AccessError):
                action.write(values)
        with self.assertRaises(AccessError):
            action.read(["code"])

    def test_administrator_still_sees_all_server_actions(self):
        admin = new_test_user(
            self.env,
            "play_admin",
            "base.group_system,sales_team.group_sale_manager",
        )
        actions = self.env["ir.actions.server"]
        everything = actions.sudo().search_count([])
        self.assertEqual(actions.with_user(admin).search_count([]), everything)

    def test_filter_over_what_the_manager_may_not_read(self):
        for rule in (
            "[('partner_id.user_ids.password', '!=', False)]",
            "[('company_id.user_ids.group_ids.model_access.name', 'ilike', 'x')]",
        ):
            with self.assertRaises(ValidationError):
                self.play.with_user(self.manager).audience_domain = rule
            with self.assertRaises(ValidationError):
                self.play.step_ids.with_user(self.manager).condition = rule

    # -- lists -------------------------------------------------------------------------

    def test_from_each_list(self):
        lead = self._lead(self.partner, self.today)
        order = self._order(self.partner, self.today, 10)
        self._recompute()
        for record in (
            self.partner,
            self._partner("Person", parent_id=self.partner.id),
            self._profile(self.partner),
            lead,
            order,
        ):
            with self.subTest(model=record._name):
                play = self._play(entry_kind="hand")
                self._start(play)
                self.env["lifecycle.play.enroll"].with_context(
                    active_model=record._name, active_ids=record.ids
                ).create({"play_id": play.id}).action_enroll()
                self.assertEqual(self._ways(play).partner_id, self.partner)
                bindings = self.env["ir.actions.actions"].get_bindings(record._name)
                self.assertIn(
                    "Enroll in a Play",
                    [action["name"] for action in bindings["action"]],
                )
