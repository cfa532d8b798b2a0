from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestConsent(GateCase):
    def setUp(self):
        super().setUp()
        self.seller = new_test_user(
            self.env,
            "seller_consent",
            groups="sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def _consents(self, partner):
        return self.env["lifecycle.consent"].search(
            [("partner_id", "=", partner.id)], order="id"
        )

    def test_on_the_contact(self):
        """Whoever edits the contact records what it said; the chatter knows."""
        partner = self._customer()
        self.assertEqual(partner.lifecycle_consent, "unknown")
        form = Form(partner.with_user(self.seller))
        form.lifecycle_consent = "opted_out"
        form.lifecycle_no_profiling = True
        form.save()
        consent = self._consents(partner)
        self.assertEqual(len(consent), 1, "one save is one word")
        self.assertEqual(
            (consent.state, consent.no_profiling, consent.source, consent.user_id),
            ("opted_out", True, "hand", self.seller),
        )
        self.assertEqual(consent.email, partner.email)
        self.assertEqual(consent.company_id, self.company)
        self.assertIn("Opted out (By hand)", partner.message_ids[0].preview)
        # saving something else says nothing
        form = Form(partner.with_user(self.seller))
        form.name = "Other name"
        form.save()
        self.assertEqual(self._consents(partner), consent)
        with self.at(self.today + timedelta(days=1)):
            partner.with_user(self.seller).lifecycle_consent = "opted_in"
            self.assertEqual(partner.lifecycle_consent, "opted_in")
            self.assertTrue(partner.lifecycle_no_profiling)
        self.assertEqual(len(self._consents(partner)), 2)

    def test_history_stays(self):
        partner = self._customer()
        first = self._say(partner)
        with self.at(self.today + timedelta(days=1)):
            second = self._say(partner, "opted_in")
        consents = self._consents(partner)
        self.assertEqual(consents.filtered("is_current"), second)
        self.assertEqual(
            consents.search([("id", "in", consents.ids), ("is_current", "=", True)]),
            second,
        )
        self.assertEqual(
            consents.search([("id", "in", consents.ids), ("is_current", "!=", True)]),
            first,
        )
        with self.assertRaisesRegex(UserError, "latest counts"):
            first.state = "opted_in"
        with self.assertRaisesRegex(UserError, "is kept"):
            first.unlink()

    def test_search(self):
        asked, out, back = self._customer(), self._customer(), self._customer()
        self._say(out)
        self._say(back)
        with self.at(self.today + timedelta(days=1)):
            self._say(back, "opted_in")
        mine = [("id", "in", (asked | out | back).ids)]
        for states, found in (
            (["opted_out"], out),
            (["opted_in"], back),
            (["unknown"], asked),
            ([False], asked),
            (["opted_in", "unknown"], asked | back),
        ):
            partners = out.search([*mine, ("lifecycle_consent", "in", states)])
            self.assertEqual(partners, found)
        self.assertEqual(
            out.search([*mine, ("lifecycle_consent", "!=", "opted_out")]), asked | back
        )

    def test_of_the_company_one_works_in(self):
        other = self._create_company("Other")
        partner = self._customer()
        self._say(partner, company=other)
        self.assertEqual(partner.lifecycle_consent, "unknown")
        self.assertEqual(partner.with_company(other).lifecycle_consent, "opted_out")
        # and nobody reads what was said to a company out of reach
        consents = self.env["lifecycle.consent"].with_user(self.seller)
        self.assertFalse(consents.search([("partner_id", "=", partner.id)]))
        with self.assertRaises(AccessError):
            consents.create({"partner_id": partner.id, "company_id": other.id})

    def test_nobody_writes_in_anothers_name(self):
        partner = self._customer()
        consent = (
            self.env["lifecycle.consent"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "state": "opted_in",
                    "source": "page",
                    "date": "2020-01-01",
                    "user_id": self.env.ref("base.user_admin").id,
                    "email": "forged@gate.test",
                }
            )
        )
        self.assertEqual(
            (consent.source, consent.user_id, consent.email),
            ("hand", self.seller, partner.email),
        )
        self.assertEqual(consent.date.date(), self.today)

    def test_who_sees_nothing_of_it(self):
        """Portal users and colleagues without the lifecycle: not even by a search."""
        partner = self._customer()
        self._say(partner)
        portal = new_test_user(self.env, "portal_consent", groups="base.group_portal")
        plain = new_test_user(self.env, "plain_consent", groups="base.group_user")
        for user in (portal, plain):
            for model in (
                "lifecycle.consent",
                "lifecycle.message",
                "lifecycle.audience",
                "lifecycle.gate.lock",
            ):
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                ):
                    self.env[model].with_user(user).search([])
            partners = partner.with_user(user)
            self.assertFalse(
                partners.search(
                    [("id", "=", partner.id), ("lifecycle_consent", "=", "opted_out")]
                )
            )
            with self.assertRaises(AccessError):
                partners.read(["lifecycle_consent"])

    def test_log_of_other_companies(self):
        other = self._create_company("Other")
        partner = self._customer()
        self.gate._pass(partner, other, "mail")
        self.gate._pass(partner, self.company, "mail")
        messages = self.env["lifecycle.message"].with_user(self.seller)
        found = messages.search([("partner_id", "=", partner.id)])
        self.assertEqual(found.company_id, self.company)
        with self.assertRaises(AccessError):
            messages.create({"partner_id": partner.id})
        with self.assertRaises(AccessError):
            found.unlink()

    def test_what_waits_is_taken_back(self):
        """Who opts out does not get what is in the queue."""
        partner, other = self._customer(), self._customer()
        self._run(self._action(), partner | other)
        mail = self._mails_to(partner)
        self._say(partner)
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(self._log_of(partner).reason, "opted_out")
        self.assertEqual(self._mails_to(other).state, "outgoing")
        self.assertEqual(self._log_of(other).state, "sent")

    def test_what_waits_for_another_contact_of_the_address_is_taken_back(self):
        partner = self._customer()
        twin = self._customer(email=f"Twin <{partner.email}>")
        self._run(self._action(), partner)
        self.assertTrue(self._mails_to(partner))
        self._say(twin)
        self.assertFalse(self._mails_to(partner))

    def test_who_is_blacklisted_does_not_get_what_waits(self):
        partner, other = self._customer(), self._customer()
        self._run(self._action(), partner | other)
        self._run(self._sms_action(), partner | other)
        self.assertTrue(self._mails_to(partner) and self._sms_to(partner))
        self.env["mail.blacklist"]._add(partner.email.upper())
        self.assertFalse(self._mails_to(partner))
        self.assertTrue(self._sms_to(partner), "the number is on no list")
        log = self._log_of(partner)
        self.assertEqual(log.mapped("reason"), ["blacklisted", False])
        self.env["phone.blacklist"].add(partner.phone_sanitized)
        self.assertFalse(self._sms_to(partner))
        self.assertTrue(self._mails_to(other) and self._sms_to(other))

    def test_text_message_that_waits_is_taken_back(self):
        partner = self._customer()
        self._run(self._sms_action(), partner)
        sms = self._sms_to(partner)
        self._say(partner)
        self.assertEqual(sms.state, "canceled")
        self.assertEqual(self._log_of(partner).reason, "opted_out")
