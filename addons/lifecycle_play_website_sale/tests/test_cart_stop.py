from datetime import timedelta

from odoo.tests import tagged

from .cart_common import NOON, CartCase


@tagged("post_install", "-at_install")
class TestCartStop(CartCase):
    """The play ends when the cart waits no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a customer without the cart, too
        cls._order(cls.buyer, "2026-05-01", 10)
        cls.play = cls._cart_play()
        cls.play.step_ids.write({"delay_value": 2, "delay_kind": "days"})
        cls.play._start()
        cls.cart = cls._cart(cls.buyer)

    def _after(self, change):
        """What becomes of the way when something happens to the cart meanwhile."""
        self._hours(11)
        way = self._ways(self.play)
        self.assertEqual(way.state, "running")
        with self.at(NOON + timedelta(hours=20)):
            change()
            self.env.cr.flush()
            self._refresh()
        self._hours(24 * 4)
        return way

    def _assert_stopped(self, change, reason):
        way = self._after(change)
        self.assertEqual((way.state, way.stop_reason), ("stopped", reason))
        self.assertFalse(self._play_mails(self.buyer))

    def test_nothing_happens(self):
        way = self._after(lambda: None)
        self.assertEqual(way.state, "done")
        self.assertEqual(len(self._play_mails(self.buyer)), 1)

    def test_bought(self):
        self._assert_stopped(self.cart.action_confirm, "purchase")

    def test_bought_where_purchases_do_not_stop(self):
        self.play.stop_on_purchase = False
        self._assert_stopped(self.cart.action_confirm, "purchase")

    def test_bought_elsewhere(self):
        self._assert_stopped(
            lambda: self._order(self.buyer, NOON + timedelta(hours=20), 50), "purchase"
        )

    def test_emptied(self):
        self._assert_stopped(self.cart.order_line.unlink, "cart")

    def test_cancelled(self):
        self._assert_stopped(self.cart._action_cancel, "cart")

    def test_deleted(self):
        def delete():
            self.cart._action_cancel()
            self.cart.unlink()

        self._assert_stopped(delete, "cart")

    def test_waits_for_a_payment(self):
        def pay():
            self.cart.state = "sent"

        self._assert_stopped(pay, "cart")

    def test_payment_under_way(self):
        provider = self.env["payment.provider"].create(
            {"name": "Test Provider", "company_id": self.company.id}
        )

        def pay():
            self.env["payment.transaction"].create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref(
                        "payment.payment_method_unknown"
                    ).id,
                    "amount": 200,
                    "currency_id": self.cart.currency_id.id,
                    "partner_id": self.buyer.id,
                    "sale_order_ids": [(6, 0, self.cart.ids)],
                    "state": "pending",
                }
            )

        self._assert_stopped(pay, "cart")
