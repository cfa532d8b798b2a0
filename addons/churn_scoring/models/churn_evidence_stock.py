"""Evidence from deliveries, where the inventory of sales orders is installed."""

from odoo import api, models
from odoo.tools import SQL


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _get_stock_sources(self):
        """Sources that need transfers of sales orders; none where there are none."""
        picking = self.env.registry.get("stock.picking")
        if picking is None or "sale_id" not in picking._fields:
            return {}
        return {
            "late_delivery": (
                self.env._("Late deliveries"),
                "_select_late_delivery",
                "_say_late_delivery",
            ),
        }

    @api.model
    def _select_late_delivery(self, scope):
        """Outgoing transfers done after the day that the order promised.

        The day promised is the delivery date of the order, else the one the transfer
        was planned for.  Weight: 0.3 up to 3 days late, 0.6 up to 14, then 1.
        Amount: of the whole order.
        """
        return SQL(
            """SELECT d.partner_id AS contact_id, d.id::text AS source_key, d.day,
                jsonb_build_object('order', d.name, 'picking', d.picking,
                    'days', d.day - d.promised) AS figures,
                ROUND(d.amount, %(digits)s) AS amount,
                CASE WHEN d.day - d.promised <= 3 THEN 0.3
                    WHEN d.day - d.promised <= 14 THEN 0.6 ELSE 1 END AS weight,
                'stock.picking' AS res_model, d.id AS res_id
            FROM (
                SELECT so.partner_id, pk.id, so.name, pk.name AS picking,
                    %(done)s AS day, %(promised)s AS promised,
                    so.amount_untaxed
                        / COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric AS amount
                FROM stock_picking pk
                JOIN stock_picking_type pt ON pt.id = pk.picking_type_id
                    AND pt.code = 'outgoing'
                JOIN sale_order so ON so.id = pk.sale_id AND so.state = 'sale'
                WHERE pk.state = 'done' AND so.company_id = %(company)s
                  AND %(in_time)s AND %(asked)s
            ) d WHERE d.day > d.promised""",
            digits=self.env["lifecycle.transaction"]._get_digits(scope),
            done=scope.local_day(SQL("pk.date_done")),
            promised=scope.local_day(
                SQL("COALESCE(so.commitment_date, pk.date_deadline, pk.scheduled_date)")
            ),
            company=scope.company_id,
            in_time=scope.moment_condition(SQL("pk.date_done")),
            asked=scope.contact_condition(SQL("so.partner_id")),
        )
