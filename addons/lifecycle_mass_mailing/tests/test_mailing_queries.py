from odoo.tests import tagged

from .mailing_queries_common import MailingQueriesCase


@tagged("post_install", "-at_install")
class TestMailingQueries(MailingQueriesCase):
    def test_opened_to_write_one(self):
        self._compare_new()

    def test_new(self):
        self._compare(self._mailing(user=self.marketer))

    def test_to_a_stage(self):
        self._compare(self._to_stage(user=self.marketer))

    def test_sent_with_a_share_held_out(self):
        mailing = self._to_stage(user=self.marketer, lifecycle_control_share=0.5)
        self._send(mailing)
        self.env["lifecycle.play.result"]._refresh(self.company)
        self._compare(mailing)
