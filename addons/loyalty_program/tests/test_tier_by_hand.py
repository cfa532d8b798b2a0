from odoo.tests import tagged

from .perk_common import PerkCase


@tagged("post_install", "-at_install")
class TestTierByHand(PerkCase):
    """Pins, words and mails."""

    def test_pin_and_its_end(self):
        member = self._member(self.other)
        wizard = self.env["loyalty.pin.wizard"].create(
            {
                "membership_id": member.id,
                "tier_id": self.platinum.id,
                "until": "2026-07-01",
                "reason": "Promised at the fair",
            }
        )
        wizard.action_pin()
        self.assertEqual(member.tier_id, self.platinum)
        self.assertEqual(self._profile(self.other).tier_id, self.platinum)
        [move] = self._transitions(self.other, "tier")
        self.assertEqual((move.cause, move.note), ("manual", "Promised at the fair"))
        self._buy(50, partner=self.other)
        self.assertEqual(member.tier_id, self.platinum)
        self.assertEqual(member.earned_tier_id, self.silver)
        self._night("2026-07-01")
        self.assertEqual(member.tier_id, self.platinum)
        self._night("2026-07-02")
        self.assertEqual(member.tier_id, self.silver)
        self.assertEqual(self._moves(self.other)[-1], ("Platinum", "Silver", "time"))

    def test_pin_taken_away(self):
        member = self._member()
        member._pin_tier(self.bronze, reason="Test")
        self.assertEqual(member.tier_id, self.bronze)
        member.action_unpin_tier()
        self.assertEqual(member.tier_id, self.gold)
        self.assertFalse(member.pinned_tier_id)

    def test_words(self):
        member = self._member()
        self.assertEqual(member.next_summary, "$\N{NO-BREAK SPACE}1,400.00 to Platinum")
        self.assertIn("to keep Gold", member.keep_summary)
        self.assertIn("03/02/2027", member.keep_summary)
        self.club.tier_period = "calendar"
        self.env.invalidate_all()
        self.assertEqual(
            member.next_summary,
            "$\N{NO-BREAK SPACE}1,400.00 to Platinum by 12/31/2026",
        )

    # -- mails ---------------------------------------------------------------------

    def _mails(self):
        return self.env["mail.mail"].search([("model", "=", "loyalty.membership")])

    def test_warned_once_before_the_end(self):
        self.buyer.email = "buyer@example.com"
        before = self._mails()
        self._night("2027-02-15")
        self.assertEqual(self._mails(), before)  # no mail was chosen
        self.club.tier_warn_template_id = self.env.ref(
            "loyalty_program.mail_template_tier_ending"
        )
        self._forget_requests()
        self._night("2027-01-29")
        self.assertFalse(self._member().warned_date)
        self._night("2027-01-31")
        self.assertEqual(str(self._member().warned_date), "2027-01-31")
        mail = self._mails() - before
        self.assertEqual(mail.recipient_ids, self.buyer)
        self.assertIn("to keep Gold", mail.body_html)
        self._night("2027-02-02")
        self.assertEqual(self._mails() - before, mail)

    def test_who_earned_it_again_is_not_warned(self):
        self.buyer.email = "buyer@example.com"
        self.club.tier_warn_template_id = self.env.ref(
            "loyalty_program.mail_template_tier_ending"
        )
        self._buy(500)
        before = self._mails()
        self._night("2027-02-15")
        self.assertFalse(self._member().warned_date)
        self.assertEqual(self._mails(), before)

    def test_no_mail_says_what_the_company_earns(self):
        self.club.tier_measure = "margin"
        self._member().sudo().write({"missing": 123, "keep_missing": 123})
        for kind in ("ending", "lost"):
            template = self.env.ref(f"loyalty_program.mail_template_tier_{kind}")
            for measure, said in (("margin", False), ("net_spend", True)):
                self.club.tier_measure = measure
                self.env.invalidate_all()
                [body] = template._render_field(
                    "body_html", self._member().ids
                ).values()
                self.assertEqual("123" in body, said, (kind, measure))

    def test_a_tier_is_invited(self):
        self.buyer.email = "buyer@example.com"
        members = self.env["loyalty.membership"].search(
            [("tier_id", "=", self.gold.id)]
        )
        self.assertEqual(members, self._member())
        action = self.env.ref("loyalty_program.action_tier_invitation")
        action.with_context(active_model=members._name, active_ids=members.ids).run()
        mail = self._mails()[:1]
        self.assertEqual(mail.recipient_ids, self.buyer)
        self.assertIn("invited", mail.body_html)
        self.buyer.user_id = self.env.user
        action = self.env.ref("loyalty_program.action_tier_invitation_activity")
        action.with_context(active_model="res.partner", active_ids=self.buyer.ids).run()
        self.assertEqual(self.buyer.activity_ids.user_id, self.env.user)

    def test_action_welcomes_members(self):
        self.buyer.email = "buyer@example.com"
        before = self._mails()
        action = self.env.ref("loyalty_program.action_tier_welcome")
        action.with_context(
            active_model="res.partner", active_ids=(self.buyer | self._partner()).ids
        ).run()
        mail = self._mails() - before
        self.assertEqual(mail.recipient_ids, self.buyer)
        self.assertIn("Gold", mail.body_html)
