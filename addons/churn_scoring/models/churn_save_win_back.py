from odoo import fields, models
from odoo.tools import SQL


class ChurnWinBack(models.Model):
    """Report: one row per win-back opportunity, with what came of it."""

    _name = "churn.win.back"
    _description = "Win-Back Result"
    _auto = False
    _order = "create_date desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    create_date = fields.Datetime(string="Created On", readonly=True)
    won_status = fields.Selection(
        [("pending", "Open"), ("won", "Won"), ("lost", "Lost")],
        string="Result",
        readonly=True,
        help="Won also where its quotation was confirmed.",
    )
    won_date = fields.Date(
        readonly=True,
        help="Day of its first confirmed order, else the day on which it was won.",
    )
    came_back = fields.Boolean(
        readonly=True,
        help="It is recorded as the cause of the customer coming back after a lapse.",
    )
    lead_count = fields.Integer(string="Opportunities", readonly=True)
    won_count = fields.Integer(string="Won", readonly=True)
    back_count = fields.Integer(string="Customers Who Came Back", readonly=True)
    expected_revenue = fields.Monetary(readonly=True)
    order_count = fields.Integer(
        string="Orders Since",
        readonly=True,
        help="Purchases from the day it was won on, within a year.",
    )
    revenue = fields.Monetary(
        string="Revenue Since",
        readonly=True,
        help="Net revenue of the customer from the day it was won on, within a year.",
    )

    @property
    def _table_query(self):
        """Win-back opportunities of the companies chosen in the company switcher."""
        selects = [
            self._select_company(company)
            for company in self.env.companies.sudo()  # settings of own companies
        ]
        return SQL(" UNION ALL ").join(selects)

    def _select_company(self, company):
        transactions = self.env["lifecycle.transaction"]
        day = transactions._get_scope(company).local_day
        leads = SQL(
            """SELECT l.id, lc.commercial_partner_id AS partner_id, l.user_id,
                l.team_id, l.create_date, l.expected_revenue, l.won_status,
                CASE WHEN ordered.day IS NOT NULL THEN ordered.day
                    WHEN l.won_status = 'won' THEN %(closed_day)s END AS won_date,
                EXISTS (SELECT FROM lifecycle_transition t
                    WHERE t.win_back_lead_id = l.id) AS came_back
            FROM crm_lead l
            JOIN res_partner lc ON lc.id = l.partner_id
            LEFT JOIN crm_team team ON team.id = l.team_id
            LEFT JOIN res_users u ON u.id = l.user_id
            LEFT JOIN LATERAL (
                SELECT MIN(%(order_day)s) AS day FROM sale_order so
                WHERE so.opportunity_id = l.id AND so.state = 'sale'
                  AND so.company_id = %(company)s
            ) ordered ON TRUE
            WHERE l.win_back AND l.type = 'opportunity'
              AND COALESCE(l.company_id, team.company_id, u.company_id) = %(company)s
            """,
            closed_day=day(SQL("l.date_closed")),
            order_day=day(SQL("so.date_order")),
            company=company.id,
        )
        # purchases of these customers only
        partner_ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """SELECT DISTINCT partner_id FROM (%s) l
                    WHERE won_date IS NOT NULL""",
                    leads,
                )
            )
        ]
        return SQL(
            """SELECT l.id, l.id AS lead_id, l.partner_id,
                %(company)s AS company_id, l.user_id, l.team_id, l.create_date,
                CASE WHEN l.won_date IS NOT NULL THEN 'won' ELSE l.won_status END
                    AS won_status,
                l.won_date, l.came_back, 1 AS lead_count,
                (l.won_date IS NOT NULL)::int AS won_count,
                l.came_back::int AS back_count, l.expected_revenue,
                COUNT(*) FILTER (WHERE t.is_order) AS order_count,
                COALESCE(SUM(t.amount), 0) AS revenue
            FROM (%(leads)s) l
            LEFT JOIN (%(bought)s) t ON t.partner_id = l.partner_id
                AND t.day BETWEEN l.won_date AND l.won_date + 365
            GROUP BY l.id, l.partner_id, l.user_id, l.team_id, l.create_date,
                l.won_status, l.won_date, l.came_back, l.expected_revenue""",
            company=company.id,
            leads=leads,
            bought=transactions._get_query(company, partner_ids=partner_ids),
        )

    def action_open_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }
