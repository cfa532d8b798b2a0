"""A company that sells a contract beside an ordinary product."""

from odoo import Command

from .save_common import SaveCase


class RecurringCase(SaveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Subscriber")
        cls.contract = cls.env["product.product"].create(
            {
                "name": "Contract",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )
        cls.subscriptions = cls.env["churn.subscription"]

    def _mixed(self, day, amount, recurring, partner=None, **values):
        """A confirmed order with a recurring line beside the ordinary one."""
        lines = [(self.product, amount), (self.contract, recurring)]
        order = self._order(
            partner or self.partner,
            day,
            amount + recurring,
            order_line=[
                Command.create(
                    {
                        "product_id": product.id,
                        "price_unit": price,
                        "tax_ids": [Command.clear()],
                    }
                )
                for product, price in lines
                if price
            ],
            **values,
        )
        return order

    def _mark(self):
        self.contract.product_tmpl_id.recurring_revenue = True

    def _rows(self, company=None):
        self.env.flush_all()
        query = self.env["lifecycle.transaction"]._get_query(company or self.company)
        return sorted(
            (str(day), float(amount), is_order)
            for partner_id, day, amount, is_order in self.env.execute_query(query)
            if partner_id == self.partner.id
        )
