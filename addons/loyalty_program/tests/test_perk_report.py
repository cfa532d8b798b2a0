from odoo import Command
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

    def test_cashback_stays_with_the_tier_of_then(self):
        wallet = self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "company_id": self.company.id,
                "currency_id": self.usd.id,
                "cashback_percent": 2,
            }
        )
        self.club.cashback_program_id = wallet
        self.gold.cashback_percent = 10
        self._order(self.buyer, "2026-03-02", 600)
        self._start()
        percent, tier = wallet._get_cashback_rate(self.buyer, self.company)
        self.assertEqual((percent, tier), (10, self.gold))
        everybody = wallet._get_cashback_rate(self._partner("New"), self.company)
        self.assertEqual(everybody, (2, self.env["loyalty.tier"]))
        card = wallet._get_member_card(self.buyer)
        card._because("cashback", tier_id=self.gold.id, cashback_percent=10).points += 8
        card._because("cashback", cashback_percent=2).points += 2
        [given] = card.ledger_ids.filtered("tier_id")
        card._because("clawback", source_id=given.id).points -= 3
        self._member()._pin_tier(self.silver, reason="Test")
        rows = self._rows()
        self.assertEqual(rows[self.gold, "cashback"].count, 1)
        self.assertEqual(rows[self.gold, "cashback"].cost, 5)
        self.assertNotIn((self.silver, "cashback"), rows)
        # an eWallet in another currency costs what it is worth in the company's
        wallet.currency_id = self._currency_worth_half()
        self.env.invalidate_all()
        self.assertEqual(self._rows()[self.gold, "cashback"].cost, 2.5)

    def test_points_that_were_taken_back_cost_nothing(self):
        self.gold.point_multiplier = 2
        self._order(self.buyer, "2026-03-02", 600)
        self._start()
        order = self._order(self.buyer, TODAY, 100, state="draft")
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self._rows()[self.gold, "points"].given, 100)
        invoice = self._invoice_order(order, self.today)
        self._refund(invoice, self.today, 40)
        self.env.invalidate_all()
        self.assertEqual(self._rows()[self.gold, "points"].given, 60)

    def test_coupon_of_a_shared_programme_counts_where_it_was_given(self):
        self.club.company_id = False
        self.silver.welcome_program_id = self.env["loyalty.program"].create(
            {
                "name": "Shared Welcome",
                "program_type": "coupons",
                "company_id": False,
                "currency_id": self.usd.id,
            }
        )
        self._forget_requests()  # of a quiet run, for the rules
        self._start()
        self._buy(150)
        rows = self._rows()
        self.assertEqual(rows[self.silver, "coupon"].count, 1)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere = self.env["loyalty.perk.report"].with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(elsewhere.search([("kind", "=", "coupon")]))

    def _currency_worth_half(self):
        return self.env["res.currency"].create(
            {
                "name": "HLF",
                "symbol": "H",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2})],
            }
        )
