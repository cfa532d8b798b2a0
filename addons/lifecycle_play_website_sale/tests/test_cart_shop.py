"""A customer fills a cart in the real shop, leaves it, and comes back by the mail."""

import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .cart_common import CartCase


@tagged("post_install", "-at_install")
class TestCartShop(CartCase, HttpCase):
    freeze_time = None  # the server has a clock of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.domain = cls.base_url()
        cls.product.write(
            {"list_price": 30, "website_published": True, "sale_ok": True}
        )
        cls.env["res.users"].create(
            {
                "name": "Buyer",
                "login": "cart_buyer",
                "password": "cart_buyer",
                "partner_id": cls.buyer.id,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [(6, 0, cls.company.ids)],
            }
        )

    def _add(self):
        return self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": 1,
            },
        )

    def _find_carts(self):
        return self.env["sale.order"].search([("website_id", "=", self.shop.id)])

    def _leave(self, cart):
        """Eleven hours pass."""
        self.env.execute_query(
            SQL(
                "UPDATE sale_order SET date_order = %s WHERE id = %s RETURNING id",
                fields.Datetime.now() - timedelta(hours=11),
                cart.id,
            )
        )
        cart.invalidate_recordset()

    def test_there_and_back(self):
        play = self._started()
        self.env.execute_query(
            SQL(
                "UPDATE lifecycle_play SET start_date = %s WHERE id = %s RETURNING id",
                fields.Datetime.now() - timedelta(days=2),
                play.id,
            )
        )
        play.invalidate_recordset()
        # a visitor, too, of whom nothing is known
        self.authenticate(None, None)
        self._add()
        visit = self._find_carts()
        self.assertEqual(visit.partner_id, self.shop.user_id.partner_id)
        self._leave(visit)
        self.authenticate("cart_buyer", "cart_buyer")
        self._add()
        cart = self._find_carts() - visit
        self.assertEqual(cart.partner_id, self.buyer)
        self._run_plays()
        self.assertFalse(self._ways(play))
        self._leave(cart)
        self._refresh()
        for _time in range(2):
            self._run_plays()
        self.assertEqual(self._ways(play).cart_id, cart)
        [mail] = self._play_mails(self.buyer)
        # the link leads to the cart, also for who is not logged in
        [link] = re.findall(r'href="([^"]*/shop/cart\?[^"]*)"', mail.body_html)
        self.authenticate(None, None)
        page = self.url_open(link.replace("&amp;", "&")).text
        self.assertIn("revive_method=squash", page)
        # bought: the play ends
        cart.action_confirm()
        self.env.cr.flush()
        self._refresh()
        self._run_plays()
        self.assertIn(self._ways(play).state, ("done", "stopped"))
        self.assertEqual(self._profile(self.buyer).order_count, 1)
