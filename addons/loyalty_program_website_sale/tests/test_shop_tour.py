from odoo import Command
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestShopTour(ShopCase):
    """A member buys in the shop, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.write(
            {
                "street": "215 Vine St",
                "city": "Scranton",
                "zip": "18503",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_39").id,
                "phone": "+1 555-555-5555",
            }
        )
        # credit that pays for the order: no payment provider is needed
        wallet = cls.env["loyalty.program"].create(
            {
                "name": "Shop Wallet",
                "program_type": "ewallet",
                "trigger": "auto",
                "applies_on": "future",
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )
        cls.credit = cls.env["loyalty.card"].create(
            {"program_id": wallet.id, "partner_id": cls.ann.id, "points": 50}
        )

    def test_a_member_buys(self):
        path, tour = "/shop?search=Shop+Mug", "loyalty_shop_member"
        self.start_tour(path, tour, login="shop_ann", timeout=120)
        self.env.invalidate_all()
        order = self._cart(self.ann)
        self.assertEqual((order.state, order.amount_total), ("sale", 0))
        self.assertEqual(order.pricelist_id, self.gold_prices)
        self.assertEqual(self.credit.points, 34)
        card = self.env["loyalty.card"].search(
            [("program_id", "=", self.club.id), ("partner_id", "=", self.ann.id)]
        )
        self.assertEqual(card.points, 32)
        self.env.cr.flush()
        self._refresh()
        # paid with credit: nothing is earned a second time by the purchase itself
        rows = self.env["lifecycle.transaction"].search(
            [("partner_id", "=", self.ann.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(rows.mapped("amount"), [600])
