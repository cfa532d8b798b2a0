from odoo import api, fields, models
from odoo.tools import SQL


class LifecyclePlayResult(models.Model):
    _inherit = "lifecycle.play.result"

    coupon_count = fields.Integer(
        string="Coupons", readonly=True, help="Coupons that were given with messages."
    )
    coupon_used_count = fields.Integer(
        string="Coupons Redeemed",
        readonly=True,
        help="Of these, coupons on a confirmed sales order.",
    )

    @api.model
    def _get_all_values(self, company, found):
        values = super()._get_all_values(company, found)
        coupons = self._read_coupons(company)
        for key, vals in values.items():
            given, used = coupons.get(key, (0, 0))
            vals.update(coupon_count=given, coupon_used_count=used)
        return values

    @api.model
    def _read_coupons(self, company):
        """``{(play, step or False): (given, redeemed)}``"""
        rows = self.env.execute_query(
            SQL(
                """SELECT card.lifecycle_play_id, card.lifecycle_step_id,
                    GROUPING(card.lifecycle_step_id) = 1, COUNT(*),
                    COUNT(*) FILTER (WHERE EXISTS (
                        SELECT FROM sale_order_line l
                        JOIN sale_order so ON so.id = l.order_id AND so.state = 'sale'
                        WHERE l.coupon_id = card.id))
                FROM loyalty_card card
                JOIN lifecycle_play play ON play.id = card.lifecycle_play_id
                WHERE play.company_id = %s
                GROUP BY GROUPING SETS (
                    (card.lifecycle_play_id),
                    (card.lifecycle_play_id, card.lifecycle_step_id)
                )""",
                company.id,
            )
        )
        return {
            (play, False if whole else step): (given, used)
            for play, step, whole, given, used in rows
            if whole or step
        }
