"""Evidence from tickets: that there were some, and how they were dealt with.

Tickets that a play opened are no word of the customer, and no evidence.
"""

from odoo import api, models
from odoo.tools import SQL

# A first answer within so many days is what customers expect.
WAIT_DAYS = 2
TICKET_KINDS = ("ticket", "ticket_reopened", "ticket_wait", "ticket_promise")


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _get_evidence_sources(self):
        _ = self.env._
        return {
            **super()._get_evidence_sources(),
            "ticket": (_("Tickets"), "_select_ticket", "_say_ticket"),
            "ticket_reopened": (
                _("Reopened tickets"),
                "_select_ticket_reopened",
                "_say_ticket_reopened",
            ),
            "ticket_wait": (
                _("Waited for an answer"),
                "_select_ticket_wait",
                "_say_ticket_wait",
            ),
            "ticket_promise": (
                _("Broken promises on tickets"),
                "_select_ticket_promise",
                "_say_ticket_promise",
            ),
            **self._get_ticket_neighbours(),
        }

    @api.model
    def _from_tickets(self, scope):
        """FROM and WHERE of the tickets ``t`` of customers, of one company."""
        return SQL(
            """helpdesk_ticket t
            WHERE t.partner_id IS NOT NULL AND t.company_id = %s AND t.active
              AND t.lifecycle_play_id IS NULL AND t.create_date < %s AND %s""",
            scope.company_id,
            scope.until,
            scope.contact_condition(SQL("t.partner_id")),
        )

    @api.model
    def _select_ticket(self, scope):
        """Tickets of the customer, by the day on which they were made.

        Weight: by priority 0.1, 0.2, 0.4 and 0.6, and 0.3 more for a complaint.
        """
        return SQL(
            """SELECT t.partner_id AS contact_id, t.id::text AS source_key,
                %(day)s AS day, jsonb_build_object('ticket', t.number,
                    'complaint', COALESCE(t.lifecycle_complaint, FALSE)) AS figures,
                NULL::numeric AS amount,
                CASE t.priority WHEN '3' THEN 0.6 WHEN '2' THEN 0.4 WHEN '0' THEN 0.1
                    ELSE 0.2 END
                    + CASE WHEN t.lifecycle_complaint THEN 0.3 ELSE 0 END AS weight,
                'helpdesk.ticket' AS res_model, t.id AS res_id
            FROM %(tickets)s""",
            day=scope.local_day(SQL("t.create_date")),
            tickets=self._from_tickets(scope),
        )

    @api.model
    def _select_ticket_reopened(self, scope):
        """A closed ticket that was opened again, as Odoo tracked it.

        Which stages close a ticket is asked as they are now.  Weight: 0.6.
        """
        return SQL(
            """SELECT t.partner_id AS contact_id, v.id::text AS source_key,
                %(day)s AS day, jsonb_build_object('ticket', t.number) AS figures,
                NULL::numeric AS amount, 0.6 AS weight,
                'helpdesk.ticket' AS res_model, t.id AS res_id
            FROM mail_tracking_value v
            JOIN mail_message msg ON msg.id = v.mail_message_id
                AND msg.model = 'helpdesk.ticket'
            JOIN helpdesk_ticket_stage old ON old.id = v.old_value_integer
                AND old.closed
            JOIN helpdesk_ticket_stage new ON new.id = v.new_value_integer
                AND NOT COALESCE(new.closed, FALSE)
            JOIN (SELECT t.* FROM %(tickets)s) t ON t.id = msg.res_id
            WHERE v.field_id = (
                SELECT id FROM ir_model_fields
                WHERE model = 'helpdesk.ticket' AND name = 'stage_id')
              AND %(in_time)s""",
            day=scope.local_day(SQL("msg.date")),
            tickets=self._from_tickets(scope),
            in_time=scope.moment_condition(SQL("msg.date")),
        )

    @api.model
    def _select_ticket_wait(self, scope):
        """Tickets without a first answer for more than :data:`WAIT_DAYS` days.

        As it was on ``as_of``: what was answered later waited then.  Not those with a
        promise, which are evidence of their own.  Weight: 0.3 up to 3 days, 0.6 up to
        7, then 1.
        """
        return SQL(
            """SELECT w.partner_id AS contact_id, w.id::text AS source_key,
                CASE WHEN w.answered THEN %(answer_day)s ELSE %(late_day)s END AS day,
                CASE WHEN w.answered
                    THEN jsonb_build_object('ticket', w.number, 'days',
                        ROUND(EXTRACT(EPOCH FROM w.waited) / 86400))
                    ELSE jsonb_build_object('ticket', w.number, 'since',
                        %(made_day)s) END AS figures,
                NULL::numeric AS amount,
                CASE WHEN w.waited <= interval '3 days' THEN 0.3
                    WHEN w.waited <= interval '7 days' THEN 0.6 ELSE 1 END AS weight,
                'helpdesk.ticket' AS res_model, w.id AS res_id
            FROM (
                SELECT t.partner_id, t.id, t.number, t.create_date,
                    t.first_answer_date, t.create_date + %(limit)s AS late_date,
                    COALESCE(t.first_answer_date < %(until)s, FALSE) AS answered,
                    LEAST(t.first_answer_date, %(until)s) - t.create_date AS waited
                FROM %(tickets)s AND t.promise_rule_id IS NULL
            ) w WHERE w.waited > %(limit)s""",
            answer_day=scope.local_day(SQL("w.first_answer_date")),
            late_day=scope.local_day(SQL("w.late_date")),
            made_day=scope.local_day(SQL("w.create_date")),
            limit=SQL("make_interval(days => %s)", WAIT_DAYS),
            until=scope.until,
            tickets=self._from_tickets(scope),
        )

    @api.model
    def _select_ticket_promise(self, scope):
        """Tickets that were not answered by the time that was promised.

        Weight: 0.6, from a day later on 0.8.
        """
        return SQL(
            """SELECT t.partner_id AS contact_id, t.id::text AS source_key,
                %(day)s AS day, jsonb_build_object('ticket', t.number,
                    'promise', r.name) AS figures,
                NULL::numeric AS amount,
                CASE WHEN LEAST(t.first_answer_date, %(until)s)
                    > t.promise_deadline + interval '1 day' THEN 0.8 ELSE 0.6 END
                    AS weight,
                'helpdesk.ticket' AS res_model, t.id AS res_id
            FROM lifecycle_ticket_rule r
            JOIN (SELECT t.* FROM %(tickets)s) t ON t.promise_rule_id = r.id
            WHERE t.promise_deadline < %(until)s AND (t.first_answer_date IS NULL
                OR t.first_answer_date > t.promise_deadline)""",
            day=scope.local_day(SQL("t.promise_deadline")),
            until=scope.until,
            tickets=self._from_tickets(scope),
        )
