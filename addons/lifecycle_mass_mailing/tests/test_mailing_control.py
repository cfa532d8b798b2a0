from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.lifecycle_play.scoring.arms import get_arm

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestMailingControl(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls._customers(cls.lapsed, 40) | cls.gone

    def _arms(self, mailing):
        arms = {"treated": set(), "control": set()}
        for partner in self.many:
            arm = get_arm(
                mailing.lifecycle_seed, partner.id, mailing.lifecycle_control_share
            )
            arms[arm].add(partner.id)
        return arms

    def test_held_out_do_not_get_it(self):
        mailing = self._to_stage(lifecycle_control_share=0.4)
        arms = self._arms(mailing)
        self.assertTrue(arms["control"])
        self._send(mailing)
        self.assertEqual(set(self._reached(mailing).ids), arms["treated"])
        self.assertEqual(mailing.lifecycle_control_count, len(arms["control"]))
        held = self._traces(mailing).filtered(
            lambda t: t.failure_type == "lifecycle_control"
        )
        self.assertEqual(set(held.mapped("res_id")), arms["control"])
        ways = mailing.lifecycle_play_id.enrollment_ids
        for arm in arms:
            own = ways.filtered(lambda way, arm=arm: way.arm == arm)
            self.assertEqual(set(own.partner_id.ids), arms[arm])
        for partner in self.env["res.partner"].browse(arms["control"]):
            self.assertFalse(self._log_of(partner))

    def test_in_parts(self):
        self.env["ir.config_parameter"].set_param("mail.batch_size", 7)
        mailing = self._to_stage(lifecycle_control_share=0.4)
        arms = self._arms(mailing)
        self._send(mailing)
        self.assertEqual(set(self._reached(mailing).ids), arms["treated"])
        self.assertEqual(len(mailing.lifecycle_play_id.enrollment_ids), 43)

    def test_who_comes_later_and_a_second_try(self):
        mailing = self._to_stage(lifecycle_control_share=0.4)
        self._send(mailing)
        # as after a failure of the server: the same is sent again
        failed = self._traces(mailing).filtered("mail_mail_id")[:5]
        tried = set(failed.mapped("res_id"))
        failed.mail_mail_id.state = "exception"
        later = self._customers(self.lapsed, 10)
        self.many |= later
        arms = self._arms(mailing)
        mailing.action_retry_failed()
        self._process()
        self.assertEqual(set(self._reached(mailing).ids), arms["treated"])
        self.assertTrue(tried <= arms["treated"])
        ways = mailing.lifecycle_play_id.enrollment_ids
        self.assertEqual(len(ways), len(self.many))
        self.assertEqual(len(ways.partner_id), len(ways))

    def test_held_by_the_gate_are_in_no_arm(self):
        mailing = self._to_stage(lifecycle_control_share=0.4)
        arms = self._arms(mailing)
        out = self.env["res.partner"].browse(
            [min(arms["treated"]), min(arms["control"])]
        )
        for partner in out:
            self._say(partner)
        self._send(mailing)
        ways = mailing.lifecycle_play_id.enrollment_ids
        self.assertEqual(set((self.many - out).ids), set(ways.partner_id.ids))
        self.assertEqual(
            set(self._traces(mailing, out).mapped("lifecycle_reason")), {"opted_out"}
        )

    def test_versions_hold_out_the_same(self):
        first = self._to_stage(
            lifecycle_control_share=0.4, ab_testing_enabled=True, ab_testing_pc=100
        )
        winner = first.copy({"ab_testing_pc": 100})
        self.assertNotEqual(winner.lifecycle_seed, first.lifecycle_seed)
        winner.campaign_id = first.campaign_id
        self.assertEqual(
            winner._lifecycle_get_held_out(self.many),
            first._lifecycle_get_held_out(self.many),
        )
        self.assertTrue(first._lifecycle_get_held_out(self.many))

    def test_reported_like_a_play(self):
        mailing = self._to_stage(lifecycle_control_share=0.4, lifecycle_outcome_days=30)
        arms = self._arms(mailing)
        self._send(mailing)
        self.assertIn("Nobody has entered", mailing.lifecycle_verdict_text)
        buyers = self.env["res.partner"].browse(sorted(arms["treated"])[:10])
        for partner in buyers:
            self._order(partner, self.today + timedelta(days=5), 100)
        late = self.env["res.partner"].browse(max(arms["control"]))
        self._order(late, self.today + timedelta(days=31), 100)
        with self.at(self.today + timedelta(days=40)):
            mailing.action_refresh_lifecycle_result()
        result = mailing.lifecycle_result_ids
        self.assertEqual(
            (result.treated_count, result.control_count),
            (len(arms["treated"]), len(arms["control"])),
        )
        self.assertEqual((result.treated_buyers, result.control_buyers), (10, 0))
        self.assertEqual(result.treated_revenue, 1000)
        self.assertEqual(result.incremental_orders, 10)
        self.assertEqual(result.incremental_revenue, 1000)
        self.assertEqual(result.message_count, len(arms["treated"]))
        self.assertLess(result.net_low, 1000)
        self.assertGreater(result.net_high, 1000)
        self.assertEqual(mailing.lifecycle_verdict, result.verdict)
        self.assertIn("between", mailing.lifecycle_verdict_text)
        # it is in the reports, and in no list of plays
        play = mailing.lifecycle_play_id
        self.assertFalse(self.env["lifecycle.play"].search([("id", "=", play.id)]))
        self.assertEqual(play.state, "done")

    def test_the_share_stays(self):
        mailing = self._to_stage(lifecycle_control_share=0.4)
        self._send(mailing)
        with self.assertRaisesRegex(UserError, "Hold Out"):
            mailing.lifecycle_control_share = 0.1
        mailing.lifecycle_control_share = 0.4

    def test_without_a_share_nothing_is_made(self):
        mailing = self._to_stage()
        self._send(mailing)
        self.assertFalse(mailing.lifecycle_play_id)
        self.assertIn("nobody was held out", mailing.lifecycle_verdict_text)
