from odoo.tests import tagged

from ..hooks import uninstall_hook
from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestUninstall(MailingCase):
    def test_what_waits_is_taken_back_and_reports_go(self):
        done = self._to_stage(lifecycle_control_share=0.4)
        self._send(done)
        play = done.lifecycle_play_id
        self.assertTrue(play)
        waiting = self._to_stage()
        waiting.action_launch()
        plain = self._mailing()
        plain.state = "in_queue"
        own = self.env["lifecycle.play"].create({"name": "Stays"})
        uninstall_hook(self.env)
        self.assertEqual((waiting.state, plain.state), ("draft", "in_queue"))
        self.assertFalse(play.exists())
        self.assertTrue(own.exists())
        self.assertTrue(done.exists())

    def test_the_log_stays(self):
        mailing = self._to_stage()
        self._send(mailing)
        field = self.env["lifecycle.message"]._fields["source"]
        rows = self._log_of(self.gone)
        self.assertEqual(set(rows.mapped("source")), {"mailing"})
        field.ondelete["mailing"](rows)
        self.assertEqual(set(rows.mapped("source")), {"hand"})
