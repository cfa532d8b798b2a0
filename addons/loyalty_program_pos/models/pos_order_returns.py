"""Points follow what is returned in a point of sale."""

from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        if returned := self.lines.refunded_orderline_id.order_id:
            returned._settle_pos_points(self)
        return result

    def _settle_pos_points(self, refund):
        """Take back the points of what came back of these orders, and give back those
        that were spent on it.

        As a share of what they were given for, all returns so far together.
        """
        # whoever takes a return need not be allowed to read the ledger
        ledger = self.env["loyalty.ledger"].sudo()
        for order in self:
            entries = ledger.search(
                [
                    ("res_model", "=", order._name),
                    ("res_id", "=", order.id),
                    ("kind", "in", ("earn", "redeem")),
                ]
            )
            if not entries:
                continue
            ledger._settle(
                entries,
                {entry.id: order._get_returned_share(entry) for entry in entries},
                self.env._("Return %s", refund.display_name),
                res_model=refund._name,
                res_id=refund.id,
            )

    def _get_returned_share(self, entry):
        """Share, between 0 and 1, of what an entry was made for that came back."""
        lines = self.lines.browse(entry.base_line_ids or ()).exists()
        total = sum(lines.mapped("price_subtotal"))
        back = sum(
            line.price_subtotal * self._get_returned_quantity(line) / line.qty
            for line in lines
            if line.qty
        )
        return min(1.0, max(0.0, back / total)) if total else 0.0

    def _get_returned_quantity(self, line):
        paid = line.refund_orderline_ids.filtered(
            lambda back: back.order_id.state in ("paid", "done")
        )
        return -sum(paid.mapped("qty"))
