from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .perk_common import PerkCase


@tagged("post_install", "-at_install")
class TestTierPerks(PerkCase):
    """Perks work by themselves, for members of the tier and for nobody else."""

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

    def test_a_confirmation_asks_once_for_tiers(self):
        def confirm():
            order = self._quote(self.buyer)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        confirm()  # what is kept in memory is read
        with_tiers = confirm()
        self.club.tier_ids.active = False
        self.env.flush_all()
        confirm()
        self.assertLessEqual(with_tiers, confirm() + 3)
