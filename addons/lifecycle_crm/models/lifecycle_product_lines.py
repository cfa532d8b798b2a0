"""What was bought, line by line: for reports that ask for products."""

from odoo import api, models
from odoo.tools import SQL


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _select_product_lines(self, company, since=None, partner_ids=None):
        """Lines of what counts as purchases of a company, of some value.

        :param company: decides whether orders or invoices count
        :param since: first day, None for all
        :param partner_ids: customers to restrict to, None for all
        :return: SELECT of ``partner_id`` (the customer), ``day``, ``product_id``,
            ``template_id``, ``categ_id``, ``amount`` (untaxed, in the currency of the
            document) and ``line_id``
        """
        scope = self._get_scope(company, partner_ids=partner_ids, since=since)
        if company.lifecycle_source == "invoice":
            lines = SQL(
                """SELECT m.partner_id AS contact_id, m.invoice_date AS day,
                    l.product_id, l.price_subtotal AS amount, l.id AS line_id
                FROM account_move_line l
                JOIN account_move m ON m.id = l.move_id
                WHERE m.company_id = %s AND m.state = 'posted'
                  AND m.move_type = 'out_invoice' AND l.display_type = 'product'
                  AND l.price_subtotal > 0 AND %s AND %s""",
                company.id,
                scope.day_condition(SQL("m.invoice_date")),
                scope.contact_condition(SQL("m.partner_id")),
            )
        else:
            lines = SQL(
                """SELECT so.partner_id AS contact_id, %s AS day,
                    l.product_id, l.price_subtotal AS amount, l.id AS line_id
                FROM sale_order_line l
                JOIN sale_order so ON so.id = l.order_id
                WHERE so.company_id = %s AND so.state = 'sale'
                  AND l.display_type IS NULL AND l.price_subtotal > 0
                  AND l.is_downpayment IS NOT TRUE AND %s AND %s AND %s""",
                scope.local_day(SQL("so.date_order")),
                company.id,
                self._get_goods_condition(),
                scope.moment_condition(SQL("so.date_order")),
                scope.contact_condition(SQL("so.partner_id")),
            )
        return SQL(
            """SELECT p.commercial_partner_id AS partner_id, s.day, s.product_id,
                v.product_tmpl_id AS template_id, t.categ_id, s.amount, s.line_id
            FROM (%s) s
            JOIN res_partner p ON p.id = s.contact_id
            JOIN product_product v ON v.id = s.product_id
            JOIN product_template t ON t.id = v.product_tmpl_id
            WHERE %s""",
            lines,
            self._is_customer(SQL("p.commercial_partner_id")),
        )

    @api.model
    def _get_goods_condition(self):
        """Condition on an order line ``l``: something that was bought for itself.

        Shipping is not, where Odoo's module of it is installed.
        """
        if "is_delivery" in self.env["sale.order.line"]._fields:
            return SQL("l.is_delivery IS NOT TRUE")
        return SQL("TRUE")
