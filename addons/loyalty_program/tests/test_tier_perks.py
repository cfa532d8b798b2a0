from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierPerks(TierCase):
    """Perks work by themselves, for members of the tier and for nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.contact = cls._partner("Contact", parent_id=cls.buyer.id)
        cls.other = cls._partner("Other")
        cls._order(cls.buyer, "2026-03-02", 600)
        cls._order(cls.other, "2026-03-02", 50)

    def setUp(self):
        super().setUp()
        self._start()
        self.assertEqual(self._tier(), self.gold)

    def _quote(self, partner, amount=100):
        """A quotation as a salesperson makes it: its pricelist is proposed."""
        return (
            self.env["sale.order"]
            .with_company(self.company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )

    def _points(self, order, club=None):
        order._update_programs_and_rewards()
        entries = order.coupon_point_ids.filtered(
            lambda entry: entry.coupon_id.program_id == (club or self.club)
        )
        return sum(entries.mapped("points"))

    def test_points_are_multiplied(self):
        self.assertEqual(self._points(self._quote(self.buyer)), 100)
        self.gold.point_multiplier = 1.5
        order = self._quote(self.contact, 33.33)
        self.assertEqual(self._points(order), 50)
        self.assertEqual(self._points(self._quote(self.other)), 100)
        order.action_confirm()
        card = order.coupon_point_ids.coupon_id.filtered(
            lambda card: card.program_id == self.club
        )
        self.assertEqual(card.points, 50)
        self.assertEqual(order.order_tier_id, self.gold)
        self.assertEqual(order.order_tier_multiplier, 1.5)

    def test_only_points_of_the_own_programme_are_multiplied(self):
        self.gold.point_multiplier = 2
        second = self._create_club(self.company, (0,), name="Second", sequence=50)
        order = self._quote(self.buyer)
        self.assertEqual(self._points(order), 200)
        self.assertEqual(self._points(order, second), 100)

    def test_multiplier_of_another_company_does_not_count(self):
        other = self._create_company("Elsewhere")
        self.env.user.company_ids |= other
        self.gold.point_multiplier = 2
        order = self._quote(self.buyer)
        self.assertEqual(
            self.env["loyalty.tier"]._find_tiers(self.buyer.ids, other), {}
        )
        self.assertEqual(self._points(order), 200)

    def _create_pricelist(self, name, **values):
        return self.env["product.pricelist"].create(
            {"name": name, "currency_id": self.usd.id, "company_id": False, **values}
        )

    def test_pricelist_is_proposed_and_nothing_is_written(self):
        ordinary = self._quote(self.buyer).pricelist_id
        special = self._create_pricelist("Gold Prices")
        self.gold.pricelist_id = special
        self.env.invalidate_all()
        self.assertEqual(self._quote(self.buyer).pricelist_id, special)
        self.assertEqual(self._quote(self.contact).pricelist_id, special)
        self.assertEqual(self._quote(self.other).pricelist_id, ordinary)
        self.assertFalse(self.buyer.specific_property_product_pricelist)
        own = self._create_pricelist("His Own")
        self.buyer.with_company(self.company).specific_property_product_pricelist = own
        self.assertEqual(self._quote(self.buyer).pricelist_id, own)
        self.buyer.with_company(
            self.company
        ).specific_property_product_pricelist = False
        special.active = False
        self.env.invalidate_all()
        self.assertEqual(self._quote(self.buyer).pricelist_id, ordinary)

    def test_pricelist_changes_with_the_tier_on_the_next_quotation(self):
        special = self._create_pricelist("Silver Prices")
        self.silver.pricelist_id = special
        self.env.invalidate_all()
        self.assertNotEqual(self._quote(self.other).pricelist_id, special)
        self._buy(50, partner=self.other)
        self.assertEqual(self._quote(self.other).pricelist_id, special)

    def test_payment_terms_are_proposed(self):
        terms = self.env["account.payment.term"].create({"name": "60 Days"})
        self.gold.payment_term_id = terms
        self.assertEqual(self._quote(self.buyer).payment_term_id, terms)
        self.assertFalse(self._quote(self.other).payment_term_id)
        own = self.env["account.payment.term"].create({"name": "Own"})
        self.buyer.with_company(self.company).property_payment_term_id = own
        self.assertEqual(self._quote(self.buyer).payment_term_id, own)

    def test_payment_terms_of_another_company_and_archived_ones(self):
        other = self._create_company("Elsewhere")
        self.env.user.company_ids |= other
        theirs = self.env["account.payment.term"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        self.gold.payment_term_id = theirs
        self.assertFalse(self._quote(self.buyer).payment_term_id)
        theirs.company_id = False
        self.assertEqual(self._quote(self.buyer).payment_term_id, theirs)
        theirs.active = False
        self.assertFalse(self._quote(self.buyer).payment_term_id)

    def test_confirmed_order_keeps_what_it_was_confirmed_with(self):
        self.gold.point_multiplier = 2
        self.club.reward_ids.write({"required_points": 10, "min_tier_id": self.gold.id})
        order = self._quote(self.buyer)
        self.assertEqual(self._points(order), 200)
        [coupon] = order._get_claimable_rewards()
        order._apply_program_reward(self.club.reward_ids, coupon)
        order.action_confirm()
        self.env.flush_all()  # as at the end of the request
        points = coupon.points
        self._member()._pin_tier(self.bronze, reason="Test")
        self.env.invalidate_all()
        # the button “Reward” is there for confirmed orders, too
        self.assertEqual(self._points(order), 200)
        self.assertTrue(order.order_line.reward_id)
        self.assertEqual(coupon.points, points)
        # and who was nobody then gets no more by having risen since
        late = self._quote(self.other)
        self.assertEqual(self._points(late), 100)
        late.action_confirm()
        self.env.flush_all()
        self._member(self.other)._pin_tier(self.gold, reason="Test")
        self.env.invalidate_all()
        self.assertEqual(self._points(late), 100)

    def test_numbers_out_of_range(self):
        for values in (
            {"point_multiplier": -1},
            {"cashback_percent": -0.5},
            {"cashback_percent": 100.5},
        ):
            with self.assertRaisesRegex(ValidationError, "Gold"):
                self.gold.write(values)

    def test_programme_for_a_tier_only(self):
        promotion = self.env["loyalty.program"].create(
            {
                "name": "Gold Only",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "currency_id": self.usd.id,
                "min_tier_id": self.gold.id,
                "rule_ids": [Command.clear(), Command.create({"minimum_qty": 1})],
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        for partner, offered in ((self.buyer, True), (self.other, False)):
            order = self._quote(partner)
            order._update_programs_and_rewards()
            rewards = order._get_claimable_rewards()
            programs = {coupon.program_id for coupon in rewards}
            self.assertEqual(promotion in programs, offered)
            result = order._try_apply_program(promotion)
            self.assertEqual("not available" in result.get("error", ""), not offered)
        # nobody holds the tier of an archived programme: it is not open to all by that
        self.club.active = False
        for partner in (self.buyer, self.other):
            order = self._quote(partner)
            order._update_programs_and_rewards()
            rewards = order._get_claimable_rewards()
            self.assertNotIn(promotion, {coupon.program_id for coupon in rewards})

    def test_code_for_a_tier_only(self):
        self.env["loyalty.program"].create(
            {
                "name": "Gold Code",
                "program_type": "promo_code",
                "trigger": "with_code",
                "applies_on": "current",
                "company_id": self.company.id,
                "currency_id": self.usd.id,
                "min_tier_id": self.silver.id,
                "rule_ids": [
                    Command.clear(),
                    Command.create({"mode": "with_code", "code": "INNER CIRCLE"}),
                ],
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        refused = self._quote(self.other)._try_apply_code("INNER CIRCLE")
        self.assertTrue(refused.get("not_found"))
        self.assertNotIn(
            "error", self._quote(self.buyer)._try_apply_code("INNER CIRCLE")
        )

    def test_reward_for_a_tier_only(self):
        reward = self.club.reward_ids
        reward.required_points = 1
        reward.min_tier_id = self.gold
        order, refused = self._quote(self.buyer), self._quote(self.other)
        for quotation in order, refused:
            quotation._update_programs_and_rewards()
        [coupon] = order._get_claimable_rewards()
        self.assertEqual(coupon.program_id, self.club)
        self.assertFalse(order._apply_program_reward(reward, coupon))
        self.assertTrue(order.order_line.reward_id)
        self.assertFalse(refused._get_claimable_rewards())
        coupon = refused.coupon_point_ids.coupon_id
        result = refused._apply_program_reward(reward, coupon)
        self.assertIn("Gold", result["error"])
        # the tier is gone before the quotation is confirmed
        self._member()._pin_tier(self.bronze, reason="Test")
        order._update_programs_and_rewards()
        self.assertFalse(order.order_line.reward_id)

    def test_perks_of_an_archived_programme_end(self):
        self.gold.point_multiplier = 2
        self.assertEqual(self._points(self._quote(self.buyer)), 200)
        tag = self.env["res.partner.category"].create({"name": "Silver member"})
        self.silver.tag_id = tag
        self._buy(50, partner=self.other)
        self.assertEqual(self.other.category_id, tag)
        self.club.active = False
        self.assertEqual(self.env["loyalty.tier"]._get_perks(), {})
        self.assertFalse(self.other.category_id)
        self.club.active = True
        self.assertEqual(self.other.category_id, tag)

    # -- on the day -----------------------------------------------------------------

    def test_tag(self):
        tag = self.env["res.partner.category"].create({"name": "Silver member"})
        self.silver.tag_id = tag
        self._buy(50, partner=self.other)
        self.assertEqual(self.other.category_id, tag)
        self._buy(400, partner=self.other)
        self.assertFalse(self.other.category_id)

    def test_welcome_coupon_once(self):
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Welcome",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        self.silver.welcome_program_id = coupons
        order = self._buy(50, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)
        cards = coupons.coupon_ids
        self.assertEqual(cards.partner_id, self.other)
        self.assertEqual(cards.welcome_tier_id, self.silver)
        order._action_cancel()
        self._refresh()
        self.assertEqual(self._tier(self.other), self.bronze)
        self._buy(60, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)
        self.assertEqual(coupons.coupon_ids, cards)

    def test_no_coupon_of_another_company(self):
        other = self._create_company("Elsewhere")
        self.env.user.company_ids |= other
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Welcome Elsewhere",
                "program_type": "coupons",
                "company_id": other.id,
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        self.silver.welcome_program_id = coupons
        self._buy(50, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)
        self.assertFalse(coupons.sudo().coupon_ids)

    def test_nobody_is_welcomed_by_an_installation(self):
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Welcome",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        self.bronze.welcome_program_id = coupons
        newcomer = self._partner("Newcomer")
        self._order(newcomer, TODAY, 10)
        self._recompute(reason="import", quiet=True)
        self.assertEqual(self._tier(newcomer), self.bronze)
        self.assertFalse(coupons.coupon_ids)

    def test_activity_for_the_salesperson(self):
        seller = new_test_user(
            self.env,
            login="tier_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.other.user_id = seller
        self.silver.activity_type_id = self.env.ref("mail.mail_activity_data_call")
        self._buy(50, partner=self.other)
        activity = self.other.activity_ids
        self.assertEqual(activity.user_id, seller)
        self.assertIn("Silver", activity.summary)

    def test_actions_on_entry_and_exit(self):
        def action(model, name):
            return self.env["ir.actions.server"].create(
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id(model),
                    "state": "code",
                    "code": f"records.partner_id.write({{'comment': '{name}'}})"
                    if model == "loyalty.membership"
                    else f"records.write({{'ref': '{name}'}})",
                }
            )

        self.silver.entry_action_id = action("loyalty.membership", "came")
        self.silver.exit_action_id = action("res.partner", "left")
        self._buy(50, partner=self.other)
        self.assertIn("came", self.other.comment)
        self.assertFalse(self.other.ref)
        self._buy(400, partner=self.other)
        self.assertEqual(self.other.ref, "left")

    def test_nobody_has_an_action_run_that_he_may_not_run(self):
        boss = new_test_user(
            self.env,
            "tier_boss",
            "sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        action = self.env["ir.actions.server"].create(
            {
                "name": "For administrators",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "pass",
                "group_ids": [Command.link(self.env.ref("base.group_system").id)],
            }
        )
        with self.assertRaisesRegex(ValidationError, "For administrators"):
            self.silver.with_user(boss).entry_action_id = action
        action.group_ids = False
        self.silver.with_user(boss).entry_action_id = action
        action = action.copy(
            {"name": "Elsewhere", "model_id": self.env["ir.model"]._get_id("res.users")}
        )
        with self.assertRaisesRegex(ValidationError, "Elsewhere"):
            self.silver.exit_action_id = action

    @mute_logger("odoo.addons.loyalty_program.models.loyalty_engine_perks")
    def test_an_action_that_fails_keeps_nobody_from_the_tier(self):
        self.silver.entry_action_id = self.env["ir.actions.server"].create(
            {
                "name": "Fails",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "1 / 0",
            }
        )
        self._buy(50, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)

    # -- by hand -----------------------------------------------------------------------

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
