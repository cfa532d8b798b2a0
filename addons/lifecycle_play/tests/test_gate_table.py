"""Every reason to hold a message, whatever wants to send it."""

from datetime import datetime

from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.lifecycle_gate import GATE_REASONS
from .gate_common import GateCase

# Reasons of the log; quiet hours do not hold but put off, and are asked apart.  Lists
# are of the addon that has them.
REASONS = [
    code for code, _label in GATE_REASONS if code not in ("quiet_hours", "list_opt_out")
]
# The mass mailing composer asks for contacts itself.
TRIGGERS = ("action", "automation", "play", "hand", "comment", "code")
SMS_TRIGGERS = ("sms_action", "sms_hand", "sms_play", "sms_code")

NIGHT, MORNING = datetime(2026, 6, 15, 23), datetime(2026, 6, 16, 8)


@tagged("post_install", "-at_install")
class TestGateTable(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.automation_action = cls._action("lifecycle.transition")
        cls.automation = cls.env["base.automation"].create(
            {
                "name": "Write who moved",
                "model_id": cls.env["ir.model"]._get_id("lifecycle.transition"),
                "trigger": "on_create",
                "action_server_ids": [Command.link(cls.automation_action.id)],
            }
        )
        cls.step_action = cls._action("lifecycle.profile")
        cls.sms_step_action = cls._sms_action(lifecycle_gate=False)
        cls.play = cls._play(cls.step_action)
        cls.sms_play = cls._play(cls.sms_step_action)

    @classmethod
    def _play(cls, action):
        """A running play that does one action; only the gate stops it."""
        play = cls.env["lifecycle.play"].create(
            {
                "name": f"Play of {action.name}",
                "company_id": cls.company.id,
                "entry_kind": "hand",
                "control_share": 0,
                "stop_on_purchase": False,
                "stop_on_opt_out": False,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Write",
                            "kind": "action",
                            "action_id": action.id,
                            "template_id": False,
                        }
                    )
                ],
            }
        )
        wizard = play.action_start()
        if wizard:
            cls.env["lifecycle.play.start"].browse(wizard["res_id"]).action_start()
        return play

    def _enroll(self, trigger, partner):
        """Customers enter a play while nothing speaks against it."""
        play = {"play": self.play, "sms_play": self.sms_play}.get(trigger)
        if play:
            wizard = self.env["lifecycle.play.enroll"]
            wizard.create(
                {"play_id": play.id, "partner_ids": [Command.set(partner.ids)]}
            ).action_enroll()

    def _run_plays(self):
        self.env.cr.flush()
        with self._no_commit():
            self.env["lifecycle.play"]._cron_run()

    # -- triggers ----------------------------------------------------------------

    def _trigger(self, trigger, partner):
        getattr(self, f"_trigger_{trigger}")(partner)
        self.env.flush_all()

    def _trigger_action(self, partner):
        self._run(self._action(), partner)

    def _trigger_automation(self, partner):
        profile = self._profile(partner)
        self.env["lifecycle.transition"].create(
            {
                "profile_id": profile.id,
                "partner_id": partner.id,
                "company_id": self.company.id,
                "kind": "stage",
                "date": self.today,
                "cause": "time",
            }
        )

    def _trigger_play(self, _partner):
        self._run_plays()

    def _trigger_hand(self, partner):
        window = self._profile(partner)._action_write_to("mail")
        composer = self.env["mail.compose.message"].with_context(**window["context"])
        composer = composer.create({"subject": "We miss you", "body": "<p>Hello</p>"})
        composer.template_id = self.templates["res.partner"]
        composer.action_send_mail()

    def _trigger_comment(self, partner):
        self._run(self._action(mail_post_method="comment"), partner)

    def _trigger_code(self, partner):
        template = self.templates["res.partner"].id
        code = f"env['mail.template'].browse({template}).send_mail(record.id)"
        self._run(self._action(state="code", code=code), partner)

    def _trigger_sms_action(self, partner):
        self._run(self._sms_action(), partner)

    def _trigger_sms_play(self, _partner):
        self._run_plays()

    def _trigger_sms_hand(self, partner):
        window = self._profile(partner)._action_write_to("sms")
        composer = self.env["sms.composer"].with_context(**window["context"])
        composer.create({"template_id": self.sms_template.id}).action_send_sms()

    def _trigger_sms_code(self, partner):
        code = (
            "env['sms.composer'].create({"
            "'composition_mode': 'mass', 'res_model': 'res.partner',"
            f" 'res_ids': str(record.ids), 'template_id': {self.sms_template.id}}}"
            ")._action_send_sms()"
        )
        self._run(self._action(state="code", code=code), partner)

    # -- the table ---------------------------------------------------------------

    def test_mail(self):
        for trigger in TRIGGERS:
            with self.subTest(trigger=trigger, reason=None), self.env.cr.savepoint():
                partner = self._customer()
                self._enroll(trigger, partner)
                self._trigger(trigger, partner)
                self.assertEqual(len(self._mails_to(partner)), 1)
                log = self._log_of(partner)
                self.assertEqual(log.mapped("state"), ["sent"])
                self.assertEqual(log.channel, "mail")
                self.assertEqual(log.address, partner.email)
                self.assertEqual(log.mail_id, self._mails_to(partner))
                source = {"comment": "action", "code": "action"}.get(trigger, trigger)
                self.assertEqual(log.source, source)
                play = self.play if trigger == "play" else self.play.browse()
                self.assertEqual(log.play_id, play)
                self.assertEqual(log.step_id, play.step_ids)
                self.assertEqual(bool(log.execution_id), trigger == "play")
            for reason in REASONS:
                self._check_held(trigger, reason, "mail")

    def test_sms(self):
        for trigger in SMS_TRIGGERS:
            with self.subTest(trigger=trigger, reason=None), self.env.cr.savepoint():
                partner = self._customer()
                self._enroll(trigger, partner)
                self._trigger(trigger, partner)
                self.assertEqual(len(self._sms_to(partner)), 1)
                log = self._log_of(partner)
                self.assertEqual(log.mapped("state"), ["sent"])
                self.assertEqual(log.channel, "sms")
                self.assertEqual(log.address, partner.phone_sanitized)
            for reason in REASONS:
                self._check_held(trigger, reason, "sms")

    def _check_held(self, trigger, reason, channel):
        with self.subTest(trigger=trigger, reason=reason):
            savepoint = self.env.cr.savepoint()
            partner = self._customer()
            self._enroll(trigger, partner)
            self._make_reason(reason, partner)
            before = self._log_of(partner)
            self._trigger(trigger, partner)
            self.assertFalse(self._mails_to(partner))
            self.assertFalse(self._sms_to(partner))
            log = self._log_of(partner) - before
            if reason == "archived" and trigger.endswith("play"):
                self.assertFalse(log, "the play has let go of the customer before")
            else:
                self.assertEqual(log.mapped("state"), ["held"])
                self.assertEqual(log.reason, reason)
                self.assertEqual(log.channel, channel)
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def test_quiet_hours(self):
        """It is put off until the day begins, and counts as sent then."""
        for trigger in (*TRIGGERS, *SMS_TRIGGERS):
            if trigger.endswith("play"):
                continue  # comes again by itself, see below
            with self.subTest(trigger=trigger), self.at(NIGHT):
                partner = self._customer()
                self._trigger(trigger, partner)
                log = self._log_of(partner)
                self.assertEqual(log.mapped("state"), ["sent"])
                self.assertEqual(log.date, MORNING)
                if "sms" in trigger:
                    sms = self._sms_to(partner)
                    self.assertEqual(sms.lifecycle_not_before, MORNING)
                else:
                    self.assertEqual(self._mails_to(partner).scheduled_date, MORNING)

    def test_quiet_hours_of_a_play(self):
        for trigger in ("play", "sms_play"):
            with self.subTest(trigger=trigger):
                with self.at(NIGHT):
                    partner = self._customer()
                    self._enroll(trigger, partner)
                    self._run_plays()
                    self.assertFalse(self._mails_to(partner) or self._sms_to(partner))
                    self.assertFalse(self._log_of(partner))
                with self.at(MORNING):
                    self._run_plays()
                    self.assertTrue(self._mails_to(partner) or self._sms_to(partner))
                    self.assertEqual(self._log_of(partner).mapped("state"), ["sent"])

    def test_not_gated(self):
        """An action of Odoo that nobody sent through the gate is as it was."""
        partner = self._customer()
        self._say(partner)
        self.env["mail.blacklist"]._add(partner.email)
        self._run(self._action(lifecycle_gate=False), partner)
        self.assertEqual(len(self._mails_to(partner)), 1)
        self.assertFalse(self._log_of(partner))

    def test_default(self):
        """Actions on what the lifecycle is about pass the gate by themselves."""
        for model, gated in (
            ("lifecycle.transition", True),
            ("lifecycle.profile", True),
            ("res.partner", True),
            ("sale.order", False),
        ):
            form = Form(self.env["ir.actions.server"])
            form.model_id = self.env["ir.model"]._get(model)
            form.state = "mail_post"
            self.assertEqual(form.lifecycle_gate, gated)

    def test_no_client_can_say_that_it_passed(self):
        partner = self._customer()
        self._say(partner)
        for forged in ("x", True, {"company": 1}, [1], 1):
            self._run(self._action(), partner, lifecycle_gate=forged)
        self.assertFalse(self._mails_to(partner))
        self.assertEqual(self._log_of(partner).mapped("reason"), ["opted_out"] * 5)
