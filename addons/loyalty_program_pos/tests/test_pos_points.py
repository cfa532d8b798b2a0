from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .common import PosTierCase


@tagged("post_install", "-at_install")
class TestPosPoints(PosTierCase):
    def test_booked_as_on_the_screen(self):
        self._make_gold()
        self.assertEqual(self._tier(), self.gold)
        order = self._sell(self.buyer, TODAY, 50)
        told = self._book(order, 100, multiplier=2)
        self.assertEqual(self._card().points, 100)
        self.assertEqual(told["coupon_updates"][0]["points"], 100)
        self.assertEqual(self._ledger(), [("earn", 100)])

    def test_a_wrong_multiplier_is_put_right(self):
        """The answer says so: the screen shows the balance that it gets."""
        self._make_gold()
        order = self._sell(self.buyer, TODAY, 50)
        told = self._book(order, 250, multiplier=5)
        self.assertEqual(told["coupon_updates"][0]["points"], 100)
        # a screen that knows nothing of tiers
        order = self._sell(self.buyer, TODAY, 50)
        self._book(order, 50)
        self.assertEqual(self._card().points, 200)

    def test_who_is_no_member_gets_what_everybody_gets(self):
        other = self._partner("Other")
        self._make_gold()
        order = self._sell(other, TODAY, 50)
        self._book(order, 100, multiplier=2)
        self.assertEqual(self._card(other).points, 50)

    def test_a_promise_made_offline_holds(self):
        """The tier that the customer had when the order was made."""
        self._make_gold()
        order = self._sell(self.buyer, TODAY, 50)
        first = self.env["pos.order"].search(
            [("partner_id", "=", self.buyer.id)], order="date_order", limit=1
        )
        self._take_back(first, TODAY)
        self._refresh()
        self.assertNotEqual(self._tier(), self.gold)
        self._book(order, 100, multiplier=2)
        self.assertEqual(self._card().points, 100)
        # an order of later days is not of that tier
        later = self._sell(self.buyer, "2026-08-01", 50)
        self._book(later, 100, multiplier=2)
        self.assertEqual(self._card().points, 150)

    def test_spent_points_are_not_multiplied(self):
        self._make_gold()
        self._book(self._sell(self.buyer, TODAY, 200), 400, multiplier=2)
        order = self._sell(
            self.buyer,
            TODAY,
            90,
            lines=[
                {"price_unit": 100},
                {
                    "price_unit": -10,
                    "is_reward_line": True,
                    "reward_id": self.club.reward_ids.id,
                    "reward_identifier_code": "abc",
                    "points_cost": 200,
                    "coupon_id": self._card().id,
                },
            ],
        )
        # on a screen that knows nothing of tiers: 90 won, 200 spent
        self._book(order, 90, cost=200, code="abc")
        self.assertEqual(self._card().points, 400 + 180 - 200)
        self.assertEqual(self._ledger()[1:], [("redeem", -200), ("earn", 180)])

    def test_returns_take_points_back(self):
        self._make_gold()
        order = self._sell(self.buyer, TODAY, 100, lines=[{"qty": 4, "price_unit": 25}])
        self._book(order, 200, multiplier=2)
        self._take_back(order, TODAY, quantity=1)
        self.assertEqual(self._card().points, 150)
        self._take_back(order, TODAY)
        self.assertEqual(self._card().points, 0)
        self.assertEqual(
            self._ledger(), [("earn", 200), ("clawback", -50), ("clawback", -150)]
        )

    def test_a_return_gives_spent_points_back(self):
        self._make_gold()
        self._book(self._sell(self.buyer, TODAY, 200), 400, multiplier=2)
        order = self._sell(
            self.buyer,
            TODAY,
            90,
            lines=[
                {"price_unit": 100},
                {
                    "price_unit": -10,
                    "is_reward_line": True,
                    "reward_id": self.club.reward_ids.id,
                    "reward_identifier_code": "abc",
                    "points_cost": 200,
                    "coupon_id": self._card().id,
                },
            ],
        )
        self._book(order, 180, cost=200, multiplier=2, code="abc")
        self.assertEqual(self._card().points, 380)
        self._take_back(order, TODAY)
        self.assertEqual(self._card().points, 400)

    def test_points_already_spent_are_missing_and_said(self):
        self._make_gold()
        order = self._sell(self.buyer, TODAY, 100)
        self._book(order, 200, multiplier=2)
        self._card().points = 30
        self._take_back(order, TODAY)
        self.assertEqual(self._card().points, 0)
        entry = self.env["loyalty.ledger"].search(
            [("card_id", "=", self._card().id)], order="id desc", limit=1
        )
        self.assertEqual(entry.shortfall, 170)

    def test_tier_follows_the_order_and_the_return(self):
        self._start()
        order = self._sell(self.buyer, TODAY, 500)
        self._refresh()
        self.assertEqual(self._tier(), self.gold)
        self._take_back(order, TODAY)
        self._refresh()
        self.assertNotEqual(self._tier(), self.gold)

    def test_counts_for_each_event_of_a_club(self):
        """Confirmed, invoiced or paid: a paid order in a shop is all of them."""
        for event in ("confirmed", "invoiced", "paid"):
            self.club.tier_event = event
            buyer = self._partner(event)
            order = self._sell(buyer, "2026-03-02", 600)
            order.with_context(generate_pdf=False)._generate_pos_order_invoice()
            self._recompute()
            self.assertEqual(self._member(buyer).amount, 600, event)
