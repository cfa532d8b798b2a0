"""4. A score: found for all customers at once, as of whatever day a run stands for."""

from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_engine_columns import Column

MONTHS = 12
COLUMNS = {"contract_end_date": Column("day"), "contract_revenue": Column("money")}


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_score_columns(self):
        """What the engine compares with the stored profiles, and writes."""
        return {**super()._get_score_columns(), **COLUMNS}

    @api.model
    def _get_scorers(self):
        return [*super()._get_scorers(), self._score_contracts]

    @api.model
    def _score_contracts(self, facts, context):
        """One query, whether it is about a million customers or about one."""
        found = self._read_for_customers(
            context,
            facts["partner_id"].to_numpy(),
            partial(self._select_contracts, context.company, context.as_of),
            COLUMNS,
        )
        for name, values in found.items():
            facts[name] = values

    @api.model
    def _select_contracts(self, company, as_of, partner_ids=None):
        """SELECT of ``customer, contract_end_date, contract_revenue``.

        A contract is known from the day on which it starts.
        """
        scope = self.env["lifecycle.transaction"]._get_scope(
            company, as_of, partner_ids
        )
        asked = scope.contact_condition(SQL("partner_id"))
        return SQL(
            """SELECT p.commercial_partner_id AS customer,
                MAX(r.end_date) AS contract_end_date,
                SUM(r.amount) AS contract_revenue
            FROM (
                SELECT partner_id, end_date, NULL::numeric AS amount
                FROM example_contract
                WHERE company_id = %(company)s AND start_date <= %(as_of)s AND %(asked)s
                UNION ALL
                SELECT partner_id, NULL, amount
                FROM example_contract_charge
                WHERE company_id = %(company)s AND %(asked)s
                  AND date > %(since)s AND date <= %(as_of)s
            ) r JOIN res_partner p ON p.id = r.partner_id
            GROUP BY p.commercial_partner_id""",
            company=company.id,
            as_of=as_of,
            since=as_of - relativedelta(months=MONTHS),
            asked=asked,
        )
