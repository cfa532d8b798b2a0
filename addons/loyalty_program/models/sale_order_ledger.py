from odoo import models


class SaleOrder(models.Model):
    """Why an order changes points: what it gives, what is spent, what goes back."""

    _inherit = "sale.order"

    # -- confirming and cancelling -----------------------------------------------

    def _get_point_changes(self):
        """The changes, their cards with the reason for them.

        A cancelled order takes back what it gave and is not taken back already,
        whatever its lines say now.
        """
        changes = super()._get_point_changes()
        cancelled = self.filtered(lambda order: order.state == "cancel")
        parts = (self - cancelled)._get_point_parts()
        # whoever cancels may not read the ledger of other companies' cards
        undone = self.env["loyalty.ledger"].sudo()._get_cancellation(cancelled)
        result = {}
        for card, change in changes.items():
            if card in undone:
                continue
            result[card._because(parts={card.id: parts.get(card.id, [])})] = change
        for card, entries in undone.items():
            change = -sum(entry["points"] for entry in entries)
            reasoned = card.with_env(self.env)._because(parts={card.id: entries})
            result[reasoned] = round(change, 6)
        return result

    def _get_point_parts(self):
        """Entries of the ledger for points given and spent, by id of the card."""
        parts = {}
        for order in self:
            for given in order.coupon_point_ids:
                card = given.coupon_id
                if given.points and card._is_in_ledger():
                    parts.setdefault(card.id, []).append(
                        {
                            "kind": "earn",
                            "points": given.points,
                            **order._get_points_base(card.program_id),
                        }
                    )
            for line in order.order_line:
                card = line.coupon_id
                if line.points_cost and line.reward_id and card._is_in_ledger():
                    parts.setdefault(card.id, []).append(
                        {
                            "kind": "redeem",
                            "points": -line.points_cost,
                            **line._get_spending_base(),
                        }
                    )
        return parts

    def _get_points_lines(self, program):
        """Lines whose products give points of a programme; all products where a rule
        was changed meanwhile, and none of them does.
        """
        self.ensure_one()
        lines = self._get_not_rewarded_order_lines()
        products = self.env["product.product"].union(
            *program.sudo()._get_valid_products(lines.product_id).values()
        )
        return lines.filtered(lambda line: line.product_id in products) or lines

    def _get_points_base(self, program):
        """What points of a programme are given for, as fields of the ledger."""
        lines = self._get_points_lines(program)
        return {
            "order_id": self.id,
            "base_amount": sum(lines.mapped("price_subtotal")),
            "base_line_ids": lines.ids,
        }

    def _action_cancel(self):
        last = self.env["loyalty.ledger"].sudo().search([], order="id desc", limit=1)
        result = super()._action_cancel()
        # what was missing is said on the order, of whichever company
        ledger = self.env["loyalty.ledger"].sudo()
        missing = ledger.search(
            [
                ("id", ">", last.id or 0),
                ("order_id", "in", self.ids),
                ("shortfall", ">", 0),
            ]
        )
        ledger._tell_shortfalls(
            [
                (
                    entry.card_id,
                    {"shortfall": entry.shortfall, "order_id": entry.order_id.id},
                )
                for entry in missing
            ]
        )
        return result

    # -- on an order that is confirmed -------------------------------------------

    def _add_points_for_coupon(self, coupon_points):
        if self.state != "sale":
            return super()._add_points_for_coupon(coupon_points)
        reasoned = {}
        for card, points in coupon_points.items():
            base = self._get_points_base(card.program_id)
            reasoned[card._because("earn", **base)] = points
        return super()._add_points_for_coupon(reasoned)
