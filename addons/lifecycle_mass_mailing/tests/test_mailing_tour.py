"""A mailing to customers who lapsed, from a list to its report, as a marketer."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from odoo.addons.lifecycle_play.scoring.arms import get_arm
from odoo.addons.lifecycle_play.tests.smtp_sink import SmtpSink

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestMailingTour(MailingCase, HttpCase):
    def _tour(self, name, path):
        self.start_tour(f"/odoo/{path}", name, login="marketer", timeout=120)

    def _send_to_sink(self, mailing):
        """Odoo's own queue, to a real server on this machine."""
        # tests send no mail unless they ask for it
        servers = self.registry["ir.mail_server"]
        with (
            SmtpSink() as sink,
            patch.object(servers, "_disable_send", lambda _s: False),
        ):
            self.env["ir.mail_server"].create(
                {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
            )
            self._process()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
            return list(sink.messages)

    def test_from_the_list_to_the_report(self):
        self.gone[0].name = "Lapsed Tour"
        lapsed = self._customers(self.lapsed, 20) | self.gone
        self._say(self.gone[1])
        self._tour("mailing_write", "lifecycle-customers")
        mailing = self.env["mailing.mailing"].search(
            [("subject", "=", "Come back, we have news")]
        )
        self.assertEqual(mailing.state, "in_queue")
        self.assertEqual(mailing.lifecycle_user_id, self.marketer)
        self.assertEqual(mailing.lifecycle_control_share, 0.4)
        mailing.lifecycle_seed = next(
            seed
            for seed in map(str, range(1000))
            if get_arm(seed, self.gone[0].id, 0.4) == "treated"
            and get_arm(seed, self.gone[2].id, 0.4) == "control"
        )
        sent = self._send_to_sink(mailing)
        reached = {
            recipient for recipients, _message in sent for recipient in recipients
        }
        arms = {
            p: get_arm(mailing.lifecycle_seed, p.id, 0.4) for p in lapsed - self.gone[1]
        }
        treated = [p for p, arm in arms.items() if arm == "treated"]
        self.assertEqual(reached, {p.email for p in treated})
        self.assertIn("List-Unsubscribe", sent[0][1])

        for partner in treated:
            self._order(partner, self.today + timedelta(days=4), 120)
        with self.at(self.today + timedelta(days=60)):
            self.env["lifecycle.play.result"]._refresh(self.company)
        self._tour("mailing_look", f"mailing.mailing/{mailing.id}")

    def test_choice_on_the_form(self):
        self._tour(
            "mailing_choose", "action-mass_mailing.mailing_mailing_action_mail/new"
        )
        mailing = self.env["mailing.mailing"].search(
            [("subject", "=", "Chosen on the form")]
        )
        self.assertEqual(mailing.lifecycle_stage_id, self.lapsed)
        self.assertEqual(mailing.total, 3)
