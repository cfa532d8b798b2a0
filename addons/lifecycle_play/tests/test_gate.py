"""What the gate says about contacts, and what it costs to ask."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGate(GateCase):
    def test_a_contact_may_be_written_to(self):
        partner = self._customer()
        self.assertEqual(
            self.gate._check(partner, self.company, "mail"), {partner.id: False}
        )
        self.assertEqual(
            self.gate._check(partner, self.company, "sms"), {partner.id: False}
        )
        self.assertFalse(self._log_of(partner), "asking leaves no trace")
        self.assertEqual(self.gate._check(partner.browse(), self.company, "mail"), {})

    def test_unknown_channel(self):
        with self.assertRaisesRegex(UserError, "carrier pigeon"):
            self._ask(self._customer(), "carrier pigeon")

    def test_deleted_meanwhile(self):
        partner = self._customer()
        self._profile(partner).unlink()
        ghost = self.env["res.partner"].browse(partner.id)
        partner.unlink()
        self.assertEqual(
            self.gate._pass(ghost, self.company, "mail"), {ghost.id: "archived"}
        )

    # -- addresses ---------------------------------------------------------------

    def test_addresses(self):
        for email, reason in (
            (False, "no_address"),
            ("   ", "no_address"),
            ("nobody", "invalid_address"),
            ("@gate.test", "invalid_address"),
            ("a@localhost", "invalid_address"),
            ("a@gate..test", "invalid_address"),
            ("Ann <ANN@Gate.Test>", False),
            ("ann@gate.test, nobody", False),
        ):
            with self.subTest(email=email):
                self.assertEqual(self._ask(self._customer(email=email)), reason)

    def test_bounced(self):
        partner = self._customer(message_bounce=4)
        self.assertFalse(self._ask(partner))
        partner.message_bounce = 5
        self.assertEqual(self._ask(partner), "invalid_address")
        self.assertFalse(self._ask(partner, "sms"))

    def test_one_of_two_addresses_blacklisted(self):
        partner = self._customer(email="first@gate.test, Second@gate.test")
        self.assertFalse(self._ask(partner))
        entry = self.env["mail.blacklist"]._add("second@gate.test")
        self.assertEqual(self._ask(partner), "blacklisted")
        entry.action_archive()
        self.assertFalse(self._ask(partner))

    def test_channels_have_lists_of_their_own(self):
        partner = self._customer()
        self.env["phone.blacklist"].add(partner.phone_sanitized)
        self.assertFalse(self._ask(partner))
        self.assertEqual(self._ask(partner, "sms"), "blacklisted")

    # -- who it is ---------------------------------------------------------------

    def test_own_companies(self):
        own = self.company.partner_id
        own.email = "own@gate.test"
        contact = self._customer(parent_id=own.id)
        self.assertEqual(self._ask(own), "internal")
        self.assertEqual(self._ask(contact), "internal")
        # also of another company of this database
        other = self._create_company("Sister")
        other.partner_id.email = "sister@gate.test"
        self.assertEqual(self._ask(other.partner_id), "internal")

    def test_portal_user_is_a_customer(self):
        partner = self._customer()
        self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal_gate",
                "partner_id": partner.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.assertFalse(self._ask(partner))

    # -- consent -----------------------------------------------------------------

    def test_the_latest_word_counts(self):
        partner = self._customer()
        self._say(partner, "opted_out")
        self.assertEqual(self._ask(partner), "opted_out")
        with self.at(self.today + timedelta(days=1)):
            self._say(partner, "opted_in")
            self.assertFalse(self._ask(partner))
            self._say(partner, "unknown")
            self.assertFalse(self._ask(partner))

    def test_consent_is_of_one_company(self):
        partner, other = self._customer(), self._create_company("Other")
        self._say(partner, "opted_out")
        self.assertFalse(self._ask(partner, company=other))
        self.assertEqual(self._ask(partner), "opted_out")

    def test_consent_holds_for_the_address(self):
        first = self._customer(email="same@gate.test")
        second = self._customer(email="Same <SAME@gate.test>")
        self._say(first)
        self.assertEqual(self._ask(second), "opted_out")
        # who said it may have another address since
        first.email = "new@gate.test"
        self.assertEqual(self._ask(first), "opted_out")
        self.assertEqual(self._ask(second), "opted_out")
        with self.at(self.today + timedelta(days=1)):
            self._say(second, "opted_in")
            self.assertFalse(self._ask(second))

    def test_what_a_company_says_holds_for_its_contacts(self):
        head = self._customer(is_company=True)
        contact = self._customer(parent_id=head.id)
        self._say(head)
        self.assertEqual(self._ask(contact), "opted_out")
        self._say(contact, "opted_in")
        self.assertFalse(self._ask(contact))
        self.assertEqual(self._ask(head), "opted_out")
        # not the other way round
        other = self._customer(parent_id=self._customer(is_company=True).id)
        self._say(other)
        self.assertFalse(self._ask(other.parent_id))

    def test_only_with_consent(self):
        self.company.lifecycle_consent_policy = "opt_in"
        partner = self._customer()
        self.assertEqual(self._ask(partner), "no_consent")
        self._say(partner, "opted_in")
        self.assertFalse(self._ask(partner))
        with self.at(self.today + timedelta(days=1)):
            self._say(partner, "opted_out")
            self.assertEqual(self._ask(partner), "opted_out")

    # -- complaints ----------------------------------------------------------------

    def test_complaint_of_the_company(self):
        head = self._customer(is_company=True)
        contact = self._customer(parent_id=head.id)
        head.category_id = self.complaint_tag
        self.assertEqual(self._ask(contact), "open_complaint")
        self.company.lifecycle_complaint_hold = False
        self.assertFalse(self._ask(contact))

    # -- settings ------------------------------------------------------------------

    def test_bad_settings(self):
        for values, words in (
            ({"lifecycle_message_cap": -1}, "Messages per Week.*from 0 to"),
            ({"lifecycle_duplicate_days": 9999}, "Same Message Again.*3650"),
            ({"lifecycle_quiet_from": 25}, "between 00:00 and 24:00"),
            ({"lifecycle_quiet_from": 0, "lifecycle_quiet_to": 24}, "whole day"),
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                    self.company.write(values)
                self.env.invalidate_all(flush=False)
