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
        transfer = cls.env.ref("payment.payment_provider_transfer")
        provider = transfer.copy({"company_id": cls.company.id})
        provider.write({"state": "enabled", "is_published": True})
        provider._transfer_ensure_pending_msg_is_set()

    def test_a_member_buys(self):
        self.start_tour("/shop?search=Shop+Mug", "loyalty_shop_member", login="shop_ann")
        self.env.invalidate_all()
        order = self._cart(self.ann)
        self.assertEqual((order.state, order.amount_untaxed), ("sent", 16))
        # the transfer has come in
        order.action_confirm()
        card = self.env["loyalty.card"].search(
            [("program_id", "=", self.club.id), ("partner_id", "=", self.ann.id)]
        )
        self.assertEqual(card.points, 32)
        self.env.cr.flush()
        self._refresh()
        self.assertEqual(self._profile(self.ann).order_count, 2)
        self.assertEqual(self._profile(self.ann).revenue_total, 616)
