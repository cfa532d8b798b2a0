"""A member rises and falls, in a browser, as a salesperson."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from .tier_common import BEFORE, TierCase


@tagged("post_install", "-at_install")
class TestTierTour(TierCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # programmes of a demo company would give points, too
        cls.env["loyalty.program"].search([("id", "!=", cls.club.id)]).active = False
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "product.group_product_pricelist"
        )
        cls._create_pricelist("Ordinary Prices", 0, 100)
        cls.silver.pricelist_id = cls._create_pricelist("Silver Prices", 99, 90)
        cls.bronze.point_multiplier = 1.5
        cls.silver.point_multiplier = 2
        cls.seller = cls.env["res.users"].create(
            {
                "name": "Tier Seller",
                "login": "tier_seller",
                "password": "tier_seller-password",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(
                        cls.env.ref("sales_team.group_sale_salesman_all_leads").ids
                    )
                ],
                "tz": "UTC",
            }
        )
        cls.member = cls._partner("Tour Member", user_id=cls.seller.id)
        cls._order(cls.member, BEFORE, 10)

    @classmethod
    def _create_pricelist(cls, name, sequence, price):
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "sequence": sequence,
                "currency_id": cls.usd.id,
                "company_id": cls.company.id,
                "item_ids": [
                    Command.create({"compute_price": "fixed", "fixed_price": price})
                ],
            }
        )

    def _tour(self, name, path):
        self.start_tour(
            f"/odoo/{path}", f"loyalty_{name}", login="tier_seller", timeout=90
        )
        self.env.invalidate_all()

    def test_manager_makes_a_club(self):
        # Odoo makes a product for each reward
        for name in ("sales_team.group_sale_manager", "product.group_product_manager"):
            self.seller.group_ids |= self.env.ref(name)
        self._start()
        self._tour("setup", "loyalty-members")
        club = self.env["loyalty.program"].search(
            [("name", "=", "Points Club"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(club.tier_ids), 4)
        draft = self.env["loyalty.tier.simulation"].search(
            [("program_id", "=", club.id)]
        )
        self.assertEqual(draft.state, "done")
        # nothing was applied
        self.assertNotEqual(club.tier_ids[2].threshold, 50)

    def _find_orders(self):
        return self.env["sale.order"].search(
            [("partner_id", "=", self.member.id), ("user_id", "=", self.seller.id)],
            order="id desc",
        )

    def test_quotation_to_refund(self):
        self._start()
        self.assertEqual(self._tier(self.member), self.bronze)

        self._tour("confirm", "orders/new")
        order = self._find_orders()[:1]
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 100))
        card = order.coupon_point_ids.coupon_id
        self.assertEqual((card.partner_id, card.points), (self.member, 150))

        # the scheduled action that a confirmation wakes up
        self._refresh()
        self.assertEqual(self._tier(self.member), self.silver)
        self.assertEqual(
            self._moves(self.member)[-1:], [("Bronze", "Silver", "purchase")]
        )
        self._tour("next_quotation", "orders/new")
        following = self._find_orders()[:1]
        self.assertEqual(following.pricelist_id, self.silver.pricelist_id)
        self.assertEqual((following.state, following.amount_untaxed), ("draft", 90))

        invoice = self._invoice_order(order, self.today)
        self._refund(invoice, self.today, 50)
        self._refresh()
        self.assertEqual(self._tier(self.member), self.bronze)
        self.assertEqual(
            self._moves(self.member)[-1:], [("Silver", "Bronze", "refund")]
        )
        self.assertEqual(card.points, 75)
        self._tour("returned", "action-loyalty_program.action_loyalty_ledger")
        self._tour("member", f"contacts/{self.member.id}")
