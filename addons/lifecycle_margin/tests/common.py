from odoo import Command

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


class MarginCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._partner("Buyer")
        cls.product.standard_price = 60

    def _sell(self, partner, day, amount, cost=None, discount=0, **values):
        """An order of one piece for an amount, discount taken off already."""
        line = {
            "product_id": self.product.id,
            "price_unit": amount / (1 - discount / 100),
            "discount": discount,
            "tax_ids": [Command.clear()],
        }
        if cost is not None:
            line["purchase_price"] = cost
        return self._order(
            partner, day, amount, order_line=[Command.create(line)], **values
        )
