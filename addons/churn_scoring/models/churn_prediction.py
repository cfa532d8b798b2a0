"""What was said of each customer once a month, kept until it can be judged.

Many rows, written at once and never changed, so the table is laid out by hand as that
of the snapshots: narrow, without foreign keys; what they would do is done here.
"""

from odoo import api, fields, models
from odoo.tools import SQL


class ChurnPrediction(models.Model):
    """One row per company, day and customer with a churn probability."""

    _name = "churn.prediction"
    _description = "Kept Churn Prediction"
    _auto = False
    _log_access = False
    _order = "date desc, probability desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    model_id = fields.Many2one(
        "churn.model", readonly=True, help="The model that said it."
    )
    date = fields.Date(readonly=True, help="Day on which it was said.")
    horizon_days = fields.Integer(
        string="Horizon (days)",
        readonly=True,
        aggregator=None,
        help="The probability is that of no order within so many days.",
    )
    probability = fields.Float(
        string="Churn Probability",
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="What was said, as the screens showed it.",
    )
    clv_months = fields.Integer(
        string="Value Of (months)",
        readonly=True,
        aggregator=None,
        help="The expected value is that of so many months.",
    )
    clv = fields.Monetary(
        string="Expected Value",
        readonly=True,
        help="What the customer was expected to bring within these months.",
    )

    def init(self):
        table = SQL.identifier(self._table)
        execute = self.env.cr.execute
        execute(
            SQL(
                """CREATE TABLE IF NOT EXISTS %s (
                    id SERIAL PRIMARY KEY,
                    company_id int4 NOT NULL,
                    date date NOT NULL,
                    partner_id int4 NOT NULL,
                    model_id int4,
                    horizon_days int2 NOT NULL,
                    clv_months int2 NOT NULL,
                    probability float4 NOT NULL,
                    clv numeric)""",
                table,
            )
        )
        execute(
            SQL(
                """CREATE UNIQUE INDEX IF NOT EXISTS %s
                ON %s (company_id, date, partner_id)""",
                SQL.identifier(f"{self._table}_date_uniq"),
                table,
            )
        )
        # of a customer: its merge and its end
        execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS %s ON %s (partner_id)",
                SQL.identifier(f"{self._table}_partner_idx"),
                table,
            )
        )

    # -- writing -------------------------------------------------------------

    @api.model
    def _keep(self, company, model, day):
        """Keep what the profiles of a company say, once in a month.

        :param model: the active ``churn.model``
        :param day: the day for which the profiles stand
        :return: number of rows
        """
        month_begin = day.replace(day=1)
        [[kept]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT 1 FROM churn_prediction
                WHERE company_id = %s AND date >= %s)""",
                company.id,
                month_begin,
            )
        )
        if kept:
            return 0
        self.env.cr.execute(
            SQL(
                """INSERT INTO churn_prediction (company_id, date, partner_id, model_id,
                    horizon_days, clv_months, probability, clv)
                SELECT company_id, %(day)s, partner_id, %(model)s, %(horizon)s,
                    %(months)s, churn_probability, clv_expected
                FROM lifecycle_profile
                WHERE company_id = %(company)s AND churn_probability IS NOT NULL
                ORDER BY partner_id""",
                day=day,
                model=model.id,
                horizon=model.horizon_days,
                months=model.clv_months,
                company=company.id,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    # -- what foreign keys would do --------------------------------------------

    @api.model
    def _forget(self, condition):
        self.env.cr.execute(SQL("DELETE FROM churn_prediction p WHERE %s", condition))
        self.invalidate_model()

    @api.model
    def _forget_partners(self, partner_ids):
        """The rows of contacts that are deleted, of every company."""
        self._forget(SQL("partner_id = ANY(%s)", list(partner_ids)))

    @api.model
    def _forget_companies(self, company_ids):
        """The rows of companies that are deleted."""
        self._forget(SQL("company_id = ANY(%s)", list(company_ids)))

    @api.model
    def _merge_partners(self, source_ids, target_id):
        """Contacts become one: the one who is left bought if any of them did.

        What was said of the destination stays; where nothing was, what was said of
        the one thought least likely to leave.
        """
        partner_ids = [target_id, *source_ids]
        self._forget(
            SQL(
                """id IN (SELECT id FROM (
                    SELECT id, ROW_NUMBER() OVER (
                        PARTITION BY company_id, date
                        ORDER BY partner_id = %s DESC, probability, id
                    ) AS position
                    FROM churn_prediction WHERE partner_id = ANY(%s)
                ) ranked WHERE position > 1)""",
                target_id,
                partner_ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE churn_prediction SET partner_id = %s "
                "WHERE partner_id = ANY(%s)",
                target_id,
                list(source_ids),
            )
        )

    @api.autovacuum
    def _gc_predictions(self):
        """What was judged in full, or is older than its company keeps it."""
        self.env["res.company"].flush_model(["churn_prediction_months"])
        self._forget(
            SQL(
                """EXISTS (
                    SELECT 1 FROM res_company c
                    WHERE c.id = p.company_id AND p.date < %s::date
                        - make_interval(months => c.churn_prediction_months)
                ) OR EXISTS (
                    SELECT 1 FROM churn_judgement j
                    WHERE j.company_id = p.company_id AND j.date = p.date
                      AND j.kind = 'value')""",
                fields.Date.today(),
            )
        )
        self._forget(
            SQL(
                """NOT EXISTS (SELECT 1 FROM res_partner r WHERE r.id = p.partner_id)
                OR NOT EXISTS (SELECT 1 FROM res_company c WHERE c.id = p.company_id)"""
            )
        )
