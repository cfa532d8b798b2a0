from odoo.http import Request
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestShopPrices(ShopCase):
    """Who pays what, in real requests."""

    def test_members_and_others(self):
        self.assertEqual(self._price(), 10)  # a visitor
        for partner, price in ((self.ann, 8), (self.bob, 10)):
            self._log_in(partner)
            self.assertEqual(self._price(), price)
            page = self._page(self.mug.product_tmpl_id.website_url)
            self.assertIn(f'oe_currency_value">{price:.2f}<', page)
            self._add()
            cart = self._cart(partner)
            self.assertEqual(cart.amount_untaxed, price)
            expected = self.gold_prices if price == 8 else self.shop_prices
            self.assertEqual(cart.pricelist_id, expected)

    def test_a_contact_of_a_company(self):
        contact = self._member_with_login("Cleo")
        contact.parent_id = self.ann
        self._log_in(contact)
        self.assertEqual(self._price(), 8)

    def test_a_visitor_who_logs_in_with_a_cart(self):
        self.authenticate(None, None)
        self._add(2)
        visit = self.env["sale.order"].search([("website_id", "=", self.shop.id)])
        self.assertEqual(visit.amount_untaxed, 20)
        self.url_open(
            "/web/login",
            data={
                "login": "shop_ann",
                "password": "shop_ann",
                "csrf_token": Request.csrf_token(self),
            },
        )
        self.assertEqual(self._price(), 8)
        self._page("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual((visit.partner_id, visit.amount_untaxed), (self.ann, 16))

    def test_who_rises_and_falls_while_logged_in(self):
        self._log_in(self.bob)
        self.assertEqual(self._price(), 10)
        self._add()
        order = self._buys(self.bob, 600)
        self.assertEqual(self._tier(self.bob), self.gold)
        self.assertEqual(self._price(), 8)
        self._page("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(self._cart(self.bob).amount_untaxed, 8)
        order._action_cancel()
        self.env.cr.flush()
        self._refresh()
        self.assertEqual(self._tier(self.bob), self.bronze)
        # straight to the cart, which must not be paid at the prices of before
        self._page("/shop/cart")
        self.env.invalidate_all()
        cart = self._cart(self.bob)
        self.assertEqual(
            (cart.amount_untaxed, cart.pricelist_id), (10, self.shop_prices)
        )
        self.assertEqual(self._price(), 10)

    def test_the_own_pricelist_of_the_contact_goes_first(self):
        own = self._prices("Own Prices", 50, sequence=60)
        self.ann.with_company(self.company).specific_property_product_pricelist = own
        self._log_in(self.ann)
        self.assertEqual(self._price(), 5)

    def test_a_pricelist_of_another_website(self):
        other = self._shop(self.company)
        self.gold_prices.website_id = other
        self._log_in(self.ann)
        self.assertEqual(self._price(), 10)

    def test_a_pricelist_that_no_website_knows(self):
        self.gold_prices.website_id = False
        self._log_in(self.ann)
        self.assertEqual(self._price(), 10)
        self.gold_prices.selectable = True
        self.authenticate(None, None)
        self._log_in(self.ann)
        self.assertEqual(self._price(), 8)

    def test_a_tier_of_another_company(self):
        company = self._create_company("Other Company")
        shop = self._shop(company)
        self.shop.domain = False
        shop.domain = self.base_url()
        shop_prices = self._prices(
            "Prices There", 0, website_id=shop.id, company_id=company.id
        )
        self.mug.company_id = False
        user = self.ann.user_ids
        user.company_ids |= company
        self._log_in(self.ann)
        self.assertEqual(self._price(), 10)
        self._add()
        cart = self.env["sale.order"].search([("website_id", "=", shop.id)])
        self.assertEqual((cart.company_id, cart.pricelist_id), (company, shop_prices))
        self.assertNotIn("o_shop_club", self._page())

    def test_nobody_else_can_have_the_prices_of_a_tier(self):
        """Neither for coming first, nor by asking for them."""
        self.shop_prices.active = False
        self.assertEqual(self._price(), 10)
        self._log_in(self.bob)
        self.assertEqual(self._price(), 10)
        self.url_open(f"/shop/change_pricelist/{self.gold_prices.id}")
        self.assertEqual(self._price(), 10)
        self._add()
        self.assertEqual(self._cart(self.bob).amount_untaxed, 10)
        # what anybody may choose stays free to choose
        self.gold_prices.selectable = True
        self.url_open(f"/shop/change_pricelist/{self.gold_prices.id}")
        self.assertEqual(self._price(), 8)

    def test_what_the_customer_chose_stays(self):
        chosen = self._prices("Half Prices", 50, sequence=70, selectable=True)
        self._log_in(self.bob)
        self.url_open(f"/shop/change_pricelist/{chosen.id}")
        self.assertEqual(self._price(), 5)
        self._buys(self.bob, 600)
        self.assertEqual(self._tier(self.bob), self.gold)
        self.assertEqual(self._price(), 5)

    def test_without_the_club(self):
        """A programme that is archived gives no prices any more."""
        self._log_in(self.ann)
        self.assertEqual(self._price(), 8)
        self.club.active = False
        self.assertEqual(self._price(), 10)
        # nor to everybody, where it is the first list of the website
        self.shop_prices.active = False
        self.assertEqual(self._price(), 10)
        self.authenticate(None, None)
        self.assertEqual(self._price(), 10)

    def test_an_order_of_the_shop_counts_once(self):
        self._log_in(self.bob)
        self._add(3)
        cart = self._cart(self.bob)
        self.env.cr.flush()
        self._refresh()
        self.assertEqual(self._profile(self.bob).order_count, 1)
        cart.action_confirm()
        self._invoice_order(cart, self.today)
        self.env.cr.flush()
        self._refresh()
        rows = self.env["lifecycle.transaction"].search(
            [("partner_id", "=", self.bob.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(sorted(rows.mapped("amount")), [30, 50])
        self.assertEqual(self._profile(self.bob).order_count, 2)
        self.assertEqual(self._member(self.bob).tier_id, self.bronze)
