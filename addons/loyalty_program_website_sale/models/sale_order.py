from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_shop_points(self):
        """What the order gives to cards of its customer when it is confirmed, or gave.

        :return: texts, as “32 Stars”
        """
        # cards of the customer of the order, whom the shop shows it to
        given = self.sudo().coupon_point_ids.filtered(
            lambda given: (
                given.points > 0
                and given.coupon_id.program_id.program_type == "loyalty"
                and given.coupon_id.program_id.portal_visible
            )
        )
        return [entry.coupon_id._say_points(entry.points) for entry in given]
