"""Whom a gated message goes to, and what is none of the gate's business."""

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .gate_common import GateCase

_ACTION_LOGGER = "odoo.addons.base.models.ir_actions.server_action_safe_eval"


@tagged("post_install", "-at_install")
class TestGateRecipients(GateCase):
    def _template(self, model="res.partner", **values):
        values = {"partner_to": False, "use_default_to": False, **values}
        return self.templates[model].copy(values)

    def test_addresses_of_the_template(self):
        """A template that names addresses instead of contacts is held as well."""
        action = self._action(
            template_id=self._template(email_to="{{ object.email }}").id
        )
        good, bad = self._customer(), self._customer()
        self._say(bad)
        self._run(action, good | bad)
        self.assertEqual(len(self._mails_to(good)), 1)
        self.assertFalse(self._mails_to(bad))
        self.assertEqual(self._log_of(bad).reason, "opted_out")
        self.assertEqual(self._log_of(good).address, good.email)

    def test_a_copy_for_a_customer_who_is_held(self):
        """Who may get it gets it, without the other one."""
        other = self._customer()
        template = self._template(
            partner_to="{{ object.id }}", email_cc=f"Boss <{other.email}>"
        )
        self._say(other)
        partner = self._customer()
        self._run(self._action(template_id=template.id), partner)
        mail = self._mails_to(partner)
        self.assertEqual(mail.recipient_ids, partner)
        self.assertFalse(mail.email_cc)
        self.assertEqual(self._log_of(other).reason, "opted_out")

    def test_a_colleague_is_no_customer(self):
        """A message to the salesperson about a customer who wants none."""
        user = new_test_user(self.env, "seller_gate", email="seller@shop.test")
        template = self._template(partner_to=str(user.partner_id.id))
        partner = self._customer(user_id=user.id)
        self._say(partner)
        self._run(self._action(template_id=template.id), partner)
        self.assertEqual(len(self._mails_to(user.partner_id)), 1)
        self.assertFalse(self._mails_to(user.partner_id).lifecycle_company_id)
        self.assertFalse(self._log_of(partner | user.partner_id))

    def test_an_address_of_nobody(self):
        template = self._template(email_to="stranger@gate.test")
        action, partner = self._action(template_id=template.id), self._customer()
        self._run(action, partner)
        mails = self.env["mail.mail"].search([("email_to", "like", "stranger@")])
        self.assertEqual(mails.mapped("state"), ["outgoing"])
        self.env["mail.blacklist"]._add("stranger@gate.test")
        self._run(action, partner)
        self.assertEqual(
            self.env["mail.mail"].search([("email_to", "like", "stranger@")]), mails
        )

    def test_one_customer_of_two_records(self):
        """One message, though two leads are of the customer."""
        template = self.env["mail.template"].create(
            {
                "name": "Lead",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Hello",
                "body_html": "<p>Hello</p>",
                "partner_to": "{{ object.partner_id.id }}",
                "auto_delete": False,
            }
        )
        partner = self._customer()
        leads = self.env["crm.lead"].create(
            [
                {"name": n, "partner_id": partner.id, "company_id": self.company.id}
                for n in "ab"
            ]
        )
        self.templates["crm.lead"] = template
        self._run(self._action("crm.lead"), leads)
        self.assertEqual(len(self._mails_to(partner)), 1)
        self.assertEqual(self._log_of(partner).mapped("state"), ["sent", "held"])
        self.assertEqual(self._log_of(partner)[1].reason, "duplicate")

    def test_each_message_counts(self):
        """Several actions at once, and a text message by code beside a mail."""
        self.company.lifecycle_message_cap = 2
        children = self._action(lifecycle_gate=False)
        children |= self._action(
            lifecycle_gate=False, template_id=self.templates["res.partner"].copy().id
        )
        children |= self._sms_action(lifecycle_gate=False)
        action = self._action(
            state="multi",
            template_id=False,
            mail_post_method=False,
            child_ids=[Command.set(children.ids)],
        )
        partner = self._customer()
        self._run(action, partner)
        log = self._log_of(partner)
        self.assertEqual(log.mapped("state"), ["sent", "sent", "held"])
        self.assertEqual(log[2].reason, "frequency_cap")
        self.assertEqual(log.action_id, children)
        self.assertEqual(len(self._mails_to(partner)), 2)
        self.assertFalse(self._sms_to(partner))

    def test_code_that_writes_by_itself(self):
        """Posting on the contact, a mail of its own making: all pass the gate."""
        self.company.lifecycle_message_cap = 2
        code = """
record.message_post(body="One", partner_ids=record.ids, subtype_xmlid="mail.mt_comment")
env["mail.mail"].create({"email_to": record.email, "subject": "Two", "body_html": "2"})
env["mail.mail"].create({"recipient_ids": [(4, record.id)], "subject": "Three"}).send()
"""
        action = self._action(state="code", code=code)
        partner = self._customer()
        self._run(action, partner)
        log = self._log_of(partner)
        self.assertEqual(log.mapped("state"), ["sent", "sent", "held"])
        self.assertEqual(len(self._mails_to(partner)), 2)
        cancelled = self.env["mail.mail"].search([("subject", "=", "Three")])
        self.assertEqual(cancelled.state, "cancel")
        self.assertIn("enough messages", cancelled.failure_reason)

    def test_followers_who_are_colleagues_are_told(self):
        user = new_test_user(
            self.env, "follower_gate", email="f@shop.test", notification_type="email"
        )
        partner = self._customer()
        partner.message_subscribe(user.partner_id.ids)
        other = self._customer()
        partner.message_subscribe(other.ids)
        self._say(other)
        self._run(self._action(mail_post_method="comment"), partner)
        recipients = (
            self.env["mail.mail"]
            .search(
                [
                    ("lifecycle_company_id", "=", self.company.id),
                    ("res_id", "=", partner.id),
                ]
            )
            .recipient_ids
        )
        self.assertIn(partner, recipients)
        self.assertNotIn(other, recipients)
        notified = partner.message_ids[0].notified_partner_ids
        self.assertIn(user.partner_id, notified)
        self.assertNotIn(other, notified)

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.templates["lifecycle.transition"]
        template.with_context(lang="fr_FR").subject = "Vous nous manquez"
        partners = self._customer(lang="fr_FR") | self._customer(lang="en_US")
        moves = self.env["lifecycle.transition"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "kind": "stage",
                    "date": self.today,
                    "cause": "time",
                }
                for partner in partners
            ]
        )
        self._run(self._action("lifecycle.transition"), moves)
        self.assertEqual(
            [self._mails_to(partner).subject for partner in partners],
            ["Vous nous manquez", "We miss you"],
        )

    # -- the company that writes -----------------------------------------------------

    def test_company_of_the_record(self):
        other = self._create_company("Other")
        partner = self._customer()
        self._say(partner, company=other)
        profiles = self._profile(partner) | self.env["lifecycle.profile"].create(
            {"partner_id": partner.id, "company_id": other.id}
        )
        self.env.user.company_ids |= other
        self._run(
            self._action("lifecycle.profile"),
            profiles,
            allowed_company_ids=(self.company | other).ids,
        )
        self.assertEqual(self._log_of(partner).state, "sent")
        self.assertEqual(self._log_of(partner, other).reason, "opted_out")
        self.assertEqual(self._mails_to(partner).lifecycle_company_id, self.company)

    # -- business that is under way ------------------------------------------------

    def _order(self, partner):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": 10})
                ],
            }
        )

    def test_core_mails_are_not_touched(self):
        """Order, invoice and password reach who wants no messages at all."""
        partner = self._customer()
        self._say(partner)
        order = self._order(partner)
        order.action_confirm()
        order._send_order_confirmation_mail()
        invoice = order._create_invoices()
        invoice.action_post()
        wizard = self.env["account.move.send.wizard"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"sending_methods": ["email"]})
        wizard.mail_partner_ids = partner
        wizard.action_send_and_print()
        for record in (order, invoice):
            message = record.message_ids.filtered(
                lambda message: partner in message.notified_partner_ids
            )
            self.assertTrue(message, record)
        self.assertFalse(self._log_of(partner))

    def test_password(self):
        partner = self._customer()
        self._say(partner)
        user = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": partner.email,
                "partner_id": partner.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        # Odoo sends it at once and takes it back: a rule tells what it was
        notes = self._action(
            "mail.mail",
            state="code",
            template_id=False,
            mail_post_method=False,
            lifecycle_gate=False,
            code="_logger.warning('%s %s %s', record.email_to, record.state, "
            "record.lifecycle_company_id.id)",
        )
        self.env["base.automation"].create(
            {
                "name": "Tell",
                "model_id": self.env["ir.model"]._get_id("mail.mail"),
                "trigger": "on_create",
                "action_server_ids": [Command.link(notes.id)],
            }
        )
        code = f"env['res.users'].browse({user.id}).action_reset_password()"
        action = self._action(state="code", code=code)
        with self.assertLogs(_ACTION_LOGGER, "WARNING") as log:
            user.with_context(no_reset_password=False).action_reset_password()
            self._run(action, partner, no_reset_password=False)
        told = [record.getMessage() for record in log.records]
        self.assertEqual(told, [f"{user.email} outgoing False"] * 2)
        self.assertFalse(self._log_of(partner))

    def test_an_order_that_an_automation_confirms(self):
        """Its confirmation is no advertisement."""
        partner = self._customer()
        self._say(partner)
        order = self._order(partner)
        code = f"env['sale.order'].browse({order.id})._send_order_confirmation_mail()"
        order.action_confirm()
        self._run(self._action(state="code", code=code), partner)
        message = order.message_ids.filtered(
            lambda message: partner in message.notified_partner_ids
        )
        self.assertTrue(message)
        self.assertFalse(self._log_of(partner))
