"""Who waits for an answer to a complaint gets nothing else meanwhile."""

from odoo import api, models
from odoo.tools import SQL

# In the context: what is sent is about the complaint.  An object, no client can say it.
_ANSWER = object()


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _find_reasons(self, facts, company, channel, play, at, key):
        if (play and play.answers_complaint) or self._is_about_ticket(key):
            self = self.with_context(lifecycle_complaint=_ANSWER)
        return super()._find_reasons(facts, company, channel, play, at, key)

    @api.model
    def _is_about_ticket(self, key):
        """Whether what is sent, as ``mail.template,12``, is written about a ticket."""
        model, _comma, res_id = (key or "").partition(",")
        if model not in ("mail.template", "sms.template") or not res_id.isdecimal():
            return False
        # what a template is about is no secret
        template = self.env[model].sudo().browse(int(res_id))
        return template.model == "helpdesk.ticket"

    @api.model
    def _get_open_complaints(self, facts, company):
        found = super()._get_open_complaints(facts, company)
        if self.env.context.get("lifecycle_complaint") is _ANSWER:
            return found
        self.env["helpdesk.ticket"].flush_model()
        self.env["helpdesk.ticket.stage"].flush_model(["closed"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT t.commercial_partner_id
                FROM helpdesk_ticket t
                LEFT JOIN helpdesk_ticket_stage s ON s.id = t.stage_id
                WHERE t.commercial_partner_id = ANY(%s) AND t.company_id = %s
                    AND t.active AND NOT COALESCE(s.closed, FALSE)
                    AND t.lifecycle_play_id IS NULL
                    AND (%s OR t.lifecycle_complaint)""",
                sorted({fact.customer_id for fact in facts.values()}),
                company.id,
                company.lifecycle_complaint_tickets == "all",
            )
        )
        waiting = {customer_id for (customer_id,) in rows}
        return found | {
            partner_id
            for partner_id, fact in facts.items()
            if fact.customer_id in waiting
        }
