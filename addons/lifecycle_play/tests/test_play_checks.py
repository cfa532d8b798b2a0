from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .play_common import PlayCase

# what Odoo itself says of a template that it cannot render
RENDERING = "odoo.addons.mail.models.mail_render_mixin"


@tagged("post_install", "-at_install")
class TestPlayChecks(PlayCase):
    """What is wrong is said before the start, in words, never at night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        cls._order(cls.partner, "2026-05-01", 100)

    def setUp(self):
        super().setUp()
        self._recompute()

    def _refused(self, play, *texts):
        with self.assertRaises(UserError) as refusal:
            play.action_start()
        for text in texts:
            self.assertIn(text, str(refusal.exception))
        self.assertEqual(play.state, "draft")

    def test_without_steps(self):
        self._refused(self._play(()), "Steps: there are none", "Add what")

    def _field(self):
        """A field of contacts that somebody made, and will remove again."""
        return self.env["ir.model.fields"].create(
            {
                "name": "x_gone",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "char",
                "field_description": "Gone",
            }
        )

    @mute_logger(RENDERING)
    def test_template_with_an_unknown_field(self):
        """Odoo refuses to save one, but the field can go later."""
        field, plays = self._field(), {}
        for name, value in (
            ("subject", "{{ object.x_gone }}"),
            ("body_html", "<p>Dear <t t-out='object.x_gone'/></p>"),
            ("email_to", "{{ object.x_gone }}"),
        ):
            template = self.template.copy({name: value})
            plays[name] = self._play(({"template_id": template.id},))
        field.unlink()
        for name, play in plays.items():
            with self.subTest(name=name):
                template = play.step_ids.template_id
                self._refused(
                    play,
                    "Step 1",
                    template.name,
                    template._fields[name]._description_string(self.env),
                    "x_gone",
                    "Mend the template",
                )

    @mute_logger(RENDERING)
    def test_template_that_is_wrong_in_another_language(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        field, template = self._field(), self.template.copy()
        template.with_context(lang="fr_BE").subject = "{{ object.x_gone }}"
        play = self._play(({"template_id": template.id},))
        field.unlink()
        self._refused(play, "x_gone", "fr_BE")

    @mute_logger(RENDERING)
    def test_text_message_with_an_unknown_field(self):
        template = self.env["sms.template"].create(
            {
                "name": "Short",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "Hello {{ object.no_such_field }}",
            }
        )
        step = {"kind": "sms", "template_id": False, "sms_template_id": template.id}
        self._refused(self._play((step,)), "Short", "no_such_field")

    @mute_logger(RENDERING)
    def test_text_message_of_a_running_play_that_somebody_spoils(self):
        template = self.env["sms.template"].create(
            {
                "name": "Short",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "Hello {{ object.name }}",
            }
        )
        step = {"kind": "sms", "template_id": False, "sms_template_id": template.id}
        play = self._play((step,))
        self._start(play)
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            template.body = "{{ object.no_such_field }}"
        self.assertIn(play.name, str(refusal.exception))
        self.assertIn("no_such_field", str(refusal.exception))
        play.action_pause()
        template.body = "{{ object.no_such_field }}"

    def test_templates_on_enrollments_are_tried_without_a_trace(self):
        template = self.template.copy(
            {
                "model_id": self.env["ir.model"]._get_id("lifecycle.play.enrollment"),
                "subject": "{{ object.play_id.name }}: {{ object.partner_id.name }}",
                "body_html": "<p t-out='object.entered_day'/>",
            }
        )
        play = self._play(({"template_id": template.id},), entry_kind="hand")
        self._start(play)
        self.assertFalse(self._ways(play))
        self._enroll(play, self.partner)
        self._run_plays()
        [mail] = self._mails(self.partner)
        self.assertEqual(mail.subject, "Win back: Buyer")

    def test_empty_template(self):
        template = self.template.copy({"body_html": "<p><br></p>"})
        self._refused(self._play(({"template_id": template.id},)), "has an empty body")

    def test_deleted_server_action(self):
        step = self._raising_step("pass")
        play = self._play((step,))
        self.env["ir.actions.server"].browse(step["action_id"]).unlink()
        self._refused(play, "Step 1", "its server action was deleted", "Choose another")

    def test_server_action_of_a_running_play_cannot_be_deleted(self):
        step = self._raising_step("pass")
        action = self.env["ir.actions.server"].browse(step["action_id"])
        play = self._play((step,))
        self._start(play)
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            action.unlink()
        self.assertIn(play.name, str(refusal.exception))
        play.action_pause()
        action.unlink()

    def test_server_action_that_is_gone_all_the_same(self):
        """As after the removal of an addon: the play pauses and says why."""
        step = self._raising_step("pass")
        play = self._play((step,), entry_kind="hand")
        self._start(play)
        self._enroll(play, self.partner)
        play._cr.execute(
            "UPDATE lifecycle_play_step SET action_id = NULL WHERE play_id = %s",
            [play.id],
        )
        play.step_ids.invalidate_recordset()
        self._run_plays()
        self.assertEqual(play.state, "paused")
        self.assertIn("its server action was deleted", play.error)
        self.assertFalse(self._ways(play).execution_ids)

    def test_deleted_template_of_a_server_action(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mail",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "mail_post",
                "mail_post_method": "email",
                "template_id": self.template.id,
            }
        )
        step = {"kind": "action", "template_id": False, "action_id": action.id}
        play = self._play((step,))
        self.template.unlink()
        self._refused(play, "its template was deleted")

    def test_server_action_of_another_model(self):
        step = self._raising_step("pass")
        action = self.env["ir.actions.server"].browse(step["action_id"])
        action.model_id = self.env["ir.model"]._get_id("product.product")
        self._refused(self._play((step,)), "Choose one for contacts")

    def test_mail_step_without_a_template(self):
        self._refused(
            self._play(({"template_id": False},)), "does not say what to send"
        )

    def test_date_without_a_field(self):
        self._refused(self._play(entry_kind="date"), "Date: choose the date")

    def test_date_of_something_else(self):
        field = self.env["ir.model.fields"]._get("res.users", "create_date")
        other = self.env["ir.model.fields"]._get("res.partner", "name")
        for wrong in (field, other):
            self._refused(
                self._play(entry_kind="date", date_field_id=wrong.id), "Date: choose"
            )

    def test_filters(self):
        for text, reason in (
            ("[('no_such_field', '=', 1)]", "there is no such field"),
            ("[('order_count', '=', 'x')]", "not a number"),
            ("not a filter", "not a filter"),
        ):
            with self.subTest(text=text):
                with self.assertRaises(ValidationError) as refusal:
                    self._play(audience_domain=text)
                self.assertIn("Only Customers Who", str(refusal.exception))
                self.assertIn(reason, str(refusal.exception))
                with self.assertRaises(ValidationError) as refusal:
                    self._play(({"condition": text},))
                self.assertIn("Step “Step 1”, Only if", str(refusal.exception))

    def test_no_day_of_the_week(self):
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
        with self.assertRaises(ValidationError) as refusal:
            self._play(({**dict.fromkeys(days, False), "sunday": False},))
        self.assertIn("no day of the week", str(refusal.exception))

    def test_working_hours_that_never_come(self):
        days = ("monday", "tuesday", "wednesday", "thursday", "friday")
        play = self._play(({**dict.fromkeys(days, False), "working_hours": True},))
        self._refused(play, "waits for working hours", self.company.name)

    def test_numbers(self):
        for step, text in (
            ({"delay_value": -1}, "Wait is -1"),
            ({"delay_value": 1e6}, "ten years"),
        ):
            with self.assertRaises(ValidationError) as refusal:
                self._play((step,))
            self.assertIn(text, str(refusal.exception))
        for values, text in (
            ({"cooldown_days": -1}, "Not Within (days)"),
            ({"budget": -1}, "Budget: it is -1"),
            ({"cost_per_contact": -1}, "Cost Per Contact: it is -1"),
        ):
            with self.assertRaises(UserError) as refusal:
                self._play(**values)
            self.assertIn(text, str(refusal.exception))
        for share in (-0.1, 0.6):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._play(control_share=share)

    def test_all_problems_at_once(self):
        play = self._play(
            ({"template_id": False}, self._raising_step("pass")), entry_kind="date"
        )
        play.step_ids[1].action_id.unlink()
        self._refused(play, "Date:", "Step “Step 1”", "Step “Step 2”")

    def test_a_running_play_stays_one_that_can_run(self):
        play = self._play()
        self._start(play)
        for values in (
            {"step_ids": [(5,)]},
            {"entry_kind": "date"},
            {"step_ids": [(1, play.step_ids.id, {"template_id": False})]},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                play.write(values)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            play.active = False

    def test_not_past_the_checks(self):
        with self.assertRaises(UserError):
            self._play(()).state = "running"
        with self.assertRaises(UserError):
            self._play((), state="running")

    # -- what only looks like a mistake ------------------------------------------------

    def _asked(self, play):
        wizard = self.env["lifecycle.play.start"].browse(play.action_start()["res_id"])
        self.assertEqual(play.state, "draft", "it asks first")
        return wizard

    def test_entry_rule_that_matches_everybody(self):
        self._order(self._customer("Second"), "2024-05-01", 100)
        self._recompute()
        play = self._play(to_stage_id=False, control_share=0.1)
        wizard = self._asked(play)
        self.assertIn("all 2 customers", wizard.warning)
        wizard.action_start()
        self.assertEqual(play.state, "running")
        narrow = self._play(control_share=0.1)
        narrow.action_start()
        self.assertEqual(narrow.state, "running", "nothing to ask")

    def test_date_that_everybody_has(self):
        field = self.env["ir.model.fields"]._get(
            "lifecycle.profile", "first_order_date"
        )
        play = self._play(entry_kind="date", date_field_id=field.id, control_share=0.1)
        self.assertIn("matches everybody", self._asked(play).warning)

    def test_nobody_held_out(self):
        play = self._play(control_share=0)
        self.assertIn("Nobody is held out", self._asked(play).warning)
