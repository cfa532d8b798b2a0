"""What goes to many by hand passes the gate; a letter to one customer does not."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGateMany(GateCase):
    """Each way in which a salesperson can reach a list of customers at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "gate_seller",
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
            email="seller@shop.test",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.reached, cls.opted_out = cls._customer(), cls._customer()
        cls._say(cls, cls.opted_out)  # as a test does
        cls.both = cls.reached | cls.opted_out

    def _as_seller(self, records):
        return records.with_user(self.seller).with_context(
            allowed_company_ids=self.company.ids, tracking_disable=False
        )

    def _check(self, send, channel="mail"):
        """To one it is a letter; of two, who opted out is held."""
        count = self._count_mails if channel == "mail" else self._count_texts
        with self.env.cr.savepoint() as savepoint:
            send(self.opted_out)
            self.assertEqual(count(self.opted_out), 1, "a letter")
            self.assertFalse(self._log_of(self.opted_out))
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        send(self.both)
        self.assertEqual((count(self.reached), count(self.opted_out)), (1, 0))
        self.assertEqual(self._log_of(self.reached).mapped("state"), ["sent"])
        log = self._log_of(self.opted_out)
        self.assertEqual(log.mapped("reason"), ["opted_out"])
        self.assertEqual((log.source, log.channel), ("hand", channel))

    def _count_mails(self, partner):
        self.env.flush_all()
        mails = self.env["mail.mail"].search([("state", "!=", "cancel")])
        return len(mails.filtered(lambda mail: partner in mail.recipient_ids))

    def _count_texts(self, partner):
        self.env.flush_all()
        return self.env["sms.sms"].search_count(
            [("partner_id", "=", partner.id), ("state", "!=", "canceled")]
        )

    def test_template_of_an_activity(self):
        """“Send to all” of the activity view."""
        template = self.templates["res.partner"]
        self._check(
            lambda partners: self._as_seller(partners).activity_send_mail(template.id)
        )

    def _compose(self, model, ids, mode, **values):
        composer = self._as_seller(self.env["mail.compose.message"])
        return composer.create(
            {
                "composition_mode": mode,
                "model": model,
                "res_ids": str(ids),
                "template_id": False,
                "subject": "Hello",
                "body": "<p>Hello</p>",
                "auto_delete": False,
                **values,
            }
        )

    def test_composer_in_comment_mode(self):
        def send(partners):
            composer = self._compose("res.partner", partners.ids, "comment")
            composer.template_id = self.templates["res.partner"]
            composer.action_send_mail()

        self._check(send)

    def test_composer_in_mass_mode(self):
        def send(partners):
            composer = self._compose(
                "res.partner", partners.ids, "mass_mail", lifecycle_gate=False
            )
            composer.action_send_mail()

        self._check(send)

    def test_list_of_leads(self):
        leads = {
            partner: self.env["crm.lead"].create(
                {
                    "name": "Lead",
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                }
            )
            for partner in self.both
        }

        def send(partners):
            ids = [leads[partner].id for partner in partners]
            composer = self._compose("crm.lead", ids, "mass_mail", lifecycle_gate=False)
            composer.action_send_mail()

        self._check(send)

    def test_text_messages_as_comments(self):
        def send(partners):
            composer = self._as_seller(self.env["sms.composer"])
            composer.create(
                {
                    "composition_mode": "comment",
                    "res_model": "res.partner",
                    "res_ids": str(partners.ids),
                    "res_id": partners[:1].id if len(partners) == 1 else False,
                    "body": "Hello",
                }
            )._action_send_sms()

        self._check(send, "sms")

    def test_action_of_the_list(self):
        """“Send Email” on contacts asks the gate if nobody says otherwise."""
        action = self._action(
            group_ids=[Command.set(self.env.ref("base.group_user").ids)],
            lifecycle_gate=self.env["ir.actions.server"]
            .new(
                {
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                    "state": "mail_post",
                }
            )
            .lifecycle_gate,
        )
        self._run(self._as_seller(action), self._as_seller(self.both))
        self.assertEqual(len(self._mails_to(self.reached)), 1)
        self.assertFalse(self._mails_to(self.opted_out))
        self.assertEqual(self._log_of(self.opted_out).reason, "opted_out")

    def test_automation_on_contacts(self):
        self.env["base.automation"].create(
            {
                "name": "Write to who got a tag",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "trigger": "on_create_or_write",
                "filter_domain": f"[('category_id', '=', {self.complaint_tag.id})]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Write",
                            "model_id": self.env["ir.model"]._get_id("res.partner"),
                            "state": "mail_post",
                            "mail_post_method": "email",
                            "template_id": self.templates["res.partner"].id,
                        }
                    )
                ],
            }
        )
        self.company.lifecycle_complaint_tag_ids = False
        self._as_seller(self.both).category_id = self.complaint_tag
        self.env.flush_all()
        self.assertEqual(len(self._mails_to(self.reached)), 1)
        self.assertFalse(self._mails_to(self.opted_out))
        self.assertEqual(self._log_of(self.opted_out).source, "automation")
