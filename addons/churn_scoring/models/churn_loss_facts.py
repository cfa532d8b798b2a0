"""What is reported with a loss, read by set from the documents."""

from odoo import api, models
from odoo.tools import SQL


class ChurnLoss(models.Model):
    _inherit = "churn.loss"

    @api.model
    def _read_facts(self, company, profiles):
        """What is known of lost customers, as values of ``churn.loss``."""
        if not profiles:
            return []
        partner_ids = profiles.partner_id.ids
        self.env.flush_all()
        values = self._read_yearly_values(company, partner_ids)
        categories = self._read_main_categories(company, partner_ids)
        users = self.env["churn.save"]._read_salespersons(company, partner_ids)
        return [
            {
                "partner_id": profile.partner_id.id,
                "stage_id": profile.stage_id.id,
                "segment_id": profile.segment_id.id,
                "last_order_date": profile.last_order_date,
                "value_lost": values.get(profile.partner_id.id, 0),
                "categ_id": categories.get(profile.partner_id.id),
                "user_id": users.get(profile.partner_id.id),
            }
            for profile in profiles
        ]

    @api.model
    def _read_yearly_values(self, company, partner_ids):
        """{customer: net revenue of the 12 months up to the last order}"""
        transactions = self.env["lifecycle.transaction"]
        query = transactions._get_query(company, partner_ids=partner_ids)
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT p.partner_id, COALESCE(SUM(t.amount), 0)
                    FROM (%s) t JOIN lifecycle_profile p
                        ON p.partner_id = t.partner_id AND p.company_id = %s
                    WHERE t.day > p.last_order_date - INTERVAL '12 months'
                    GROUP BY p.partner_id""",
                    query,
                    company.id,
                )
            )
        )

    @api.model
    def _read_main_categories(self, company, partner_ids):
        """{customer: id of the product category with the most spend}

        Of two with the same spend the one with the lower id, so it is always the same.
        """
        lines = (
            self._select_invoice_lines
            if company.lifecycle_source == "invoice"
            else self._select_order_lines
        )
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (partner_id) partner_id, categ_id FROM (
                        SELECT c.commercial_partner_id AS partner_id, pt.categ_id,
                            SUM(l.amount) AS amount
                        FROM (%s) l
                        JOIN res_partner c ON c.id = l.contact_id
                        JOIN product_product pp ON pp.id = l.product_id
                        JOIN product_template pt ON pt.id = pp.product_tmpl_id
                        WHERE c.commercial_partner_id = ANY(%s)
                          AND pt.categ_id IS NOT NULL
                        GROUP BY c.commercial_partner_id, pt.categ_id
                    ) spend WHERE amount > 0
                    ORDER BY partner_id, amount DESC, categ_id""",
                    lines(company, partner_ids),
                    partner_ids,
                )
            )
        )

    @api.model
    def _select_order_lines(self, company, partner_ids):
        return SQL(
            """SELECT so.partner_id AS contact_id, l.product_id,
                l.price_subtotal / COALESCE(NULLIF(so.currency_rate, 0), 1) AS amount
            FROM sale_order so
            JOIN sale_order_line l ON l.order_id = so.id
            WHERE so.company_id = %s AND so.state = 'sale'
              AND l.product_id IS NOT NULL AND l.is_downpayment IS NOT TRUE
              AND so.partner_id IN (SELECT id FROM res_partner
                WHERE commercial_partner_id = ANY(%s))""",
            company.id,
            partner_ids,
        )

    @api.model
    def _select_invoice_lines(self, company, partner_ids):
        return SQL(
            """SELECT m.partner_id AS contact_id, l.product_id, -l.balance AS amount
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id
            WHERE m.company_id = %s AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND l.display_type = 'product' AND l.product_id IS NOT NULL
              AND m.partner_id IN (SELECT id FROM res_partner
                WHERE commercial_partner_id = ANY(%s))""",
            company.id,
            partner_ids,
        )
