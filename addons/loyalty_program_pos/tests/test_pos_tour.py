from odoo import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.common import archive_products
from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon


@tagged("post_install", "-at_install")
class TestPosTour(TestPointOfSaleHttpCommon):
    """A cashier serves a member in the real screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        archive_products(cls.env)
        env = cls.env
        env["loyalty.program"].search([]).active = False
        env.user.group_ids += env.ref("sales_team.group_sale_manager")
        # a pricelist for everybody would go before those of the tiers
        env["ir.default"].search(
            [("field_id.name", "=", "specific_property_product_pricelist")]
        ).unlink()
        # as the setting "Pricelists" does
        env.ref("base.group_user").implied_ids += env.ref(
            "product.group_product_pricelist"
        )
        cls.company_of_shop = cls.main_pos_config.company_id
        cls.mug = env["product.product"].create(
            {
                "name": "Tour Mug",
                "type": "service",
                "list_price": 10,
                "available_in_pos": True,
                "taxes_id": False,
            }
        )
        lists = env["product.pricelist"].create(
            [
                {
                    "name": name,
                    "item_ids": [
                        Command.create(
                            {
                                "compute_price": "percentage",
                                "percent_price": percent,
                                "applied_on": "3_global",
                            }
                        )
                    ],
                }
                for name, percent in (
                    ("Shop Prices", 0),
                    ("Gold Prices", 20),
                    ("Elsewhere Prices", 50),
                )
            ]
        )
        shop_prices, gold_prices, elsewhere = lists
        cls.main_pos_config.write(
            {
                "use_pricelist": True,
                "pricelist_id": shop_prices.id,
                "available_pricelist_ids": [
                    Command.set((shop_prices | gold_prices).ids)
                ],
            }
        )
        cls.club = env["loyalty.program"].create(
            {
                "name": "Tour Club",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "portal_visible": True,
                "portal_point_name": "Stars",
                "company_id": cls.company_of_shop.id,
                "currency_id": cls.main_pos_config.currency_id.id,
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {"reward_point_mode": "money", "reward_point_amount": 1}
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create({"required_points": 1000, "discount": 5}),
                ],
                "tier_ids": [
                    Command.create({"name": "Bronze", "threshold": 0, "color": 2}),
                    Command.create(
                        {
                            "name": "Gold",
                            "threshold": 500,
                            "color": 3,
                            "point_multiplier": 2,
                            "pricelist_id": gold_prices.id,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Black",
                            "threshold": 5000,
                            "color": 1,
                            "point_multiplier": 3,
                            "pricelist_id": elsewhere.id,
                        }
                    ),
                ],
            }
        )
        cls.anna, cls.ben, cls.cleo = env["res.partner"].create(
            [{"name": f"Tour {name}"} for name in ("Anna", "Ben", "Cleo")]
        )
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": cls.company_of_shop.id,
                    "order_line": [
                        Command.create({"product_id": cls.mug.id, "price_unit": amount})
                    ],
                }
                for partner, amount in ((cls.anna, 600), (cls.cleo, 6000))
            ]
        )
        orders.action_confirm()
        run = env["lifecycle.run"]._request(cls.company_of_shop, "manual")
        env["lifecycle.engine"]._recompute_company(cls.company_of_shop, run)

    def test_a_cashier_serves_members(self):
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("loyalty_program_pos_cashier")
        card = self.env["loyalty.card"].search(
            [("program_id", "=", self.club.id), ("partner_id", "=", self.anna.id)]
        )
        # the sales order gave 600; two mugs at 8 each, doubled, as the screen said
        self.assertEqual(card.points, 632)
        order = self.env["pos.order"].search([("partner_id", "=", self.anna.id)])
        self.assertEqual(order.pricelist_id.name, "Gold Prices")
        entry = self.env["loyalty.ledger"].search(
            [("card_id", "=", card.id), ("res_model", "=", "pos.order")]
        )
        self.assertEqual((entry.kind, entry.points), ("earn", 32))
        self.assertEqual(entry.res_id, order.id)
        self.env.flush_all()
        rows = self.env["lifecycle.transaction"].search(
            [("partner_id", "=", self.anna.id), ("source", "=", "pos_order")]
        )
        self.assertEqual(rows.mapped("amount"), [16])
