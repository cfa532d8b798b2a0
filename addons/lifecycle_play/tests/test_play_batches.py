from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .play_common import StepCase

PERFORM = "odoo.addons.lifecycle_play.models.lifecycle_play_perform"


@tagged("post_install", "-at_install")
class TestPlayBatches(StepCase):
    """Each step at most once, whatever fails."""

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
