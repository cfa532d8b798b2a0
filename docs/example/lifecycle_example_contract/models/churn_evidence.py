"""2. A source of evidence: who gives notice of a contract may leave."""

from odoo import api, models
from odoo.tools import SQL


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "contract_notice": (
                self.env._("Contracts ended"),
                "_select_contract_notice",
                "_say_contract_notice",
            ),
        }

    @api.model
    def _select_contract_notice(self, scope):
        """Notices, on their own day, with what was charged in the year before.

        Weight: 0.8, as the customer said it itself.
        """
        return SQL(
            """SELECT c.partner_id AS contact_id, c.id::text AS source_key,
                c.notice_date AS day,
                jsonb_build_object('contract', c.name, 'end', c.end_date) AS figures,
                NULLIF(GREATEST(charged.amount, 0), 0) AS amount, 0.8 AS weight,
                'example.contract' AS res_model, c.id AS res_id
            FROM example_contract c
            LEFT JOIN LATERAL (
                SELECT SUM(ch.amount) AS amount FROM example_contract_charge ch
                WHERE ch.contract_id = c.id AND ch.date <= c.notice_date
                  AND ch.date > c.notice_date - INTERVAL '1 year'
            ) charged ON TRUE
            WHERE c.company_id = %(company)s AND %(in_time)s AND %(asked)s""",
            company=scope.company_id,
            in_time=scope.day_condition(SQL("c.notice_date")),
            asked=scope.contact_condition(SQL("c.partner_id")),
        )

    def _say_contract_notice(self):
        return self.env._(
            "Gave notice of the contract “%(contract)s” on %(day)s; it ends on %(end)s",
            contract=self.figures["contract"],
            day=self._say_day(self.date),
            end=self._say_day(self.figures["end"]),
        )
