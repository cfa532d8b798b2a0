from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierMeasures(TierCase):
    """What is counted, and over which days."""

    def test_orders(self):
        self.club.tier_measure = "orders"
        self.club.tier_ids = [(2, self.platinum.id)]
        self.silver.threshold, self.gold.threshold = 2, 3
        self._start()
        self._buy(1)
        self.assertEqual(self._tier(), self.bronze)
        order = self._buy(1)
        self.assertEqual(self._tier(), self.silver)
        self._refund(self._invoice_order(order, TODAY), TODAY)
        self._refresh()
        self.assertEqual(self._tier(), self.bronze)

    def test_points_earned(self):
        self.club.tier_measure = "points"
        self._start()
        order = self._order(self.buyer, TODAY, 99.99, state="draft")
        order._update_programs_and_rewards()
        order.action_confirm()
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.bronze, 99.99))
        order = self._order(self.buyer, TODAY, 0.01, state="draft")
        order._update_programs_and_rewards()
        order.action_confirm()
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.silver, 100))
        # spending points takes no tier
        card = order.coupon_point_ids.coupon_id
        card.points -= 60
        self._refresh()
        self.assertEqual(self._tier(), self.silver)
        order._action_cancel()
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.bronze, 99.99))

    def test_margin(self):
        self.club.tier_measure = "margin"
        self.product.with_company(self.company).standard_price = 40
        self._start()
        order = self._buy(139.99)
        if "purchase_price" in order.order_line:
            self.assertEqual(order.order_line.purchase_price, 40)
        self.assertEqual((self._tier(), self._member().amount), (self.bronze, 99.99))
        order = self._buy(40.01)
        self.assertEqual((self._tier(), self._member().amount), (self.silver, 100))
        invoice = self._invoice_order(order, TODAY)
        self._refund(invoice, TODAY)
        self._refresh()
        self.assertEqual(self._member().amount, 99.99)

    def test_calendar_year_and_the_rest_of_the_next(self):
        self.club.tier_period = "calendar"
        self._order(self.buyer, "2025-12-31", 500)
        self._order(self.buyer, "2026-01-01", 100)
        self._start()
        member = self._member()
        self.assertEqual(member.tier_id, self.gold)
        self.assertEqual(str(member.since), "2025-12-31")
        self.assertEqual(str(member.valid_until), "2026-12-31")
        self.assertEqual((member.amount, member.keep_missing), (100, 400))
        self._night("2027-01-01")
        self.assertEqual(self._tier(), self.silver)

    def test_year_of_membership(self):
        self.club.tier_period = "anniversary"
        self._order(self.buyer, "2024-02-29", 500)
        self._order(self.buyer, "2026-02-28", 90)
        self._order(self.buyer, "2026-06-01", 10)
        self._start()
        member = self._member()
        self.assertEqual(str(member.joined_date), "2024-02-29")
        self.assertEqual((member.tier_id, member.amount), (self.silver, 100))
        self.assertEqual(str(member.valid_until), "2028-02-28")

    def test_lifetime_has_no_end(self):
        self.club.tier_period = "lifetime"
        self._order(self.buyer, "2015-01-01", 500)
        self._start()
        self.assertEqual(self._tier(), self.gold)
        self.assertFalse(self._member().valid_until)
        self._night("2036-01-01")
        self.assertEqual(self._tier(), self.gold)
