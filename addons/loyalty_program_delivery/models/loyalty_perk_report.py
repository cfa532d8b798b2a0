from odoo import fields, models
from odoo.tools import SQL


class LoyaltyPerkReport(models.Model):
    _inherit = "loyalty.perk.report"

    kind = fields.Selection(selection_add=[("delivery", "Free delivery")])

    def _get_priced_lines(self):
        lines = super()._get_priced_lines()
        return SQL("%s AND sol.is_delivery IS NOT TRUE", lines)

    def _get_selects(self, company):
        """Deliveries at no price cost what they would have brought."""
        return [
            *super()._get_selects(company),
            SQL(
                """SELECT so.order_tier_id, %(company)s,
                    date_trunc('month', so.date_order)::date, 'delivery',
                    COUNT(DISTINCT so.id), SUM(line.waived), SUM(line.waived), 0, 0
                FROM sale_order so
                JOIN LATERAL (
                    SELECT SUM(sol.delivery_waived * sol.product_uom_qty
                        / COALESCE(NULLIF(so.currency_rate, 0), 1)) AS waived
                    FROM sale_order_line sol
                    WHERE sol.order_id = so.id AND sol.is_delivery
                ) line ON line.waived > 0
                WHERE so.order_tier_id IS NOT NULL AND so.state = 'sale'
                  AND so.company_id = %(company)s GROUP BY 1, 3""",
                company=company.id,
            ),
        ]
