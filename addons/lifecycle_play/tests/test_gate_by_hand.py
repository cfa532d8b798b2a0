"""Mass messages that somebody writes by hand."""

from datetime import datetime

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .gate_common import GateCase

_ACTION_LOGGER = "odoo.addons.base.models.ir_actions.server_action_safe_eval"


@tagged("post_install", "-at_install")
class TestGateByHand(GateCase):
    def test_composer_says_who_is_left_out(self):
        partners = self._customer() | self._customer() | self._customer(email=False)
        self._say(partners[1])
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": str(partners.ids),
                "subject": "Hello",
            }
        )
        self.assertTrue(composer.lifecycle_gate, "the list of contacts")
        self.assertEqual(
            composer.lifecycle_held,
            "2 of 3 contacts are left out:\nOpted out: 1\nNo address: 1",
        )
        composer.lifecycle_gate = False
        self.assertFalse(composer.lifecycle_held)

    def test_only_a_manager_lets_a_mass_mail_go_past(self):
        """Who opted out gets none of it, whatever a salesperson unticks."""
        partner, other = self._customer(), self._customer()
        self._say(partner)
        users = {
            group: new_test_user(
                self.env,
                group.rpartition("_")[2],
                f"base.group_partner_manager,{group}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for group in (
                "sales_team.group_sale_salesman_all_leads",
                "lifecycle_crm.group_lifecycle_manager",
            )
        }
        sent = {}
        for group, user in users.items():
            composer = self.env["mail.compose.message"].with_user(user)
            composer = composer.with_context(allowed_company_ids=self.company.ids)
            composer = composer.create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "res_ids": str((partner | other).ids),
                    "subject": f"Hello from {user.login}",
                    "body": "<p>Hello</p>",
                    "auto_delete": False,
                    "lifecycle_gate": False,
                }
            )
            composer._action_send_mail()
            # Odoo's own composer leaves a cancelled mail for who is held by it
            sent[group] = self.env["mail.mail"].search_count(
                [("subject", "=", composer.subject), ("state", "=", "outgoing")]
            )
        self.assertEqual(list(sent.values()), [1, 2])
        log = self._log_of(partner)
        self.assertEqual(log.mapped("reason"), ["opted_out"])

    def test_composer_on_documents_is_as_it_was(self):
        partner = self._customer()
        self._say(partner)
        orders = self._order(partner, self.today, 10) | self._order(
            partner, self.today, 20
        )
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "sale.order",
                "res_ids": str(orders.ids),
                "subject": "Hello",
                "body": "<p>Hello</p>",
                "auto_delete": False,
            }
        )
        self.assertFalse(composer.lifecycle_gate)
        composer._action_send_mail()
        self.assertFalse(self._log_of(partner))

    # -- text messages -----------------------------------------------------------------

    def test_waiting_text_messages_wait(self):
        partner = self._customer()
        with self.at(datetime(2026, 6, 15, 23)):
            self._run(self._sms_action(), partner)
            sms = self._sms_to(partner)
            self.assertTrue(sms)
            due = sms.with_context(lifecycle_due=True)
            self.assertFalse(due.search([("id", "=", sms.id)]))
            sms.send()  # is not due: no provider is called
            self.assertEqual(sms.state, "outgoing")
        with self.at(datetime(2026, 6, 16, 8)):
            self.assertTrue(due.search([("id", "=", sms.id)]))
