from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestPerkReport(TierCase):
    """What tiers gave, by the tier of then, and what it cost."""

    def _rows(self):
        self.env.flush_all()
        rows = self.env["loyalty.perk.report"].search([])
        return {(row.tier_id, row.kind): row for row in rows}

    def test_what_was_given_and_what_it_cost(self):
        self.club.reward_ids.write(
            {
                "discount_mode": "per_order",
                "discount": 5,
                "required_points": 100,
                "min_tier_id": self.gold.id,
            }
        )
        self.product.with_company(self.company).standard_price = 30
        self.product.list_price = 110
        self.gold.point_multiplier = 2
        self._order(self.buyer, "2026-03-02", 600)
        self._start()
        self.gold.pricelist_id = self._pricelist(self.usd)
        order = self._order(self.buyer, TODAY, 100, state="draft")
        order._update_programs_and_rewards()
        [coupon] = order._get_claimable_rewards()
        order._apply_program_reward(self.club.reward_ids, coupon)
        order.action_confirm()
        rows = self._rows()
        sales = rows[self.gold, "sales"]
        self.assertEqual((sales.count, sales.sales, sales.margin), (1, 95, 65))
        self.assertEqual(str(sales.month), "2026-06-01")
        self.assertEqual(rows[self.gold, "reward"].cost, 5)
        self.assertEqual(rows[self.gold, "price"].given, 10)
        points = rows[self.gold, "points"]
        self.assertEqual(points.given, 100)
        self.assertAlmostEqual(points.cost, 5)
        self.assertNotIn((self.silver, "sales"), rows)
        # it stays with the tier of then
        self._member()._pin_tier(self.bronze, reason="Test")
        self.assertIn((self.gold, "sales"), self._rows())
        self.assertNotIn((self.bronze, "sales"), self._rows())
