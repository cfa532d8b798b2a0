from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.lifecycle_play.tests.result_common import ResultCase

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestCoupons(ResultCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env.ref("lifecycle_play_loyalty.program_win_back").sudo()
        shipped = cls.env.ref("lifecycle_play_loyalty.mail_template_win_back_coupon")
        cls.template = shipped.sudo().copy({"coupon_program_id": cls.program.id})
        cls.buyer = cls._partner("Bea", email="bea@buyer.test")
        cls.cards = cls.env["loyalty.card"]

    def _send(self, partners, play=None, step=None):
        """The mail as a play sends it."""
        gate = self.env["lifecycle.gate"]
        token = gate._open(self.company, source="play", play=play, step=step)
        template = self.template.with_company(self.company)
        return template.with_context(lifecycle_gate=token).send_mail_batch(partners.ids)

    def _given(self, partner):
        return self.cards.search([("partner_id", "=", partner.id)])

    def _use(self, code, partner, day=None):
        """The customer gives the code with an order, which is confirmed."""
        order = self._order(partner, day or self.today, 200, state="draft")
        rewards = order._try_apply_code(code)
        self.assertNotIn("error", rewards)
        [(card, reward)] = rewards.items()
        order._apply_program_reward(reward, card)
        order.action_confirm()
        order.date_order = f"{day or self.today} 12:00:00"
        return order

    def test_each_customer_gets_a_coupon_and_the_mail_shows_its_code(self):
        other = self._partner("Cid", email="cid@buyer.test")
        mails = self._send(self.buyer | other)
        self.assertEqual(len(mails), 2)
        for mail, partner in zip(mails, self.buyer | other, strict=True):
            card = self._given(partner)
            self.assertEqual(len(card), 1)
            self.assertIn(card.code, mail.body_html)
            self.assertEqual(mail.recipient_ids, partner)
            self.assertEqual(mail.state, "outgoing", "the queue sends it")
            self.assertEqual(card.expiration_date, self.today + timedelta(days=30))
            self.assertEqual(card.points, 1)
        self.assertNotEqual(self._given(self.buyer).code, self._given(other).code)

    def test_odoo_sends_no_message_of_its_own_about_it(self):
        self.program.communication_plan_ids = [
            (
                0,
                0,
                {
                    "trigger": "create",
                    "mail_template_id": self.env.ref(
                        "loyalty.mail_template_loyalty_card"
                    ).id,
                },
            )
        ]
        before = self.env["mail.mail"].search_count([])
        self._send(self.buyer)
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)

    def test_who_is_held_back_gets_no_coupon(self):
        self.env["mail.blacklist"]._add(self.buyer.email)
        self.assertFalse(self._send(self.buyer))
        self.assertFalse(self._given(self.buyer))

    def test_where_the_mail_fails_there_is_no_coupon(self):
        self.template.body_html = (
            f"<p><t t-out='1 / int(object.id != {self.buyer.id})'/></p>"
        )
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
            self._send(self.buyer)
        self.assertFalse(self._given(self.buyer))

    def test_looking_at_the_mail_gives_no_coupon(self):
        body = self.template._render_field("body_html", self.buyer.ids)
        self.assertIn("044-XXXX-XXXX", body[self.buyer.id])
        self.assertFalse(self._given(self.buyer))

    def test_a_client_cannot_make_up_coupons(self):
        shown = self.buyer.with_context(
            lifecycle_coupons={"cards": {self.buyer.id: "FREE"}}
        )._get_lifecycle_coupon()
        self.assertEqual(shown["code"], "044-XXXX-XXXX")

    def test_the_coupon_is_redeemed_on_an_order_and_counted(self):
        day = self.today - timedelta(days=40)
        other = self._partner("Cid", email="cid@buyer.test")
        self._enroll(self.buyer | other, "treated", day)
        self._send(self.buyer | other, self.play, self.step)
        card = self._given(self.buyer)
        self.assertEqual(card.lifecycle_play_id, self.play)
        order = self._use(card.code, self.buyer, day + timedelta(days=3))
        self.assertEqual(order.amount_untaxed, 180)
        self._refresh_results()
        result = self._result()
        self.assertEqual((result.coupon_count, result.coupon_used_count), (2, 1))
        self.assertEqual(result.treated_revenue, 180)
        self.assertEqual(result.discount, 20)

    def test_a_cancelled_order_redeems_nothing(self):
        self._enroll(self.buyer, "treated", self.today - timedelta(days=40))
        self._send(self.buyer, self.play, self.step)
        order = self._use(self._given(self.buyer).code, self.buyer)
        order._action_cancel()
        self._refresh_results()
        result = self._result()
        self.assertEqual((result.coupon_count, result.coupon_used_count), (1, 0))

    def test_after_its_last_day_it_is_worth_nothing(self):
        self._send(self.buyer)
        card = self._given(self.buyer)
        with self.at(self.today + timedelta(days=31)):
            order = self._order(self.buyer, self.today, 200, state="draft")
            self.assertIn("error", order._try_apply_code(card.code))

    def test_a_coupon_of_a_customer_is_good_for_its_contacts(self):
        firm = self._partner("Firm", is_company=True, email="firm@buyer.test")
        clerk = self._partner("Clerk", parent_id=firm.id)
        self._send(firm)
        order = self._use(self._given(firm).code, clerk)
        self.assertEqual(order.amount_untaxed, 180)

    def test_templates_that_cannot_give_anything_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Valid For"):
            self.template.coupon_days = 0
        with self.assertRaisesRegex(ValidationError, "Points on the Coupon"):
            self.template.write({"coupon_days": 30, "coupon_points": 0})
        with self.assertRaisesRegex(ValidationError, "has no customer"):
            self.template.write(
                {
                    "coupon_points": 1,
                    "model_id": self.env.ref("base.model_res_users").id,
                }
            )

    def test_a_play_whose_coupon_is_worth_nothing_does_not_start(self):
        self.step.template_id = self.template
        self.assertFalse(self.step._find_problems())
        self.program.active = False
        self.assertIn("is archived", self.step._find_problems()[-1])
        self.program.active = True
        self.program.date_to = self.today - timedelta(days=1)
        self.assertIn("has ended", self.step._find_problems()[-1])

    def test_the_shipped_win_back_offers_a_coupon(self):
        step = self.env.ref("lifecycle_play.play_win_back_offer").sudo()
        self.assertEqual(step.template_id.coupon_program_id, self.program)

    def test_referrals_are_rewarded_with_coupons(self):
        referral_template = self.env.ref(
            "lifecycle_play_loyalty.mail_template_referral_reward"
        ).sudo()
        self.company.lifecycle_referral_template_id = referral_template
        referrals = self.env["lifecycle.referral"]
        referral = referrals._get_for(self.buyer, self.company)[self.buyer]
        new = self._partner("Newman", email="new@man.test")
        lead = self._lead(new, self.today, referral_id=referral.id)
        lead.sudo()._reward_referral()
        for partner in self.buyer | new:
            self.assertEqual(
                self._given(partner).program_id, referral_template.coupon_program_id
            )
            self.assertFalse(partner.activity_ids)

    def test_who_may_not_be_written_to_is_thanked_by_hand(self):
        self.company.lifecycle_referral_template_id = self.env.ref(
            "lifecycle_play_loyalty.mail_template_referral_reward"
        )
        self.env["mail.blacklist"]._add(self.buyer.email)
        referrals = self.env["lifecycle.referral"]
        referral = referrals._get_for(self.buyer, self.company)[self.buyer]
        new = self._partner("Newman", email="new@man.test")
        lead = self._lead(new, self.today, referral_id=referral.id)
        lead.sudo()._reward_referral()
        self.assertFalse(self._given(self.buyer))
        self.assertTrue(self.buyer.activity_ids)
        self.assertTrue(self._given(new))

    def test_nobody_gets_the_code_of_the_sample(self):
        """Where the text is made before the coupon, it is not sent."""
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": self.buyer.ids,
                "template_id": self.template.id,
            }
        )
        with self.assertRaisesRegex(UserError, "gives a coupon"):
            composer._action_send_mail()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Post",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "mail_post",
                "mail_post_method": "comment",
                "template_id": self.template.id,
            }
        )
        self.step.write({"kind": "action", "action_id": action.id})
        self.assertIn("gives no coupon", self.step._find_problems()[-1])

    def test_uninstalling_leaves_no_message_that_cannot_be_filled_in(self):
        self.step.template_id = self.template
        self.play._start()
        uninstall_hook(self.env)
        step = self.env.ref("lifecycle_play.play_win_back_offer").sudo()
        self.assertEqual(
            step.template_id,
            self.env.ref("lifecycle_play.mail_template_win_back_offer"),
        )
        self.assertEqual(step.action_id.template_id, step.template_id)
        self.assertEqual(self.play.state, "paused")
        self.assertIn("Coupons were uninstalled", self.play.error)

    def test_coupons_for_many_pass_the_gate(self):
        other = self._partner("Cid", email="cid@buyer.test")
        self.env["lifecycle.consent"].create(
            {
                "partner_id": other.id,
                "company_id": self.company.id,
                "state": "opted_out",
            }
        )
        # Odoo's own has a picture of the code, which needs more than is here
        template = self.env["mail.template"].create(
            {
                "name": "Coupon",
                "model_id": self.env["ir.model"]._get_id("loyalty.card"),
                "subject": "Your coupon {{ object.code }}",
                "body_html": "<p>Yours</p>",
                "email_from": "shop@buyer.test",
                "partner_to": "{{ object.partner_id.id }}",
                "auto_delete": False,
            }
        )
        self.program.communication_plan_ids = [
            (0, 0, {"trigger": "create", "mail_template_id": template.id})
        ]
        both = self.buyer | other
        self.env["loyalty.generate.wizard"].with_context(
            active_id=self.program.id
        ).create(
            {
                "program_id": self.program.id,
                "mode": "selected",
                "customer_ids": [(6, 0, both.ids)],
                "points_granted": 1,
            }
        ).generate_coupons()
        given = self.cards.search([("partner_id", "in", both.ids)])
        self.assertEqual(given.partner_id, both)
        mails = self.env["mail.mail"].search([("state", "=", "outgoing")])
        self.assertIn(self.buyer, mails.recipient_ids)
        self.assertNotIn(other, mails.recipient_ids)
        log = self.env["lifecycle.message"].search([("partner_id", "=", other.id)])
        self.assertEqual((log.reason, log.source), ("opted_out", "hand"))
