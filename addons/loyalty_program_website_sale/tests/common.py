"""A web shop of the test company: Ann is in tier Gold, Bob in Bronze."""

import re
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase

from odoo.addons.loyalty_program.tests.tier_common import TierCase

PRICE = re.compile(
    r'aria-label="Sale price"[^>]*>.*?oe_currency_value">([\d.]+)<', re.DOTALL
)


class ShopCase(TierCase, HttpCase):
    freeze_time = None  # the server has a clock of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        # programmes of a demo company would give points, too
        cls.env["loyalty.program"].search([("id", "!=", cls.club.id)]).active = False
        # as the setting "Pricelists" does
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.shop = cls._shop(cls.company)
        cls.shop.domain = cls.base_url()
        cls.club.write({"portal_visible": True, "portal_point_name": "Stars"})
        # the list of a tier comes first, as the last one that was made would
        cls.gold_prices = cls._prices("Gold Prices", 20, sequence=1)
        cls.shop_prices = cls._prices("Shop Prices", 0, sequence=2)
        cls.gold.write({"pricelist_id": cls.gold_prices.id, "point_multiplier": 2})
        cls.mug = cls._product("Shop Mug", 10)
        cls.ann, cls.bob = (cls._member_with_login(n) for n in ("Ann", "Bob"))
        cls.before = cls.today - timedelta(days=20)
        for partner, amount in ((cls.ann, 600), (cls.bob, 50)):
            cls._order(partner, cls.before, amount)

    def setUp(self):
        super().setUp()
        self._start()
        self.assertEqual(self._tier(self.ann), self.gold)
        self.assertEqual(self._tier(self.bob), self.bronze)

    @classmethod
    def _shop(cls, company, **values):
        return cls.env["website"].create(
            {
                "name": f"Shop of {company.name}",
                "company_id": company.id,
                **values,
            }
        )

    @classmethod
    def _prices(cls, name, percent, **values):
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "currency_id": cls.company.currency_id.id,
                "company_id": cls.company.id,
                "website_id": cls.shop.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": percent,
                            "applied_on": "3_global",
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _product(cls, name, price):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "website_published": True,
                "taxes_id": False,
            }
        )

    @classmethod
    def _member_with_login(cls, name):
        """A customer who can log in as ``shop_<name>``."""
        login = f"shop_{name.lower()}"
        partner = cls._partner(name, email=f"{login}@example.com")
        cls.env["res.users"].create(
            {
                "name": name,
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )
        return partner

    # -- in the shop ---------------------------------------------------------------

    def _log_in(self, partner):
        login = f"shop_{partner.name.lower()}" if partner else None
        self.authenticate(login, login)

    def _page(self, path="/shop?search=Shop+Mug"):
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        return page.text

    def _price(self):
        """What the mug costs in the list of products."""
        [price] = PRICE.findall(self._page())
        return float(price)

    def _add(self, quantity=1):
        return self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.mug.product_tmpl_id.id,
                "product_id": self.mug.id,
                "quantity": quantity,
            },
        )

    def _cart(self, partner):
        carts = self.env["sale.order"].search(
            [("partner_id", "=", partner.id), ("website_id", "=", self.shop.id)]
        )
        self.assertEqual(len(carts), 1)
        return carts

    def _buys(self, partner, amount):
        """An order in the back office, and the refresh that follows."""
        order = self._order(partner, fields.Datetime.now(), amount)
        self.env.cr.flush()
        self._refresh()
        return order
