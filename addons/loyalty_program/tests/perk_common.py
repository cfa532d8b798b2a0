from odoo import Command

from .tier_common import TierCase


class PerkCase(TierCase):
    """A member in tier Gold, with a contact, and another customer in tier Bronze."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.contact = cls._partner("Contact", parent_id=cls.buyer.id)
        cls.other = cls._partner("Other")
        cls._order(cls.buyer, "2026-03-02", 600)
        cls._order(cls.other, "2026-03-02", 50)

    def setUp(self):
        super().setUp()
        self._start()
        self.assertEqual(self._tier(), self.gold)

    def _quote(self, partner, amount=100):
        """A quotation as a salesperson makes it: its pricelist is proposed."""
        return (
            self.env["sale.order"]
            .with_company(self.company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )

    def _points(self, order, club=None):
        order._update_programs_and_rewards()
        entries = order.coupon_point_ids.filtered(
            lambda entry: entry.coupon_id.program_id == (club or self.club)
        )
        return sum(entries.mapped("points"))
