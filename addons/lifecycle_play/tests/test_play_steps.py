from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lifecycle_play.models import lifecycle_play_run

from .play_common import PlayCase

PERFORM = "odoo.addons.lifecycle_play.models.lifecycle_play_perform"


@tagged("post_install", "-at_install")
class TestPlaySteps(PlayCase):
    """What happens to who entered, and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        cls._order(cls.partner, "2026-05-01", 100)
        cls._order(cls.partner, "2026-05-11", 100)  # a gap of 10 days

    def _by_hand(self, *steps, **values):
        play = self._play(steps or ({},), entry_kind="hand", **values)
        self._start(play)
        return play

    def _dates(self, play):
        """When each step was done, of the one customer."""
        return [
            (execution.step_id.name, str(execution.date))
            for execution in self._ways(play).execution_ids.sorted("id")
        ]

    # -- messages ----------------------------------------------------------------------

    def test_mail_in_the_queue(self):
        play = self._by_hand()
        self._enroll(play, self.partner)
        self._run_plays()
        [mail] = self._mails(self.partner)
        self.assertEqual(mail.state, "outgoing", "the queue sends it")
        self.assertEqual(mail.subject, "Buyer, we miss you")
        self.assertIn("Dear Buyer, come back.", mail.body_html)
        way = self._ways(play)
        self.assertEqual((way.state, way.end_date), ("done", fields.Datetime.now()))
        self.assertFalse(way.step_id or way.next_date)
        execution = way.execution_ids
        self.assertEqual(
            (execution.state, execution.step_id, execution.partner_id, execution.arm),
            ("done", play.step_ids, self.partner, "treated"),
        )
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        self._run_plays()
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)])
        )
        self.assertEqual(self._mails(self.partner), mail)

    def test_text_message_in_the_queue(self):
        self.partner.phone = "+32455001122"
        template = self.env["sms.template"].create(
            {
                "name": "Short",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "Hello {{ object.name }}",
            }
        )
        step = {"kind": "sms", "template_id": False, "sms_template_id": template.id}
        play = self._by_hand(step)
        self.assertTrue(play.step_ids.is_message)
        self._enroll(play, self.partner)
        self._run_plays()
        sms = self.env["sms.sms"].search([("partner_id", "=", self.partner.id)])
        self.assertEqual((sms.state, sms.body), ("outgoing", "Hello Buyer"))

    def test_activity_for_whom_it_concerns(self):
        seller = self.env["res.users"].create(
            {"name": "Seller", "login": "play_seller"}
        )
        step = {
            "kind": "activity",
            "template_id": False,
            "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
            "activity_summary": "Call back",
            "activity_days": 3,
        }
        play = self._by_hand(step)
        other = self._customer("Of Nobody")
        self.partner.user_id = seller
        self._enroll(play, self.partner | other)
        self._run_plays()
        activity = self.partner.activity_ids
        self.assertEqual((activity.summary, activity.user_id), ("Call back", seller))
        self.assertEqual(str(activity.date_deadline), "2026-06-18")
        self.assertEqual(other.activity_ids.user_id, play.user_id)

    def test_actions_on_each_model(self):
        for model, expression in (
            ("res.partner", "record"),
            ("lifecycle.profile", "record.partner_id"),
            ("lifecycle.play.enrollment", "record.partner_id"),
        ):
            with self.subTest(model=model):
                step = self._raising_step(
                    f"for record in records: {expression}.write({{'ref': '{model}'}})"
                )
                action = self.env["ir.actions.server"].browse(step["action_id"])
                action.model_id = self.env["ir.model"]._get_id(model)
                self._recompute(day=self.today)
                play = self._by_hand(step)
                self._enroll(play, self.partner)
                self._run_plays()
                self.assertEqual(self.partner.ref, model)

    def test_several_at_once(self):
        tag = self.env["res.partner.category"].create({"name": "Won back?"})
        model_id = self.env["ir.model"]._get_id("res.partner")
        action = self.env["ir.actions.server"].create(
            {
                "name": "Both",
                "model_id": model_id,
                "state": "multi",
                "child_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Mail",
                            "model_id": model_id,
                            "state": "mail_post",
                            "mail_post_method": "email",
                            "template_id": self.template.id,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "name": "Tag",
                            "model_id": model_id,
                            "state": "object_write",
                            "update_path": "category_id",
                            "update_m2m_operation": "add",
                            "resource_ref": f"res.partner.category,{tag.id}",
                        },
                    ),
                ],
            }
        )
        step = {"kind": "action", "template_id": False, "action_id": action.id}
        play = self._by_hand(step)
        self.assertTrue(play.step_ids.is_message)
        other = self._customer("Second")
        self._enroll(play, self.partner | other)
        self._run_plays()
        for partner in self.partner | other:
            self.assertEqual(len(self._mails(partner)), 1)
            self.assertIn(tag, partner.category_id)

    def test_gate_holds_a_message_and_says_why(self):
        play = self._by_hand({}, {"delay_value": 1})
        self.env["mail.blacklist"]._add(self.partner.email)
        play.stop_on_opt_out = False
        self._enroll(play, self.partner)
        self._run_plays()
        self.assertFalse(self._mails(self.partner))
        way = self._ways(play)
        execution = way.execution_ids
        self.assertEqual(
            (execution.state, execution.reason), ("skipped", "blacklisted")
        )
        self.assertEqual(way.step_id.name, "Step 2", "the next one may be a call")
        message = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertEqual((message.state, message.reason), ("held", "blacklisted"))

    def test_quiet_hours_put_it_off(self):
        self.company.write(
            {
                "lifecycle_quiet": True,
                "lifecycle_quiet_from": 20,
                "lifecycle_quiet_to": 8,
            }
        )
        self.partner.tz = "Asia/Tokyo"  # nine hours ahead
        play = self._by_hand()
        with self.at(datetime(2026, 6, 15, 13)):  # 22 h there
            self._enroll(play, self.partner)
            self._run_plays()
            self.assertFalse(self._mails(self.partner))
        way = self._ways(play)
        self.assertFalse(way.execution_ids)
        self.assertEqual(way.next_date, datetime(2026, 6, 15, 23))  # 8 h there
        self._run_plays(datetime(2026, 6, 15, 22, 59))
        self.assertFalse(self._mails(self.partner))
        self._run_plays(datetime(2026, 6, 15, 23))
        self.assertEqual(len(self._mails(self.partner)), 1)

    # -- when --------------------------------------------------------------------------

    def test_delays(self):
        self._recompute()
        play = self._by_hand(
            {},
            {"delay_value": 6, "delay_kind": "hours"},
            {"delay_value": 2},
            {"delay_value": 5, "delay_from": "entry"},
            {"delay_value": 0.5, "delay_kind": "gaps"},
        )
        self._enroll(play, self.partner)
        for hours in range(24 * 12):
            moment = datetime(2026, 6, 15, 12)
            self._run_plays(fields.Datetime.add(moment, hours=hours))
            if self._ways(play).state == "done":
                break
        self.assertEqual(
            self._dates(play),
            [
                ("Step 1", "2026-06-15 12:00:00"),
                ("Step 2", "2026-06-15 18:00:00"),
                ("Step 3", "2026-06-17 18:00:00"),
                ("Step 4", "2026-06-20 12:00:00"),
                ("Step 5", "2026-06-25 12:00:00"),
            ],
        )

    def test_rhythm_of_who_has_none_yet_is_that_of_the_company(self):
        run = self._recompute()
        other = self._customer("Once")
        play = self._by_hand({"delay_value": 2, "delay_kind": "gaps"})
        self._enroll(play, other)
        wait = self._ways(play).next_date - fields.Datetime.now()
        self.assertTrue(run.gap_days)
        self.assertEqual(wait.days, 2 * run.gap_days, "the typical gap of the company")

    def test_days_of_the_week(self):
        days = dict.fromkeys(("monday", "tuesday", "thursday", "saturday"), False)
        play = self._by_hand({**days, "sunday": False})
        self._enroll(play, self.partner)  # a Monday
        self._run_plays()
        self.assertEqual(self._ways(play).next_date, datetime(2026, 6, 17))
        self._run_plays("2026-06-16")
        self.assertFalse(self._ways(play).execution_ids)
        self._run_plays("2026-06-17")
        self.assertTrue(self._ways(play).execution_ids)

    def test_working_hours(self):
        self.company.lifecycle_tz = "Europe/Brussels"  # two hours ahead
        calendar = self.company.resource_calendar_id
        self.assertTrue(calendar.attendance_ids)
        calendar.tz = "Europe/Brussels"
        self._recompute()  # nobody steps on whose figures are not up to date
        play = self._by_hand({"working_hours": True})
        with self.at(datetime(2026, 6, 12, 18)):  # Friday, 20 h
            self._enroll(play, self.partner)
            self._run_plays()
            self.assertFalse(self._ways(play).execution_ids)
        self.assertEqual(self._ways(play).next_date, datetime(2026, 6, 15, 6))
        self._run_plays(datetime(2026, 6, 15, 7))
        self.assertTrue(self._ways(play).execution_ids)

    # -- for whom ----------------------------------------------------------------------

    def test_condition(self):
        self._recompute()
        other = self._customer("Nobody Yet")
        play = self._by_hand({"condition": "[('order_count', '>=', 2)]"}, {})
        self._enroll(play, self.partner | other)
        self._run_plays()
        states = {
            (execution.partner_id, execution.step_id.name): (
                execution.state,
                execution.reason,
            )
            for execution in self._ways(play).execution_ids
        }
        self.assertEqual(
            states,
            {
                (self.partner, "Step 1"): ("done", False),
                (other, "Step 1"): ("skipped", "condition"),
                (self.partner, "Step 2"): ("done", False),
                (other, "Step 2"): ("done", False),
            },
        )

    def test_held_out_customers_get_nothing(self):
        play = self._by_hand({}, {"delay_value": 1}, control_share=0.5)
        partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"c{number}@example.com"}
                for number in range(40)
            ]
        )
        self._enroll(play, partners)
        self._run_plays()
        self._run_plays("2026-06-17")
        control = self._ways(play).filtered(lambda way: way.arm == "control")
        treated = self._ways(play) - control
        self.assertTrue(control and treated)
        self.assertEqual(set(self._ways(play).mapped("state")), {"done"})
        self.assertFalse(self._mails(control.partner_id))
        self.assertFalse(
            self.env["lifecycle.message"].search(
                [("partner_id", "in", control.partner_id.ids)]
            )
        )
        self.assertEqual(len(self._mails(treated.partner_id)), 2 * len(treated))
        # they are counted at each step, as the others are
        executions = control.execution_ids
        self.assertEqual(len(executions), 2 * len(control))
        self.assertEqual(
            {(e.state, e.reason, e.arm) for e in executions},
            {("skipped", "control", "control")},
        )

    def test_more_customers_than_a_batch(self):
        play = self._by_hand(self._raising_step("pass"))
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(25)]
        )
        self._enroll(play, partners)
        with patch.object(lifecycle_play_run, "BATCH", 10):
            self._run_plays()
        self.assertEqual(set(self._ways(play).mapped("state")), {"done"})
        self.assertEqual(len(self._ways(play).execution_ids), 25)

    # -- at most once ------------------------------------------------------------------

    def test_a_step_never_twice(self):
        play = self._by_hand({}, {})
        self._enroll(play, self.partner)
        self._run_plays()
        way = self._ways(play)
        # somebody puts the customer back by force
        way._cr.execute(
            """UPDATE lifecycle_play_enrollment
            SET state = 'running', step_id = %s, next_date = %s WHERE id = %s""",
            [play.step_ids[0].id, fields.Datetime.now(), way.id],
        )
        way.invalidate_recordset()
        self._run_plays()
        self.assertEqual(len(self._mails(self.partner)), 2)
        self.assertEqual(way.state, "done")

    def test_steps_that_are_taken_away(self):
        play = self._by_hand({}, {"delay_value": 1}, {"delay_value": 1})
        self._enroll(play, self.partner)
        self._run_plays()
        first, second, third = play.step_ids
        second.unlink()
        with self.assertRaises(UserError):
            first.unlink()  # what it did is told
        self._run_plays("2026-06-16")
        self.assertEqual(self._ways(play).step_id, third)
        third.active = False
        self._run_plays("2026-06-17")
        self.assertEqual(self._ways(play).state, "done")
        self.assertEqual(len(self._mails(self.partner)), 1)

    def test_records_stay_as_they_are(self):
        play = self._by_hand()
        self._enroll(play, self.partner)
        self._run_plays()
        for record in (self._ways(play), self._ways(play).execution_ids):
            with self.assertRaises(UserError):
                record.write({"state": "done"})

    # -- failures ----------------------------------------------------------------------

    @mute_logger(PERFORM)
    def test_who_fails_does_not_stop_the_others(self):
        step = self._raising_step(
            "for record in records: record.write({'ref': str(1 / int(record.ref))})"
        )
        play = self._by_hand(step, {})
        partners = self.env["res.partner"].create(
            [
                {"name": f"C{n}", "ref": n % 7, "email": f"c{n}@example.com"}
                for n in range(20)
            ]
        )
        self._enroll(play, partners)
        self._run_plays()
        executions = self._ways(play).execution_ids
        first = executions.filtered(lambda e: e.step_id == play.step_ids[0])
        failed = first.filtered(lambda e: e.state == "failed")
        self.assertEqual(failed.partner_id, partners[0] | partners[7] | partners[14])
        self.assertIn("ZeroDivisionError", failed[0].error)
        self.assertEqual(len(first - failed), 17)
        self.assertEqual(play.state, "running")
        # and they go on
        self.assertEqual(len(executions - first), 20)

    @mute_logger(PERFORM)
    def test_a_step_that_fails_for_everybody_pauses_the_play(self):
        play = self._by_hand(self._raising_step("records.no_such_method()"))
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(20)]
        )
        self._enroll(play, partners)
        self._run_plays()
        self.assertEqual(play.state, "paused")
        self.assertIn("no_such_method", play.error)
        self.assertIn("Step 1", play.error)
        self.assertIn("start the play again", play.error)
        self.assertEqual(play.activity_ids.user_id, play.user_id)
        ways = self._ways(play)
        self.assertEqual(set(ways.mapped("state")), {"running"})
        self.assertFalse(ways.execution_ids, "nothing was done for anybody")
        # mended, everybody gets it
        play.step_ids.action_id.code = "records.write({'ref': 'mended'})"
        self._start(play)
        self._run_plays()
        self.assertFalse(play.error)
        self.assertEqual(partners.mapped("ref"), ["mended"] * 20)
        self.assertEqual(set(self._ways(play).mapped("state")), {"done"})

    @mute_logger(PERFORM)
    def test_a_company_that_is_archived_writes_to_nobody(self):
        partner = self._customer("Late")
        play = self._play(entry_kind="hand")
        self._start(play)
        self._enroll(play, partner)
        self.company.active = False
        self._run_plays()
        self.assertFalse(self._mails(partner))
        self.assertEqual(self._ways(play).state, "running")

    def test_code_that_sends_at_once_goes_through_the_queue(self):
        """Or a batch that is undone would send again."""
        code = """
