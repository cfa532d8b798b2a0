"""Odoo's own mails to members pass the gate, too."""

from odoo import models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _send_creation_communication(self, force_send=False):
        # a gift card was paid for: its code is goods, not a message
        goods = self.filtered(lambda card: card.program_id.program_type == "gift_card")
        super(LoyaltyCard, goods)._send_creation_communication(force_send)
        cards = (self - goods)._through_gate()
        return super(LoyaltyCard, cards)._send_creation_communication(force_send)

    def _send_points_reach_communication(self, points_changes):
        cards = self._through_gate()
        return super(LoyaltyCard, cards)._send_points_reach_communication(
            points_changes
        )

    def _through_gate(self):
        """These cards under a token of the gate: what they send passes it."""
        gate = self.env["lifecycle.gate"]
        token = gate._get_token() or gate._open(source="automation")
        return self.with_context(lifecycle_gate=token)
