"""Evidence from SLAs and ratings of tickets, where these are installed."""

from odoo import api, fields, models
from odoo.tools import SQL

# Odoo calls ratings below this bad; 0 is none.
BAD_RATING = 3
NEIGHBOUR_KINDS = ("ticket_sla", "bad_rating")


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _get_ticket_neighbours(self):
        """Sources that need another addon of the helpdesk; none where it is missing."""
        sources = {}
        if "helpdesk.ticket.sla" in self.env.registry:
            sources["ticket_sla"] = (
                self.env._("Broken SLAs"),
                "_select_ticket_sla",
                "_say_ticket_sla",
            )
        if "rating_ids" in self.env.registry["helpdesk.ticket"]._fields:
            sources["bad_rating"] = (
                self.env._("Bad ratings of tickets"),
                "_select_bad_rating",
                "_say_bad_rating",
            )
        return sources

    @api.model
    def _select_ticket_sla(self, scope):
        """SLAs that expired, or whose deadline has passed.  Weight: 0.5."""
        return SQL(
            """SELECT t.partner_id AS contact_id, l.id::text AS source_key,
                %(day)s AS day,
                jsonb_build_object('ticket', t.number, 'sla', s.name) AS figures,
                NULL::numeric AS amount, 0.5 AS weight,
                'helpdesk.ticket' AS res_model, t.id AS res_id
            FROM helpdesk_ticket_sla l
            JOIN helpdesk_sla s ON s.id = l.sla_id
            JOIN (SELECT t.* FROM %(tickets)s) t ON t.id = l.ticket_id
            WHERE l.state IN ('expired', 'in_progress') AND l.deadline < %(now)s
              AND %(in_time)s""",
            day=scope.local_day(SQL("l.deadline")),
            tickets=self._from_tickets(scope),
            now=fields.Datetime.now(),
            in_time=scope.moment_condition(SQL("l.deadline")),
        )

    @api.model
    def _select_bad_rating(self, scope):
        """Ratings below :data:`BAD_RATING` of 5.  Weight: 1 for the worst, else 0.8.

        The day is that of the feedback; what was rated again since shows as it is now.
        """
        moment = SQL("COALESCE(msg.date, r.write_date)")
        return SQL(
            """SELECT t.partner_id AS contact_id, r.id::text AS source_key,
                %(day)s AS day,
                jsonb_build_object('ticket', t.number, 'rating', r.rating) AS figures,
                NULL::numeric AS amount,
                CASE WHEN r.rating <= 1 THEN 1 ELSE 0.8 END AS weight,
                'helpdesk.ticket' AS res_model, t.id AS res_id
            FROM rating_rating r
            LEFT JOIN mail_message msg ON msg.id = r.message_id
            JOIN (SELECT t.* FROM %(tickets)s) t ON t.id = r.res_id
            WHERE r.res_model = 'helpdesk.ticket' AND r.consumed
              AND r.rating > 0 AND r.rating < %(bad)s AND %(in_time)s""",
            day=scope.local_day(moment),
            tickets=self._from_tickets(scope),
            bad=BAD_RATING,
            in_time=scope.moment_condition(moment),
        )
