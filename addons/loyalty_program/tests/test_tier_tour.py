"""From a quotation to a higher tier and back by a return, as a salesperson."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierTour(TierCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.seller = cls.env["res.users"].create(
            {
                "name": "Tier Seller",
                "login": "tier_tourist",
                "password": "tier_tourist",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            cls.env.ref("sales_team.group_sale_salesman_all_leads").id,
                            cls.env.ref("account.group_account_invoice").id,
                        ]
                    )
                ],
                "tz": "UTC",
            }
        )
        cls.member = cls._partner("Tour Member", user_id=cls.seller.id)
        cls._order(cls.member, "2026-03-02", 150, user_id=cls.seller.id)
        cls.silver.point_multiplier = 2
        cls.prices = cls.env["product.pricelist"].create(
            {"name": "Gold Prices", "currency_id": cls.usd.id, "company_id": False}
        )
        cls.gold.pricelist_id = cls.prices

    def _tour(self, name, path):
        self.start_tour(
            f"/odoo/{path}", f"loyalty_tier_{name}", login="tier_tourist", timeout=90
        )

    def _card_points(self):
        cards = self.env["loyalty.card"].search(
            [("program_id", "=", self.club.id), ("partner_id", "=", self.member.id)]
        )
        return sum(cards.mapped("points"))

    def test_up_by_an_order_and_down_by_its_return(self):
        self._start()
        self.assertEqual(self._tier(self.member), self.silver)
        order = self._order(
            self.member, TODAY, 400, state="draft", user_id=self.seller.id
        )
        order._update_programs_and_rewards()
        self.assertEqual(order.coupon_point_ids.points, 800)
        self._tour("confirm", f"orders/{order.id}")
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._card_points(), 800)
        self._refresh()
        self.assertEqual(self._tier(self.member), self.gold)

        self._tour("next_quotation", "sales")
        quotation = self.env["sale.order"].search(
            [("partner_id", "=", self.member.id)], order="id desc", limit=1
        )
        self.assertEqual(quotation.pricelist_id, self.prices)

        invoice = self._invoice_order(order, TODAY)
        self._refund(invoice, TODAY)
        self._refresh()
        self.assertEqual(self._tier(self.member), self.silver)
        self.assertEqual(self._card_points(), 0)
        self._tour("after_return", "loyalty-members")
