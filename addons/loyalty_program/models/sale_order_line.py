from odoo import api, models

from .loyalty_card_ledger import KEY, Reason


class SaleOrderLine(models.Model):
    """Points spent on, and given back by, the reward lines of a confirmed order."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        orders = {
            vals.get("order_id")
            for vals in vals_list
            if vals.get("points_cost") and vals.get("coupon_id")
        }
        if not orders:
            return super().create(vals_list)
        if len(orders) == 1:
            self = self._of_order(orders.pop())
            return super().create(vals_list)
        # one by one: the reason for a change of points is the order
        lines = self.browse()
        for vals in vals_list:
            lines += super(SaleOrderLine, self._of_order(vals.get("order_id"))).create(
                [vals]
            )
        return lines

    def write(self, vals):
        if "points_cost" not in vals:
            return super().write(vals)
        rest = self
        for order in self.order_id:
            lines = self.filtered(lambda line, order=order: line.order_id == order)
            super(SaleOrderLine, lines._of_order(order.id)).write(vals)
            rest -= lines
        return super(SaleOrderLine, rest).write(vals)

    def unlink(self):
        spending = self.filtered(lambda line: line.coupon_id and line.state == "sale")
        for order in spending.order_id:
            lines = self.filtered(lambda line, order=order: line.order_id == order)
            super(SaleOrderLine, lines._of_order(order.id)).unlink()
            self -= lines
        return super(SaleOrderLine, self.exists()).unlink()

    def _get_spending_base(self):
        """What points are spent for: the lines of one reward, which may be several
        for its taxes; as fields of the ledger.
        """
        self.ensure_one()
        lines = self.order_id.order_line.filtered(
            lambda line: (
                line.reward_id == self.reward_id
                and line.coupon_id == self.coupon_id
                and line.reward_identifier_code == self.reward_identifier_code
            )
        )
        return {
            "order_id": self.order_id.id,
            "base_amount": sum(lines.mapped("price_subtotal")),
            "base_line_ids": lines.ids,
        }

    def _of_order(self, order_id):
        """These lines, with the order as the reason for a change of points."""
        return self.with_context(**{KEY: Reason(values={"order_id": order_id})})
