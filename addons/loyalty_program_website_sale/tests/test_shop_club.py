from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestShopClub(ShopCase):
    """What the shop says of the club, and to whom."""

    def test_visitors_are_told_nothing(self):
        for path in ("/shop", "/shop/cart", self.mug.product_tmpl_id.website_url):
            page = self._page(path)
            self.assertNotIn("o_shop_club", page)
            self.assertNotIn("Gold", page)

    def test_a_member(self):
        self._log_in(self.ann)
        page = self._page()
        self.assertIn("o_shop_club_line", page)
        self.assertIn('href="/my/club"', page)
        for text in ("Gold", "special prices", "2 times the points"):
            self.assertIn(text, page)
        # in the header of every page of the website
        self.assertIn("o_shop_club_tier", self._page("/contactus"))

    def test_points_of_the_cart(self):
        self._log_in(self.ann)
        self._add(2)
        page = self._page("/shop/cart")
        self.assertIn("o_shop_club_total", page)
        self.assertIn("32 Stars", page)  # two mugs at 8 each, doubled
        values = self.make_jsonrpc_request(
            "/shop/cart/update",
            {"line_id": self._cart(self.ann).order_line.id, "quantity": 3},
        )
        self.assertIn("48 Stars", str(values))
        cart = self._cart(self.ann)
        cart.action_confirm()
        card = self.env["loyalty.card"].search(
            [("program_id", "=", self.club.id), ("partner_id", "=", self.ann.id)]
        )
        self.assertEqual(card.points, 48)

    def test_points_that_are_not_to_be_shown(self):
        self.club.portal_visible = False
        self._log_in(self.ann)
        self._add(2)
        self.assertNotIn("Stars", self._page("/shop/cart"))

    def test_no_member_yet(self):
        """The way to the club, without a tier."""
        self._member_with_login("Dora")
        self._log_in(self.env["res.partner"].search([("name", "=", "Dora")], limit=1))
        page = self._page()
        self.assertIn('href="/my/club"', page)
        for name in ("o_shop_club_line", "o_shop_club_tier"):
            self.assertNotIn(name, page)
        self.assertIn("You are no member yet", self._page("/my/club"))

    def test_a_club_that_is_not_of_this_shop(self):
        self._log_in(self.ann)
        for values in (
            {"website_id": self._shop(self.company).id},
            {"website_id": False, "ecommerce_ok": False},
        ):
            self.club.write(values)
            self.assertNotIn("o_shop_club", self._page())
        self.club.write({"website_id": self.shop.id, "ecommerce_ok": True})
        self.assertIn("o_shop_club_line", self._page())

    def test_nothing_of_others(self):
        self._log_in(self.bob)
        page = self._page()
        self.assertIn("Bronze", page)
        for text in ("Gold", "special prices", "times the points"):
            self.assertNotIn(text, page)
