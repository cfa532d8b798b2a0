"""What brought a customer back: the win-back opportunity."""

from odoo import api, fields, models
from odoo.tools import SQL

# An opportunity is the cause of a comeback at most so many days before or after it.
_WINDOW_DAYS = 90


class LifecycleTransition(models.Model):
    _inherit = "lifecycle.transition"

    win_back_lead_id = fields.Many2one(
        "crm.lead",
        string="Won Back By",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Win-back opportunity that was won, or whose quotation was confirmed, at "
        "most 90 days around the day on which the customer came back.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Transitions that automations hear are created with their opportunity."""
        by_company = {}
        for vals in filter(self._may_be_won_back, vals_list):
            by_company.setdefault(vals["company_id"], []).append(vals)
        for company_id, group in by_company.items():
            company = self.env["res.company"].browse(company_id)
            causes = self._find_win_backs(company, group)
            for vals in group:
                if vals["partner_id"] in causes:
                    lead_id, note = causes[vals["partner_id"]]
                    vals["win_back_lead_id"] = lead_id
                    vals["note"] = vals.get("note") or note
        return super().create(vals_list)

    @api.model
    def _may_be_won_back(self, vals):
        return (
            vals.get("kind") == "stage"
            and vals.get("cause") == "purchase"
            and vals.get("to_stage_id") in self._get_won_back_stage_ids()
        )

    @api.model
    def _get_won_back_stage_ids(self):
        """Stages of customers who came back: their rule asks for the comeback."""
        # which stages there are is a fact of the system, not of the user
        stages = self.env["lifecycle.stage"].sudo().with_context(active_test=False)
        return stages.search(
            [
                "|",
                ("domain", "like", "days_since_comeback"),
                ("domain", "like", "won_back_date"),
            ]
        ).ids

    @api.model
    def _find_win_backs(self, company, moves):
        """{customer: (opportunity, note)} for transitions that are not written yet."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (t.partner_id) t.partner_id, found.id, found.note
                FROM unnest(%s::int[], %s::date[]) AS t(partner_id, date)
                JOIN LATERAL (%s) found ON TRUE
                ORDER BY t.partner_id""",
                [vals["partner_id"] for vals in moves],
                [fields.Date.to_date(vals["date"]) for vals in moves],
                self._select_win_backs(company),
            )
        )
        return {partner_id: (lead_id, note) for partner_id, lead_id, note in rows}

    @api.model
    def _link_win_backs(self, company, partner_ids=None):
        """Record with comebacks the win-back opportunity that brought them.

        Transitions stay as they are but for this link and its note, which may be known
        later only: an opportunity is often closed after the order.

        :param partner_ids: customers to look at, default all
        """
        stage_ids = self._get_won_back_stage_ids()
        if not stage_ids:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_transition moved
                SET win_back_lead_id = found.lead_id,
                    note = COALESCE(moved.note, found.note)
                FROM (
                    SELECT t.id, found.id AS lead_id, found.note
                    FROM lifecycle_transition t
                    JOIN LATERAL (%(leads)s) found ON TRUE
                    WHERE t.company_id = %(company)s AND t.kind = 'stage'
                      AND t.cause = 'purchase' AND t.to_stage_id = ANY(%(stages)s)
                      AND t.win_back_lead_id IS NULL AND t.date > %(since)s
                      AND %(asked)s
                ) found WHERE moved.id = found.id""",
                leads=self._select_win_backs(company),
                company=company.id,
                stages=stage_ids,
                # what was older could not be caused by an opportunity of these days
                since=fields.Date.subtract(company._get_lifecycle_today(), years=1),
                asked=SQL("TRUE")
                if partner_ids is None
                else SQL("t.partner_id = ANY(%s)", list(partner_ids)),
            )
        )
        self.invalidate_model(["win_back_lead_id", "note"], flush=False)

    @api.model
    def _select_win_backs(self, company):
        """SELECT of the opportunity that brought back ``t.partner_id`` on ``t.date``.

        One whose quotation was confirmed goes before one that was only won; of several
        the latest.
        """
        day = self.env["lifecycle.transaction"]._get_scope(company).local_day
        return SQL(
            """SELECT l.id, CONCAT(%(prefix)s::text, ' ', l.name) AS note
            FROM crm_lead l
            JOIN res_partner lc ON lc.id = l.partner_id
            LEFT JOIN LATERAL (
                SELECT MAX(%(order_day)s) AS day FROM sale_order so
                WHERE so.opportunity_id = l.id AND so.state = 'sale'
                  AND so.company_id = %(company)s AND %(order_day)s <= t.date
            ) ordered ON TRUE
            WHERE lc.commercial_partner_id = t.partner_id AND l.win_back
              AND (l.company_id = %(company)s OR l.company_id IS NULL)
              AND %(created_day)s <= t.date
              AND (ordered.day >= t.date - %(window)s OR (l.won_status = 'won'
                AND %(closed_day)s BETWEEN t.date - %(window)s AND t.date + %(window)s))
              AND NOT EXISTS (SELECT FROM lifecycle_transition used
                WHERE used.win_back_lead_id = l.id)
            ORDER BY ordered.day DESC NULLS LAST, l.date_closed DESC NULLS LAST,
                l.id DESC
            LIMIT 1""",
            prefix=self.env._("Win-back opportunity:"),
            order_day=day(SQL("so.date_order")),
            created_day=day(SQL("l.create_date")),
            closed_day=day(SQL("l.date_closed")),
            company=company.id,
            window=_WINDOW_DAYS,
        )

    def action_open_win_back(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.win_back_lead_id.id,
            "views": [(False, "form")],
        }


class LifecycleStore(models.AbstractModel):
    _inherit = "lifecycle.store"

    @api.model
    def _record_transitions(self, company, as_of, run):
        """With what moved, the comebacks get their cause, the save lists an outcome."""
        count = super()._record_transitions(company, as_of, run)
        partner_ids = self._get_changed_partners()
        if partner_ids:
            self.env["lifecycle.transition"]._link_win_backs(company, partner_ids)
            self.env["churn.save"]._settle(company, partner_ids, as_of)
        return count

    @api.model
    def _get_changed_partners(self):
        """Customers of the batch who have to do with a save list or a win-back.

        Most have not: then nothing more is asked.
        """
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """SELECT c.partner_id FROM lifecycle_profile_changes c
                    WHERE EXISTS (SELECT FROM churn_save s
                        WHERE s.partner_id = c.partner_id)
                    OR EXISTS (SELECT FROM crm_lead l
                        JOIN res_partner lc ON lc.id = l.partner_id
                        WHERE lc.commercial_partner_id = c.partner_id AND l.win_back)"""
                )
            )
        ]