env["mail.mail"].create(
    {"recipient_ids": [(4, record.id)], "subject": "Now", "auto_delete": False}
).send()
"""
        partner = self._customer("Now")
        play = self._play([self._raising_step(code)], entry_kind="hand")
        self._start(play)
        self._enroll(play, partner)
        self._run_plays()
        self.assertEqual(self._mails(partner).mapped("state"), ["outgoing"])
        self.assertEqual(self._ways(play).execution_ids.state, "done")

    def test_what_failed_leaves_nothing_behind(self):
        step = self._raising_step(
            """
for record in records:
    env['mail.mail'].create({'subject': 'Half', 'recipient_ids': record.ids})
    env.cr.postcommit.add(lambda: None)
if len(records) > 1 or records.ref:
    raise UserError('No')
"""
        )
        play = self._by_hand(step)
        bad = self._customer("Bad", ref="x")
        self._enroll(play, self.partner | bad)
        before = len(self.env.cr.postcommit._funcs)
        self._run_plays()
        self.assertEqual(len(self._mails(self.partner)), 1)
        self.assertFalse(self._mails(bad))
        self.assertEqual(len(self.env.cr.postcommit._funcs), before + 1)

    # -- told --------------------------------------------------------------------------

    def test_told_on_the_chatter(self):
        play = self._by_hand({}, {"delay_value": 1})
        self._enroll(play, self.partner)
        self._run_plays()
        self._order(self.partner, "2026-06-16", 10)
        with self.at("2026-06-16"):
            self._recompute()
            self._run_plays()
        logs = self.partner.message_ids.filtered(
            lambda message: play.name in (message.body or "")
        ).sorted("id")
        texts = [log.preview for log in logs]
        self.assertEqual(
            texts,
            [
                "Play “Win back”: step “Step 1” done.",
                "Play “Win back”: Entered.",
                "Play “Win back”: Stopped: Bought.",
            ],
        )
