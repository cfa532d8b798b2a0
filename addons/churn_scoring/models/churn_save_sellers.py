"""Whose customer somebody is."""

from odoo import api, models
from odoo.tools import SQL

LIFECYCLE_USER = "lifecycle_crm.group_lifecycle_user"


class ChurnSave(models.Model):
    _inherit = "churn.save"

    @api.model
    def _get_sellers(self, company):
        """Users who can have a save list in a company."""
        group = self.env.ref(LIFECYCLE_USER)
        # who works in the company is asked for the scheduled action or after a check
        return group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    @api.model
    def _get_seller_expression(self, sellers):
        """The salesperson of a contact ``c``, else of its last order ``o``; 0: none."""
        return SQL(
            """CASE WHEN c.user_id = ANY(%s) THEN c.user_id
            ELSE COALESCE(o.user_id, 0) END""",
            sellers.ids,
        )

    @api.model
    def _select_order_seller(self, company, sellers):
        return SQL(
            """SELECT so.user_id FROM sale_order so
            JOIN res_partner oc ON oc.id = so.partner_id
            WHERE oc.commercial_partner_id = c.id AND so.state = 'sale'
              AND so.company_id = %(company)s AND so.user_id = ANY(%(sellers)s)
              AND COALESCE(c.user_id <> ALL(%(sellers)s), TRUE)
            ORDER BY so.date_order DESC, so.id DESC LIMIT 1""",
            company=company.id,
            sellers=sellers.ids,
        )

    @api.model
    def _read_salespersons(self, company, partner_ids):
        """{customer: id of the salesperson in a company, None for nobody}"""
        sellers = self._get_sellers(company)
        rows = self.env.execute_query(
            SQL(
                """SELECT c.id, NULLIF(%s, 0) FROM res_partner c
                LEFT JOIN LATERAL (%s) o ON TRUE WHERE c.id = ANY(%s)""",
                self._get_seller_expression(sellers),
                self._select_order_seller(company, sellers),
                list(partner_ids),
            )
        )
        return dict(rows)
