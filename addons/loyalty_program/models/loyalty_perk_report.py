"""What tiers gave, by tier and month, and what it cost."""

from odoo import fields, models
from odoo.tools import SQL


class LoyaltyPerkReport(models.Model):
    """One row per tier, month, company and kind of perk.

    Orders know the tier that they were confirmed by, so what was given stays with the
    tier of then.  Money is in the currency of the company.
    """

    _name = "loyalty.perk.report"
    _description = "Perks by Tier and Month"
    _auto = False
    _order = "month desc, tier_id, kind"
    _rec_name = "tier_id"

    tier_id = fields.Many2one("loyalty.tier", readonly=True)
    program_id = fields.Many2one("loyalty.program", string="Programme", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(readonly=True, help="First day of the month.")
    kind = fields.Selection(
        [
            ("sales", "Sales to members"),
            ("price", "Lower prices"),
            ("points", "Extra points"),
            ("reward", "Rewards for the tier only"),
            ("coupon", "Welcome coupons"),
            ("cashback", "Cashback"),
        ],
        string="Perk",
        readonly=True,
        help="Sales to members: what the perks stand beside, with its margin.",
    )
    count = fields.Integer(
        string="Times", readonly=True, help="Orders, coupons or credits."
    )
    given = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="Points for extra points, coupons for welcome coupons, else money.",
    )
    cost = fields.Monetary(
        readonly=True,
        help="What it cost in money. Extra points cost what the cheapest reward of the "
        "programme gives for them.",
    )
    sales = fields.Monetary(readonly=True, help="Untaxed, at the rate of the order.")
    margin = fields.Monetary(
        readonly=True, help="Untaxed sales less the cost of the products."
    )

    @property
    def _table_query(self):
        """Orders of the companies of the switcher, by the tier of then."""
        selects = []
        for company in self.env.companies:
            selects += self._get_selects(company)
        return SQL(
            """SELECT ROW_NUMBER() OVER () AS id, found.*, t.program_id
            FROM (%s) AS found (tier_id, company_id, month, kind, count, given, cost,
                sales, margin) JOIN loyalty_tier t ON t.id = found.tier_id""",
            SQL(" UNION ALL ").join(selects),
        )

    def _get_selects(self, company):
        cost = self.env["loyalty.engine"]._select_order_cost(company)
        month = SQL("date_trunc('month', so.date_order)::date")
        rate = SQL("COALESCE(NULLIF(so.currency_rate, 0), 1)")
        points = self._get_point_values(company)
        wallets = self._get_wallet_values(company)
        return [
            SQL(
                """SELECT so.order_tier_id, %(company)s, %(month)s, 'sales', COUNT(*),
                    0, 0, SUM(so.amount_untaxed / %(rate)s),
                    SUM(so.amount_untaxed / %(rate)s - COALESCE(costs.cost, 0))
                FROM sale_order so LEFT JOIN LATERAL (
                    SELECT cost FROM (SELECT so.id AS res_id) s, LATERAL (%(cost)s) c
                ) costs ON TRUE
                WHERE so.order_tier_id IS NOT NULL AND so.state = 'sale'
                  AND so.company_id = %(company)s GROUP BY 1, 3""",
                company=company.id,
                month=month,
                rate=rate,
                cost=cost,
            ),
            SQL(
                """SELECT so.order_tier_id, %(company)s, %(month)s, 'price',
                    COUNT(DISTINCT so.id), SUM(gap.money), SUM(gap.money), 0, 0
                FROM sale_order so
                JOIN loyalty_tier t ON t.id = so.order_tier_id
                    AND t.pricelist_id = so.pricelist_id
                JOIN LATERAL (
                    SELECT SUM(sol.product_uom_qty * pt.list_price
                        - sol.price_subtotal / %(rate)s) AS money
                    FROM sale_order_line sol
                    JOIN product_product pp ON pp.id = sol.product_id
                    JOIN product_template pt ON pt.id = pp.product_tmpl_id
                    WHERE sol.order_id = so.id AND %(priced)s
                ) gap ON gap.money > 0
                WHERE so.state = 'sale' AND so.company_id = %(company)s
                GROUP BY 1, 3""",
                company=company.id,
                month=month,
                rate=rate,
                priced=self._get_priced_lines(),
            ),
            SQL(
                """SELECT so.order_tier_id, %(company)s, %(month)s, 'points',
                    COUNT(DISTINCT so.id),
                    SUM(kept.points * (1 - 1 / so.order_tier_multiplier)),
                    SUM(kept.points * (1 - 1 / so.order_tier_multiplier)
                        * COALESCE(v.value, 0)), 0, 0
                FROM sale_order so
                JOIN loyalty_tier t ON t.id = so.order_tier_id
                JOIN loyalty_ledger l ON l.order_id = so.id AND l.kind = 'earn'
                    AND l.program_id = t.program_id AND l.points > 0
                CROSS JOIN LATERAL (
                    SELECT l.points + COALESCE(SUM(back.points), 0) AS points
                    FROM loyalty_ledger back
                    WHERE back.source_id = l.id AND back.kind <> 'expire'
                ) kept
                LEFT JOIN unnest(%(programs)s::int[], %(values)s::numeric[])
                    AS v(program_id, value) ON v.program_id = t.program_id
                WHERE so.order_tier_multiplier > 1 AND so.state = 'sale'
                  AND so.company_id = %(company)s GROUP BY 1, 3""",
                company=company.id,
                month=month,
                programs=list(points),
                values=list(points.values()),
            ),
            SQL(
                """SELECT so.order_tier_id, %(company)s, %(month)s, 'reward', COUNT(*),
                    SUM(-sol.price_subtotal / %(rate)s),
                    SUM(-sol.price_subtotal / %(rate)s), 0, 0
                FROM sale_order_line sol
                JOIN loyalty_reward r ON r.id = sol.reward_id
                JOIN loyalty_program lp ON lp.id = r.program_id
                    AND (r.min_tier_id IS NOT NULL OR lp.min_tier_id IS NOT NULL)
                JOIN sale_order so ON so.id = sol.order_id
                WHERE so.order_tier_id IS NOT NULL AND so.state = 'sale'
                  AND so.company_id = %(company)s GROUP BY 1, 3""",
                company=company.id,
                month=month,
                rate=rate,
            ),
            SQL(
                """SELECT c.welcome_tier_id, %(company)s,
                    date_trunc('month', c.create_date)::date, 'coupon', COUNT(*),
                    COUNT(*), 0, 0, 0
                FROM loyalty_card c
                WHERE c.welcome_tier_id IS NOT NULL
                  AND c.welcome_company_id = %(company)s
                GROUP BY 1, 3""",
                company=company.id,
            ),
            SQL(
                """SELECT given.tier_id, %(company)s,
                    date_trunc('month', given.day)::date, 'cashback',
                    COUNT(*), SUM(given.points + COALESCE(back.points, 0)),
                    SUM((given.points + COALESCE(back.points, 0))
                        * COALESCE(v.value, 1)), 0, 0
                FROM loyalty_ledger given
                LEFT JOIN LATERAL (
                    SELECT SUM(l.points) AS points FROM loyalty_ledger l
                    WHERE l.source_id = given.id
                ) back ON TRUE
                LEFT JOIN unnest(%(programs)s::int[], %(values)s::numeric[])
                    AS v(program_id, value) ON v.program_id = given.program_id
                WHERE given.kind = 'cashback' AND given.tier_id IS NOT NULL
                  AND given.company_id = %(company)s
                GROUP BY 1, 3""",
                company=company.id,
                programs=list(wallets),
                values=list(wallets.values()),
            ),
        ]

    def _get_priced_lines(self):
        """Condition on order lines ``sol``: those priced by the pricelist."""
        return SQL("sol.reward_id IS NULL")

    def _get_point_values(self, company):
        """What a point of each programme costs: ``{program id: money}``, in the
        currency of a company, today.
        """
        # terms of the programmes, no member is named
        programs = (
            self.env["loyalty.program"].sudo().search([("tier_ids", "!=", False)])
        )
        return {
            program.id: program._get_point_value() * self._get_rate(program, company)
            for program in programs
        }

    def _get_wallet_values(self, company):
        """What one unit of each eWallet is worth in a company: ``{id: money}``."""
        wallets = self.env["loyalty.program"].sudo()  # as above
        wallets = wallets.with_context(active_test=False)
        wallets = wallets.search([("program_type", "=", "ewallet")])
        return {wallet.id: self._get_rate(wallet, company) for wallet in wallets}

    def _get_rate(self, program, company):
        return self.env["res.currency"]._get_conversion_rate(
            program.currency_id, company.currency_id, company
        )
