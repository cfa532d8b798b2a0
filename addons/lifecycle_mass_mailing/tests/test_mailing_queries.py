from odoo.tests import tagged

from .mailing_common import MailingCase

# What the mailing form reads of ours.
_OURS = "lifecycle_"


@tagged("post_install", "-at_install")
class TestMailingQueries(MailingCase):
    """How many more queries the form asks with what we add to it.

    Three at most: of the stage, of what the gate did, and of the verdict.
    """

    def _specify(self, ours):
        views = self.env["mailing.mailing"].get_views([(False, "form")])
        fields = views["models"]["mailing.mailing"]["fields"]
        arch = views["views"]["form"]["arch"]
        return {
            name: {"fields": {"display_name": {}}}
            if field["type"] == "many2one"
            else {}
            for name, field in fields.items()
            if f'name="{name}"' in arch and (ours or not name.startswith(_OURS))
        }

    def _count(self, mailing, specification):
        # rules and settings are read once, whoever asks first: both start with them
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            mailing.web_read(specification)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        mailing.web_read(specification)
        return self.env.cr.sql_log_count - before

    def _compare(self, mailing):
        mailing = mailing.with_user(self.marketer)
        with_ours, without = self._specify(True), self._specify(False)
        self.assertIn("lifecycle_target", with_ours)
        self.assertIn("lifecycle_held_count", with_ours)
        more = self._count(mailing, with_ours) - self._count(mailing, without)
        self.assertLessEqual(more, 3, "queries more than without")

    def test_new(self):
        self._compare(self._mailing(user=self.marketer))

    def test_to_a_stage(self):
        self._compare(self._to_stage(user=self.marketer))

    def test_sent_with_a_share_held_out(self):
        mailing = self._to_stage(user=self.marketer, lifecycle_control_share=0.5)
        self._send(mailing)
        self.env["lifecycle.play.result"]._refresh(self.company)
        self._compare(mailing)
