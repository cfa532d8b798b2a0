from odoo import Command

from odoo.addons.lifecycle_pos.tests.common import PosCase
from odoo.addons.loyalty_program.tests.tier_common import TierCase


class PosTierCase(PosCase, TierCase):
    """A shop, a club with tiers, and a cashier without rights to sales."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold.write({"point_multiplier": 2, "color": 3})
        cls.cashier = cls.env["res.users"].create(
            {
                "name": "Cashier",
                "login": "tier_cashier",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.link(cls.env.ref("base.group_user").id),
                    Command.link(cls.env.ref("point_of_sale.group_pos_user").id),
                ],
            }
        )

    def _make_gold(self, partner=None):
        """A customer who has bought for 600."""
        self._sell(partner or self.buyer, "2026-03-02", 600)
        self._start()

    def _book(self, order, won, cost=0, multiplier=None, code=None, user=None):
        """What the screen sends after the payment of an order."""
        change = {
            "points": won - cost,
            "program_id": self.club.id,
            "coupon_id": -1,
            "partner_id": order.partner_id.id,
        }
        if multiplier is not None:
            change["tier_multiplier"] = multiplier
        if code:
            change["line_codes"] = [code]
        card = self._card(order.partner_id)
        order = order.with_user(user or self.cashier)
        return order.confirm_coupon_programs({str(card.id or -1): change})

    def _card(self, partner=None):
        return self.env["loyalty.card"].search(
            [
                ("program_id", "=", self.club.id),
                ("partner_id", "=", (partner or self.buyer).id),
            ]
        )

    def _ledger(self, partner=None):
        entries = self.env["loyalty.ledger"].search(
            [("card_id", "=", self._card(partner).id)], order="id"
        )
        return [(entry.kind, entry.points) for entry in entries]
