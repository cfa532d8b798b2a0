from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY
from odoo.addons.loyalty_program.tests.tier_common import TierCase


@tagged("post_install", "-at_install")
class TestFreeDelivery(TierCase):
    def test_delivery_costs_members_of_the_tier_nothing(self):
        other = self._partner("Other")
        self._order(self.buyer, "2026-03-02", 600)
        self._order(other, "2026-03-02", 5)
        self._start()
        product = self.env["product.product"].create(
            {"name": "Delivery", "type": "service", "list_price": 7}
        )
        carrier = self.env["delivery.carrier"].create(
            {"name": "Post", "product_id": product.id, "fixed_price": 7}
        )
        self.gold.free_delivery = True
        for partner, price in ((self.buyer, 0), (other, 7)):
            order = self._order(partner, TODAY, 10, state="draft")
            order.set_delivery_line(carrier, 7)
            line = order.order_line.filtered("is_delivery")
            self.assertEqual(line.price_unit, price)
            self.assertEqual("Gold" in line.name, not price)

    def test_the_report_says_what_it_cost(self):
        self._order(self.buyer, "2026-03-02", 600)
        self._start()
        product = self.env["product.product"].create(
            {"name": "Delivery", "type": "service", "list_price": 7}
        )
        carrier = self.env["delivery.carrier"].create(
            {"name": "Post", "product_id": product.id, "fixed_price": 7}
        )
        self.gold.free_delivery = True
        order = self._order(self.buyer, TODAY, 10, state="draft")
        order.set_delivery_line(carrier, 7)
        report = self.env["loyalty.perk.report"]
        order.action_confirm()
        self.env.flush_all()
        [row] = report.search([("kind", "=", "delivery")])
        self.assertEqual((row.tier_id, row.count, row.cost), (self.gold, 1, 7))
        order._action_cancel()
        self.env.flush_all()
        self.assertFalse(report.search([("kind", "=", "delivery")]))
