from datetime import timedelta

from odoo.tests import tagged

from .cart_common import NOON, CartCase


@tagged("post_install", "-at_install")
class TestCartEntry(CartCase):
    """Who enters by a cart, when, and how often."""

    def test_once_when_it_was_left(self):
        play = self._started()
        cart = self._cart(self.buyer)
        self._hours(9.9)
        self.assertFalse(self._ways(play))
        self._hours(10.1)
        [way] = self._ways(play)
        self.assertEqual(
            (way.partner_id, way.source, way.cart_id), (self.buyer, "cart", cart)
        )
        self.assertEqual(len(self._play_mails(self.buyer)), 1)
        self.assertTrue(cart.cart_recovery_email_sent)
        for hours in (10.2, 34, 24 * 40):
            self._hours(hours)
        self.assertEqual(self._ways(play), way)
        self.assertEqual(len(self._play_mails(self.buyer)), 1)

    def test_again_for_another_cart_when_its_time_has_come(self):
        play = self._started(reentry=True, cooldown_days=30)
        self._cart(self.buyer)
        self._hours(11)
        self._cart(self.buyer, NOON + timedelta(days=10))
        self._hours(24 * 10 + 11)
        self.assertEqual(len(self._ways(play)), 1)
        later = self._cart(self.buyer, NOON + timedelta(days=40))
        self._hours(24 * 40 + 11)
        self.assertEqual(self._ways(play)[-1].cart_id, later)
        self.assertEqual(len(self._ways(play)), 2)

    def test_not_what_was_left_before_it_started(self):
        before = self._cart(self.buyer, NOON - timedelta(hours=11))
        other = self._customer("Other")
        after = self._cart(other, NOON - timedelta(hours=9))
        play = self._started()
        self._hours(2)
        self.assertEqual(self._ways(play).cart_id, after)
        self.assertFalse(before.cart_recovery_email_sent)

    def test_not_what_was_left_while_it_was_paused(self):
        play = self._started()
        self._cart(self.buyer)
        play.action_pause()
        with self.at(NOON + timedelta(hours=12)):
            play._start()
        self._hours(13)
        self.assertFalse(self._ways(play))

    def test_the_delay_of_each_website(self):
        soon = self._shop(self.company, cart_abandoned_delay=1)
        # as Odoo reads it: one hour
        none = self._shop(self.company, cart_abandoned_delay=0)
        play = self._started()
        people = [self._customer(f"Customer {number}") for number in range(3)]
        for partner, shop in zip(people, (self.shop, soon, none), strict=True):
            self._cart(partner, shop=shop)
        self._hours(1.1)
        self.assertEqual(self._ways(play).partner_id, people[1] | people[2])
        self._hours(10.1)
        self.assertEqual(len(self._ways(play)), 3)

    def test_carts_of_nobody_and_carts_that_are_none(self):
        play = self._started()
        visitor = self.shop.user_id.partner_id
        visitor.email = "visitor@example.com"
        self._cart(visitor)
        self._cart(self._partner("No Address"))
        self._cart(self._customer("Nothing to Pay"), amount=0)
        self._cart(self._customer("Bought")).action_confirm()
        self._cart(self._customer("Sent")).state = "sent"
        self._cart(self._customer("Empty")).order_line.unlink()
        gone = self._customer("Archived")
        self._cart(gone)
        gone.active = False
        # a quotation of a salesperson is no cart
        self._order(self._customer("Quoted"), NOON, 100, state="draft")
        self._hours(11)
        self.assertFalse(self._ways(play).partner_id.mapped("name"))

    def test_not_after_a_later_order(self):
        play = self._started()
        self._cart(self.buyer)
        order = self._cart(self.buyer, NOON + timedelta(hours=5))
        order.action_confirm()
        self._hours(11)
        self.assertFalse(self._ways(play))

    def test_only_whom_the_play_is_meant_for(self):
        play = self._started(audience_domain="[('order_count', '>', 0)]")
        known = self._customer("Known")
        self._order(known, "2026-05-01", 10)
        self._recompute()
        carts = self._cart(known) | self._cart(self.buyer)
        self._let_odoo_write()
        self._hours(11)
        self.assertEqual(self._ways(play).partner_id, known)
        # who did not enter gets Odoo's own mail, who did does not
        self.assertEqual(self._odoo_mails(carts).mapped("res_id"), carts[1].ids)

    def test_of_the_company_of_the_play(self):
        other_company = self._create_company("Other Company")
        other_shop = self._shop(other_company)
        play = self._started()
        theirs = self._cart(self.buyer, shop=other_shop)
        self._hours(11)
        self.assertFalse(self._ways(play))
        self.assertFalse(theirs.cart_recovery_email_sent)
        mine = self._cart(self.buyer, NOON + timedelta(hours=11))
        self._hours(22)
        self.assertEqual(self._ways(play).cart_id, mine)
        self.assertFalse(theirs.cart_recovery_email_sent)

    def test_as_many_queries_for_many(self):
        def count(number):
            play = self._started()
            for index in range(number):
                self._cart(self._customer(f"Many {play.id} {index}"))
            self.env.flush_all()
            with self.at(NOON + timedelta(hours=11)):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertEqual(play._enter_by_cart(), number)
                self.env.flush_all()
                asked = self.env.cr.sql_log_count - before
            play.action_end()
            return asked

        count(1)  # what is kept in memory
        self.assertLessEqual(count(30), count(2) + 2)

    def test_by_hand(self):
        """Whoever is put in hears of the cart, or of nothing."""
        play = self._started()
        cart = self._cart(self.buyer, NOON - timedelta(hours=30))
        without = self._customer("Without")
        self._enroll(play, self.buyer | without)
        self.assertEqual(self._ways(play, self.buyer).cart_id, cart)
        self._hours(0)
        self.assertEqual(len(self._play_mails(self.buyer)), 1)
        way = self._ways(play, without)
        self.assertEqual((way.state, way.stop_reason), ("stopped", "cart"))
        self.assertFalse(self._play_mails(without))

    def test_dry_run(self):
        old = self._customer("Old")
        old_cart = self._cart(old, NOON - timedelta(days=20))
        self._cart(self.buyer, NOON - timedelta(hours=12))
        play = self._cart_play()
        dry_run = self.env["lifecycle.play.dry.run"].browse(
            play.action_dry_run()["res_id"]
        )
        self.assertEqual(dry_run.line_ids.partner_id, self.buyer)
        self.assertEqual((dry_run.entering_count, dry_run.standing_count), (1, 2))
        [message] = dry_run.message_ids
        self.assertIn("Your cart is still here", message.subject)
        self.assertIn(self.product.name, message.body)
        # nobody entered, nothing is taken from Odoo
        self.assertFalse(self._ways(play))
        self.assertFalse(old_cart.cart_recovery_email_sent)

    def test_what_is_said_before_it_starts(self):
        play = self._cart_play()
        self.assertFalse(play._find_problems())
        warnings = "\n".join(play._get_start_warnings())
        self.assertNotIn(self.shop.name, warnings)
        self.assertNotIn("matches everybody", warnings)
        self.shop.send_abandoned_cart_email = True
        self.assertIn(self.shop.name, "\n".join(play._get_start_warnings()))
        bare = self._create_company("No Website")
        self.env.user.company_ids |= bare
        play = play.copy({"company_id": bare.id})
        self.assertIn("No Website has no website", "".join(play._get_start_warnings()))

    def test_shipped_for_every_company(self):
        shipped = self.env.ref("lifecycle_play_website_sale.play_cart").sudo()
        self.assertEqual((shipped.state, shipped.entry_kind), ("paused", "cart"))
        self.assertEqual(shipped.control_share, 0.1)
        self.assertFalse(shipped.enrollment_ids)
        company = self._create_company("Later Company")
        self.env.user.company_ids |= company
        own = self.env["lifecycle.play"].search(
            [("company_id", "=", company.id), ("entry_kind", "=", "cart")]
        )
        self.assertEqual((len(own), own.state), (1, "paused"))
        self.assertEqual(own.step_ids.mapped("kind"), ["mail", "activity"])
        self.assertFalse(own.with_company(company)._find_problems())

    def test_a_cart_is_no_purchase(self):
        cart = self._cart(self.buyer)
        self._recompute()
        rows = self.env["lifecycle.transaction"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assertFalse(rows)
        self.assertFalse(self._profile(self.buyer).order_count)
        cart.action_confirm()
        self._invoice_order(cart, self.today)
        self._refresh()
        rows = self.env["lifecycle.transaction"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assertEqual(rows.mapped("amount"), [200])
        self.assertEqual(self._profile(self.buyer).order_count, 1)
        self.assertEqual(self._profile(self.buyer).revenue_total, 200)

    def test_the_addon_goes(self):
        play = self._started()
        self._cart(self.buyer)
        self._hours(11)
        way = self._ways(play)
        kind, source = play._fields["entry_kind"], way._fields["source"]
        kind.ondelete["cart"](play)
        source.ondelete["cart"](way)
        self.assertEqual((play.entry_kind, play.state), ("hand", "paused"))
        self.assertEqual(way.source, "hand")
        self.assertTrue(way.exists())
