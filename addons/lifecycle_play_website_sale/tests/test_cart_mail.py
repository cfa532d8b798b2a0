from datetime import timedelta

from odoo.tests import tagged

from .cart_common import NOON, CartCase


@tagged("post_install", "-at_install")
class TestCartMail(CartCase):
    """A customer hears of a cart from one side only, and through the gate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_odoo_write()

    def test_odoo_alone_as_ever(self):
        """Without a running play nothing changes."""
        self._cart_play()
        cart = self._cart(self.buyer)
        self._hours(11)
        self.assertEqual(len(self._odoo_mails(cart)), 1)

    def test_the_play_alone(self):
        self._started()
        cart = self._cart(self.buyer)
        self._hours(11)
        self._hours(30)
        self.assertEqual(len(self._play_mails(self.buyer)), 1)
        self.assertFalse(self._odoo_mails(cart))

    def test_the_play_is_asked_first(self):
        """Also where Odoo's own scheduled action is the first to see the cart."""
        play = self._started()
        cart = self._cart(self.buyer)
        with self.at(NOON + timedelta(hours=11)):
            self.env["website"]._send_abandoned_cart_email()
        self.assertEqual(self._ways(play).cart_id, cart)
        self.assertFalse(self._odoo_mails(cart))
        self._hours(11.1)
        self.assertEqual(len(self._play_mails(self.buyer)), 1)

    def test_odoo_wrote_before(self):
        cart = self._cart(self.buyer)
        with self.at(NOON + timedelta(hours=11)):
            self.env["website"]._send_abandoned_cart_email()
        self.assertEqual(len(self._odoo_mails(cart)), 1)
        play = self._cart_play()
        with self.at(NOON + timedelta(hours=9)):
            play._start()
        self._hours(12)
        self.assertFalse(self._ways(play))

    def test_a_play_that_broke_does_not_keep_odoo_from_writing(self):
        play = self._started()
        self.env.cr.execute(
            "UPDATE lifecycle_play SET audience_domain = %s WHERE id = %s",
            ["[('nothing_of_the_kind', '=', 1)]", play.id],
        )
        play.invalidate_recordset()
        cart = self._cart(self.buyer)
        with (
            self.at(NOON + timedelta(hours=11)),
            self.assertLogs("odoo.addons.lifecycle_play_website_sale", "ERROR"),
        ):
            self.env["website"]._send_abandoned_cart_email()
        self.assertEqual(len(self._odoo_mails(cart)), 1)
        self.assertEqual(play.state, "paused")
        self.assertTrue(play.error)

    def test_who_is_held_out_hears_nothing(self):
        play = self._started(control_share=0.5)
        people = [self._customer(f"Customer {number}") for number in range(16)]
        carts = self.env["sale.order"].union(*(self._cart(p) for p in people))
        self._hours(11)
        ways = self._ways(play)
        self.assertEqual(len(ways), 16)
        held = ways.filtered(lambda way: way.arm == "control")
        self.assertTrue(0 < len(held) < 16)
        for way in ways:
            mails = self._play_mails(way.partner_id)
            self.assertEqual(len(mails), 0 if way in held else 1)
        self.assertFalse(self._odoo_mails(carts))

    def test_a_second_cart_meanwhile(self):
        self._started(reentry=True, cooldown_days=30)
        self._cart(self.buyer)
        self._hours(11)
        second = self._cart(self.buyer, NOON + timedelta(hours=12))
        self._hours(24)
        self.assertFalse(self._odoo_mails(second))
        self.assertEqual(len(self._play_mails(self.buyer)), 1)
        # a month later it is news again
        third = self._cart(self.buyer, NOON + timedelta(days=20))
        self._hours(24 * 20 + 11)
        self.assertEqual(len(self._odoo_mails(third)), 1)

    def test_to_who_filled_the_cart(self):
        """The message goes to the contact of a company, and carries the way back."""
        company = self._partner("Buying Company", is_company=True)
        contact = self._customer("Contact", parent_id=company.id)
        play = self._started()
        cart = self._cart(contact)
        self._hours(11)
        way = self._ways(play)
        self.assertEqual((way.partner_id, way.cart_id), (company, cart))
        [mail] = self._play_mails(contact)
        self.assertFalse(self._mails(company))
        self.assertEqual(mail.state, "outgoing")
        self.assertIn(f"/shop/cart?id={cart.id}&amp;access_token=", mail.body_html)
        self.assertIn(cart.access_token, mail.body_html)
        self.assertIn(self.product.name, mail.body_html)
        self.assertEqual(way.execution_ids.state, "done")

    def test_the_gate_holds(self):
        """Of the contact, too; and then Odoo does not write in its place."""
        company = self._partner("Buying Company", is_company=True)
        contact = self._customer("Contact", parent_id=company.id)
        self.env["mail.blacklist"]._add(contact.email)
        # who buys for the company is blacklisted, the company itself is not
        play = self._started(stop_on_opt_out=False)
        cart = self._cart(contact)
        self._hours(11)
        mails = self._play_mails(contact)
        self.assertFalse(mails.filtered(lambda mail: mail.state != "cancel"))
        self.assertFalse(self._odoo_mails(cart))
        done = self._ways(play).execution_ids
        self.assertEqual((done.state, done.reason), ("skipped", "blacklisted"))

    def test_a_colleague_writes(self):
        """By Odoo's button: the play does not come after it."""
        play = self._cart_play()
        play.step_ids.write({"delay_value": 2, "delay_kind": "days"})
        play._start()
        cart = self._cart(self.buyer)
        self._hours(11)
        action = cart.action_recovery_email_send()
        composer = (
            self.env["mail.compose.message"]
            .with_context(**action["context"], active_ids=cart.ids)
            .create({})
        )
        composer._action_send_mail()
        way = self._ways(play)
        self.assertEqual((way.state, way.stop_reason), ("stopped", "cart"))
        self._hours(24 * 4)
        self.assertFalse(self._play_mails(self.buyer))

    def test_an_automation_writes(self):
        play = self._cart_play()
        play.step_ids.write({"delay_value": 2, "delay_kind": "days"})
        play._start()
        cart = self._cart(self.buyer)
        self._hours(11)
        cart._cart_recovery_email_send()
        self.assertEqual(self._ways(play).stop_reason, "cart")
