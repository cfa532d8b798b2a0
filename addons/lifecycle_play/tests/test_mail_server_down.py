import socket
from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .play_common import StepCase
from .smtp_sink import SinkMixin


@tagged("post_install", "-at_install")
class TestMailServerDown(SinkMixin, StepCase):
    """What a play sends arrives once, however long the mail server is away."""

    def setUp(self):
        super().setUp()
        # nobody listens there
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.server = self.env["ir.mail_server"].create(
            {"name": "Down", "smtp_host": "127.0.0.1", "smtp_port": port}
        )
        servers = self.registry["ir.mail_server"]
        self.startPatcher(patch.object(servers, "_disable_send", lambda _s: False))
        play = self._by_hand()
        self._enroll(play, self.partner)
        self._run_plays()
        self.mail = self._mails(self.partner)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def _process(self):
        self.env["mail.mail"].process_email_queue(self.mail.ids)

    def test_it_waits_and_arrives_once(self):
        self._process()
        self.assertEqual(self.mail.state, "outgoing")
        self.assertEqual(self.mail.scheduled_date, datetime(2026, 6, 15, 12, 30))
        with self.at("2026-06-16"):
            self.server.active = False
            [(recipients, message)] = self._send_queue()
            self.assertFalse(self._send_queue())
        self.assertEqual(recipients, [self.partner.email])
        self.assertEqual(message["subject"], "Buyer, we miss you")
        self.assertEqual(self.mail.state, "sent")

    def test_who_opts_out_meanwhile_gets_nothing(self):
        self._process()
        self.env["lifecycle.consent"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "state": "opted_out",
            }
        )
        self.assertEqual(self.mail.state, "cancel")

    def test_not_for_ever(self):
        with self.at("2026-06-20"):
            self._process()
        self.assertEqual(self.mail.state, "exception")

    def test_other_mails_are_as_they_were(self):
        self.mail = self.env["mail.mail"].create(
            {"recipient_ids": [(4, self.partner.id)], "subject": "Invoice"}
        )
        self._process()
        self.assertEqual(self.mail.state, "exception")
