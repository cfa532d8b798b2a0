"""On what terms customers buy: with discounts only, or at a loss."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Months of orders that say on what terms a customer buys.
_MONTHS = 24
_OPERATORS = {op: SQL(op) for op in ("<", "<=", ">", ">=", "=", "!=")}


class LifecycleProfile(models.Model):
    """Asked when it is needed, in one query for all, and not stored."""

    _inherit = "lifecycle.profile"

    discount_share = fields.Float(
        string="Orders with Discount",
        compute="_compute_terms",
        search="_search_discount_share",
        digits=(4, 3),
        aggregator=None,
        help="Share of the confirmed orders of the last 24 months that had a discount, "
        "a reward or a coupon.",
    )
    margin_recent = fields.Monetary(
        string="Margin, 24 Months",
        compute="_compute_terms",
        search="_search_margin_recent",
        aggregator=None,
        help="Margin of the confirmed orders of the last 24 months. Known where sales "
        "orders carry their margin; 0 where they do not.",
    )

    def _compute_terms(self):
        if self._get_stored_terms():
            for profile in self:
                for name, stored in self._get_stored_terms().items():
                    profile[name] = profile[stored]
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT profile_id, discount_share, margin FROM (%s) t",
                self._select_terms(SQL("profile.id = ANY(%s)", self.ids)),
            )
        )
        found = {row[0]: row[1:] for row in rows}
        for profile in self:
            share, margin = found.get(profile.id, (0, 0))
            profile.discount_share = share
            profile.margin_recent = margin

    def _search_discount_share(self, operator, value):
        if stored := self._get_stored_terms().get("discount_share"):
            return Domain(stored, operator, value)
        return self._search_terms("discount_share", operator, value)

    def _search_margin_recent(self, operator, value):
        if stored := self._get_stored_terms().get("margin_recent"):
            return Domain(stored, operator, value)
        return self._search_terms("margin", operator, value)

    @api.model
    def _search_terms(self, column, operator, value):
        if operator not in _OPERATORS or not isinstance(value, (int, float)):
            return NotImplemented
        condition = SQL(
            "t.%s %s %s", SQL.identifier(column), _OPERATORS[operator], value
        )
        ids = SQL(
            "(SELECT profile_id FROM (%s) t WHERE %s)",
            self._select_terms(SQL("TRUE")),
            condition,
        )
        return Domain("id", "in", ids)

    @api.model
    def _select_terms(self, condition):
        """SELECT of ``profile_id, discount_share, margin`` of who ordered lately.

        :param condition: on the profile ``profile``
        """
        since = fields.Datetime.now() - relativedelta(months=_MONTHS)
        line_margin = SQL("0")
        if "margin" in self.env["sale.order.line"]._fields:
            line_margin = SQL("COALESCE(l.margin, 0)")
        return SQL(
            """SELECT profile.id AS profile_id,
                AVG(CASE WHEN o.discounted THEN 1.0 ELSE 0.0 END) AS discount_share,
                SUM(o.margin) AS margin
            FROM (
                SELECT so.id, so.partner_id, so.company_id,
                    BOOL_OR(l.discount > 0 OR l.price_subtotal < 0) AS discounted,
                    SUM(%s / COALESCE(NULLIF(so.currency_rate, 0), 1)) AS margin
                FROM sale_order so
                JOIN sale_order_line l ON l.order_id = so.id
                    AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
                WHERE so.state = 'sale' AND so.amount_untaxed <> 0
                    AND so.date_order >= %s
                GROUP BY so.id
            ) o
            JOIN res_partner contact ON contact.id = o.partner_id
            JOIN lifecycle_profile profile
                ON profile.partner_id = contact.commercial_partner_id
                AND profile.company_id = o.company_id
            WHERE %s
            GROUP BY profile.id""",
            line_margin,
            since,
            condition,
        )
