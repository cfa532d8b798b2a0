from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lifecycle_play.models import lifecycle_play_run

from .play_common import StepCase

PERFORM = "odoo.addons.lifecycle_play.models.lifecycle_play_perform"


@tagged("post_install", "-at_install")
class TestPlaySteps(StepCase):
    """What a step does, and for whom."""

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

    def test_quiet_hours_put_off_who_is_held_out_as_well(self):
        self.company.write(
            {
                "lifecycle_quiet": True,
                "lifecycle_quiet_from": 20,
                "lifecycle_quiet_to": 8,
            }
        )
        partners = self.env["res.partner"].create(
            [
                {"name": f"C{n}", "email": f"c{n}@example.com", "tz": "Asia/Tokyo"}
                for n in range(40)
            ]
        )
        play = self._by_hand(control_share=0.5)
        with self.at(datetime(2026, 6, 15, 13)):  # 22 h there
            self._enroll(play, partners)
            self._run_plays()
        ways = self._ways(play)
        self.assertEqual(set(ways.mapped("arm")), {"control", "treated"})
        self.assertFalse(ways.execution_ids)
        self._run_plays(datetime(2026, 6, 15, 23))
        days = {
            arm: set(some.execution_ids.mapped("date"))
            for arm, some in ways.grouped("arm").items()
        }
        self.assertEqual(days["control"], days["treated"])
        self.assertEqual(len(days["control"]), 1)
        self.assertEqual(len(ways.execution_ids), 40)

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
