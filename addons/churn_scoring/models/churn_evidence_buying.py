"""Evidence in what a customer buys: sizes, discounts, categories, prices.

Orders and their lines are those of the source the company counts purchases from, less
what was returned in full.
"""

from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

# The mean of the last so many orders, beside the mean of at least so many before.
RECENT_ORDERS = 3
# How much smaller they are at least: 0.7 of what they were, and less.
SMALLER = SQL("0.7")
# Months in which a customer bought at a discount only, orders and their least share.
DISCOUNT_MONTHS = 24
DISCOUNT_ORDERS = 4
DISCOUNT_SHARE = SQL("0.8")
# Least share of the spend of a category, and days until it is silent.
CATEGORY_SHARE = SQL("0.2")
CATEGORY_DAYS = 180
CATEGORY_LEAST_DAYS = 30
# A rise of more than this, and how many products of a customer are told of.
PRICE_RISE = SQL("1.05")
PRICE_PRODUCTS = 3


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    # -- what was bought -----------------------------------------------------

    @api.model
    def _select_orders(self, scope):
        """Purchases that count: ``contact_id, partner_id, day, amount`` (untaxed, of
        the company), ``reference, res_model, res_id``.
        """
        transactions = self.env["lifecycle.transaction"]
        company = self.env["res.company"].browse(scope.company_id).sudo()  # settings
        sources = transactions._get_sources()
        selects = [
            SQL(
                """SELECT s.contact_id, p.commercial_partner_id AS partner_id, s.day,
                    s.amount, s.reference, %s AS res_model, s.res_id
                FROM (%s) s JOIN res_partner p ON p.id = s.contact_id
                WHERE s.is_order""",
                sources[name][2],
                getattr(transactions, sources[name][1])(scope),
            )
            for name in transactions._get_company_sources(company)
        ]
        return SQL(" UNION ALL ").join(selects)

    @api.model
    def _get_line_selects(self):
        """SELECTs of the lines of orders: ``{document model: SQL}``.

        Each joins ``o``, orders as of :meth:`_select_orders`, and gives of each line
        ``product_id, uom_id, quantity, discount`` (per cent), ``subtotal`` (untaxed,
        in ``currency_id``) and ``rate``, by which an amount of the document is divided
        to be one of the company.
        """
        return {
            "sale.order": SQL(
                """SELECT o.*, l.product_id, l.product_uom_id AS uom_id,
                    l.product_uom_qty AS quantity, COALESCE(l.discount, 0) AS discount,
                    l.price_subtotal AS subtotal, so.currency_id,
                    COALESCE(NULLIF(so.currency_rate, 0), 1)::numeric AS rate
                FROM orders o
                JOIN sale_order so ON so.id = o.res_id
                JOIN sale_order_line l ON l.order_id = o.res_id
                WHERE o.res_model = 'sale.order' AND l.display_type IS NULL
                  AND l.is_downpayment IS NOT TRUE"""
            ),
            "account.move": SQL(
                """SELECT o.*, l.product_id, l.product_uom_id, l.quantity,
                    COALESCE(l.discount, 0), l.price_subtotal, l.currency_id,
                    COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)::numeric
                FROM orders o
                JOIN account_move m ON m.id = o.res_id
                JOIN account_move_line l ON l.move_id = o.res_id
                WHERE o.res_model = 'account.move' AND l.display_type = 'product'"""
            ),
        }

    @api.model
    def _with_lines(self, scope):
        """Common table expressions ``orders`` and ``lines`` (for a WITH)."""
        return SQL(
            "orders AS MATERIALIZED (%s), lines AS MATERIALIZED (%s)",
            self._select_orders(scope),
            SQL(" UNION ALL ").join(self._get_line_selects().values()),
        )

    # -- sources ---------------------------------------------------------------

    @api.model
    def _select_order_value(self, scope):
        """The last three orders were at least 30 % smaller than those before.

        Needs three before.  Amount: what an order brings less.  Weight: the part that
        is missing.
        """
        return SQL(
            """WITH orders AS (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY partner_id
                    ORDER BY day DESC, res_id DESC) AS back
                FROM (%(orders)s) o
            ), means AS (
                SELECT partner_id,
                    AVG(amount) FILTER (WHERE back <= %(recent)s) AS recent,
                    AVG(amount) FILTER (WHERE back > %(recent)s) AS before,
                    MAX(day) AS day,
                    MAX(res_model) FILTER (WHERE back = 1) AS res_model,
                    MAX(res_id) FILTER (WHERE back = 1) AS res_id
                FROM orders GROUP BY partner_id HAVING COUNT(*) >= 2 * %(recent)s
            )
            SELECT partner_id AS contact_id, '' AS source_key, day,
                jsonb_build_object('recent', ROUND(recent, %(digits)s),
                    'before', ROUND(before, %(digits)s)) AS figures,
                ROUND(before - recent, %(digits)s) AS amount,
                1 - recent / before AS weight, res_model, res_id
            FROM means WHERE recent <= before * %(smaller)s""",
            orders=self._select_orders(replace(scope, since=None)),
            recent=RECENT_ORDERS,
            smaller=SMALLER,
            digits=self.env["lifecycle.transaction"]._get_digits(scope),
        )

    @api.model
    def _select_discount(self, scope):
        """At least four of five orders of the last 24 months had a discount.

        Needs four orders.  A discount is a percentage on a line, or a line of a
        negative price.  Amount: the discounts given.  Weight: the share of orders.
        """
        since = scope.as_of - relativedelta(months=DISCOUNT_MONTHS)
        return SQL(
            """WITH %(lines)s, docs AS (
                SELECT partner_id, res_model, res_id, day,
                    BOOL_OR(discount > 0 OR (subtotal < 0 AND quantity > 0))
                        AS discounted,
                    SUM(CASE WHEN subtotal < 0 AND quantity > 0 THEN -subtotal / rate
                        WHEN discount BETWEEN 0.01 AND 99.99 THEN
                            subtotal / rate * discount / (100 - discount)
                        ELSE 0 END) AS given
                FROM lines GROUP BY partner_id, res_model, res_id, day
            ), ranked AS (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY partner_id, discounted
                    ORDER BY day DESC, res_id DESC) AS back FROM docs
            ), shares AS (
                SELECT partner_id, COUNT(*) AS orders,
                    COUNT(*) FILTER (WHERE discounted) AS discounted,
                    SUM(given) AS given,
                    MAX(day) FILTER (WHERE discounted) AS day,
                    MAX(res_model) FILTER (WHERE discounted AND back = 1) AS res_model,
                    MAX(res_id) FILTER (WHERE discounted AND back = 1) AS res_id
                FROM ranked GROUP BY partner_id
            )
            SELECT partner_id AS contact_id, '' AS source_key, day,
                jsonb_build_object('orders', orders, 'discounted', discounted)
                    AS figures,
                ROUND(given::numeric, %(digits)s) AS amount,
                discounted::numeric / orders AS weight, res_model, res_id
            FROM shares
            WHERE orders >= %(least)s AND discounted >= orders * %(share)s""",
            lines=self._with_lines(replace(scope, since=since)),
            least=DISCOUNT_ORDERS,
            share=DISCOUNT_SHARE,
            digits=self.env["lifecycle.transaction"]._get_digits(scope),
        )

    @api.model
    def _select_category(self, scope):
        """A product category that the customer stopped buying while it bought others.

        It was at least 20 % of the spend of the year before its last purchase, and
        was bought on two days or more.  It is silent when the customer has bought
        something else after two usual gaps of the category (at least 30 days); with
        one gap only, after 180 days if that is longer.  Day: when the time was over.
        Amount: what was bought of it in that year.  Weight: its share of the spend.
        """
        return SQL(
            """WITH %(lines)s, spent AS MATERIALIZED (
                SELECT l.partner_id, t.categ_id, l.day, l.res_model,
                    MAX(l.res_id) AS res_id, SUM(l.subtotal / l.rate) AS amount
                FROM lines l
                JOIN product_product p ON p.id = l.product_id
                JOIN product_template t ON t.id = p.product_tmpl_id
                GROUP BY l.partner_id, t.categ_id, l.day, l.res_model
                HAVING SUM(l.subtotal) > 0
            ), rhythm AS (
                SELECT partner_id, categ_id, MIN(day) AS first, MAX(day) AS last,
                    COUNT(DISTINCT day) AS days,
                    MAX(MAX(day)) OVER (PARTITION BY partner_id) AS last_of_all
                FROM spent GROUP BY partner_id, categ_id
            ), patience AS (
                SELECT *, CASE
                    WHEN days = 2 THEN GREATEST(%(alone)s, 2 * (last - first))
                    ELSE GREATEST(%(least)s, CEIL(2.0 * (last - first) / (days - 1)))
                    END::int AS patience
                FROM rhythm WHERE days >= 2 AND categ_id IS NOT NULL
            ), silent AS MATERIALIZED (
                SELECT *, last + patience + 1 AS day FROM patience
                WHERE last_of_all > last + patience
            ), shares AS (
                SELECT s.partner_id, s.categ_id, s.last, s.day,
                    SUM(o.amount) FILTER (WHERE o.categ_id = s.categ_id) AS amount,
                    SUM(o.amount) AS total,
                    MAX(o.res_model) FILTER (
                        WHERE o.categ_id = s.categ_id AND o.day = s.last) AS res_model,
                    MAX(o.res_id) FILTER (
                        WHERE o.categ_id = s.categ_id AND o.day = s.last) AS res_id
                FROM silent s
                JOIN spent o ON o.partner_id = s.partner_id
                    AND o.day > s.last - 365 AND o.day <= s.last
                GROUP BY s.partner_id, s.categ_id, s.last, s.day
            )
            SELECT s.partner_id AS contact_id, s.categ_id::text AS source_key, s.day,
                jsonb_build_object('category', c.name, 'last', s.last,
                    'share', ROUND((s.amount / s.total)::numeric, 3)) AS figures,
                ROUND(s.amount::numeric, %(digits)s) AS amount,
                s.amount / s.total AS weight, s.res_model, s.res_id
            FROM shares s
            JOIN product_category c ON c.id = s.categ_id
            WHERE s.amount >= s.total * %(share)s""",
            lines=self._with_lines(replace(scope, since=None)),
            alone=CATEGORY_DAYS,
            least=CATEGORY_LEAST_DAYS,
            share=CATEGORY_SHARE,
            digits=self.env["lifecycle.transaction"]._get_digits(scope),
        )

    @api.model
    def _select_price(self, scope):
        """A product cost the customer more than 5 % more than the time before.

        The untaxed price before discounts on the last two documents with the product,
        in the same currency and unit.  Of a customer the three products that cost it
        most.  Amount: what the last purchase cost more.  Weight: the rise, 1 at 50 %.
        """
        digits = self.env["lifecycle.transaction"]._get_digits(scope)
        return SQL(
            """WITH %(lines)s, docs AS (
                SELECT partner_id, product_id, uom_id, currency_id, res_model, res_id,
                    day, SUM(quantity) AS quantity,
                    SUM(subtotal / (1 - discount / 100)) AS listed,
                    SUM(subtotal / rate / (1 - discount / 100)) AS company_listed
                FROM lines
                WHERE quantity > 0 AND discount < 100 AND product_id IS NOT NULL
                GROUP BY partner_id, product_id, uom_id, currency_id, res_model, res_id,
                    day
                -- a price of rounded amounts needs enough of them
                HAVING SUM(subtotal) >= %(enough)s
            ), ranked AS (
                SELECT *, listed / quantity AS price,
                    LAG(listed / quantity) OVER w AS old_price,
                    LAG(uom_id) OVER w AS old_uom,
                    LAG(currency_id) OVER w AS old_currency, LAG(day) OVER w AS old_day,
                    ROW_NUMBER() OVER (PARTITION BY partner_id, product_id
                        ORDER BY day DESC, res_id DESC) AS back
                FROM docs
                WINDOW w AS (PARTITION BY partner_id, product_id ORDER BY day, res_id)
            ), rises AS (
                SELECT *, company_listed * (1 - old_price / price) AS extra,
                    ROW_NUMBER() OVER (PARTITION BY partner_id ORDER BY
                        company_listed * (1 - old_price / price) DESC, product_id)
                        AS position
                FROM ranked
                WHERE back = 1 AND uom_id IS NOT DISTINCT FROM old_uom
                  AND currency_id = old_currency AND price > old_price * %(rise)s
            )
            SELECT r.partner_id AS contact_id, r.product_id::text AS source_key, r.day,
                jsonb_build_object('product', t.name, 'last', r.old_day,
                    'rise', ROUND((r.price / r.old_price - 1)::numeric, 3)) AS figures,
                ROUND(r.extra::numeric, %(digits)s) AS amount,
                LEAST(1, (r.price / r.old_price - 1) / 0.5) AS weight,
                r.res_model, r.res_id
            FROM rises r
            JOIN product_product p ON p.id = r.product_id
            JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE r.position <= %(products)s""",
            lines=self._with_lines(replace(scope, since=None)),
            enough=100 * 10**-digits if digits else 100,
            rise=PRICE_RISE,
            products=PRICE_PRODUCTS,
            digits=digits,
        )
