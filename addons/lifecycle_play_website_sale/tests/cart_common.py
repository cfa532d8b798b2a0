"""A web shop of the test company, and carts in it."""

from datetime import datetime, timedelta

from odoo import Command

from odoo.addons.lifecycle_play.tests.play_common import PlayCase

NOON = datetime(2026, 6, 15, 12)


class CartCase(PlayCase):
    """A website where a cart counts as left after ten hours; the clock is at noon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lifecycle.play"].search([]).active = False
        cls.shop = cls._shop(cls.company)
        cls.buyer = cls._customer("Buyer")

    def setUp(self):
        super().setUp()
        self._recompute(reason="install", quiet=True)

    @classmethod
    def _shop(cls, company, **values):
        return cls.env["website"].create(
            {
                "name": f"Shop of {company.name}",
                "company_id": company.id,
                "cart_abandoned_delay": 10,
                **values,
            }
        )

    @classmethod
    def _cart(cls, partner, at=NOON, amount=100, shop=None):
        shop = shop or cls.shop
        cart = (
            cls.env["sale.order"]
            .with_company(shop.company_id)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": shop.company_id.id,
                    "website_id": shop.id,
                    "date_order": at,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": 2,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        cls._created_on(cart, at)
        return cart

    @classmethod
    def _cart_play(cls, **values):
        """One mail at once, about the cart."""
        template = cls.env.ref("lifecycle_play_website_sale.mail_template_cart")
        return cls._play(
            [{"template_id": template.id}],
            name="Cart",
            entry_kind="cart",
            to_stage_id=False,
            **values,
        )

    @classmethod
    def _started(cls, **values):
        play = cls._cart_play(**values)
        play._start()
        return play

    @classmethod
    def _let_odoo_write(cls):
        """Odoo's own mail is on, since before all carts."""
        cls.shop.send_abandoned_cart_email = True
        cls.shop.flush_recordset()
        cls.shop.send_abandoned_cart_email_activation_time = NOON - timedelta(days=1)

    def _hours(self, hours):
        """The scheduled actions of plays, and of Odoo's own mail, so many hours later.

        Odoo's comes last: what is left to it, it sends.
        """
        with self.at(NOON + timedelta(hours=hours)):
            self._refresh()
            self._run_plays()
            self.env["website"]._send_abandoned_cart_email()

    def _odoo_mails(self, cart):
        """Odoo's own mails about a cart."""
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "in", cart.ids)]
        )

    def _play_mails(self, partner):
        return self._mails(partner).filtered(lambda mail: mail.model != "sale.order")
