"""How long customers wait: until somebody of the company writes, or the end."""

from odoo import api, fields, models
from odoo.tools import SQL

from .helpdesk_ticket import TICKET_GROUPS

# What people write; not notes of the system.
_WRITTEN = ("comment", "email", "email_outgoing")


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    lifecycle_complaint = fields.Boolean(
        string="Complaint",
        compute="_compute_lifecycle_complaint",
        store=True,
        readonly=False,
        tracking=True,
        groups=TICKET_GROUPS,
        help="While an open complaint waits, the customer gets no messages of plays "
        "and rules. Set by the category; can be changed.",
    )
    waiting_since = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=TICKET_GROUPS,
        help="Since when the customer waits for us: from the ticket, or from what the "
        "customer wrote last, until somebody answers or the ticket is closed.",
    )
    first_answer_date = fields.Datetime(
        string="First Answer",
        readonly=True,
        copy=False,
        groups=TICKET_GROUPS,
        help="When an employee first wrote to the customer, or the ticket was closed. "
        "Internal notes are no answer.",
    )

    @api.depends("category_id")
    def _compute_lifecycle_complaint(self):
        for ticket in self:
            ticket.lifecycle_complaint = ticket.category_id.lifecycle_complaint

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        # what nobody may set by hand; whoever may make a ticket, makes it wait
        waiting = tickets.sudo().filtered(
            lambda ticket: ticket.partner_id or ticket.partner_email
        )
        waiting = waiting.filtered(
            lambda ticket: not ticket.lifecycle_play_id and not ticket.closed
        )
        if waiting:
            waiting.waiting_since = fields.Datetime.now()
        return tickets

    def write(self, vals):
        result = super().write(vals)
        if vals.get("stage_id"):
            # who may close a ticket, ends the waiting
            self.sudo().filtered("closed")._note_answer(closing=True)
        return result

    def _message_post_after_hook(self, message, msg_vals):
        internal = message.is_internal or message.subtype_id.internal
        if message.message_type in _WRITTEN and not internal:
            # whoever may write on a ticket, also a customer in the portal
            self.sudo()._note_written(message.sudo())
        return super()._message_post_after_hook(message, msg_vals)

    def _note_written(self, message):
        """Somebody wrote: an employee answers, anybody else waits again."""
        author = message.author_id
        by_us = any(not user.share for user in author.user_ids)
        if by_us and author != self.partner_id:
            self._note_answer()
        elif message.message_type in ("comment", "email"):
            waiting = self.filtered(
                lambda ticket: (
                    not ticket.waiting_since
                    and not ticket.closed
                    and (ticket.first_answer_date or ticket.lifecycle_play_id)
                )
            )
            if waiting:
                waiting.waiting_since = message.date

    def _note_answer(self, closing=False):
        """The customer has been answered now."""
        now = fields.Datetime.now()
        first = self.filtered(lambda ticket: not ticket.first_answer_date)
        if first:
            first.first_answer_date = now
            first._settle_promises(now)
        if waiting := self.filtered("waiting_since"):
            waiting.waiting_since = False

    @api.model
    def _read_past_answers(self):
        """Fill in, once, what is known of tickets from before this addon.

        The history of messages says it; tickets without one were answered when they
        were closed.
        """
        self.env["helpdesk.ticket"].flush_model()
        written = SQL(
            """SELECT m.res_id AS ticket_id, m.date, EXISTS (
                    SELECT FROM res_users u
                    WHERE u.partner_id = m.author_id AND NOT u.share
                ) AND m.author_id IS DISTINCT FROM t.partner_id AS by_us
            FROM mail_message m
            JOIN helpdesk_ticket t ON t.id = m.res_id
            LEFT JOIN mail_message_subtype s ON s.id = m.subtype_id
            WHERE m.model = 'helpdesk.ticket' AND m.message_type = ANY(%s)
                AND NOT COALESCE(m.is_internal, FALSE)
                AND NOT COALESCE(s.internal, FALSE)""",
            list(_WRITTEN),
        )
        self.env.cr.execute(
            SQL(
                """WITH written AS MATERIALIZED (%s), answered AS (
                    SELECT ticket_id, MIN(date) AS first, MAX(date) AS last
                    FROM written WHERE by_us GROUP BY ticket_id
                ), known AS (
                    SELECT t.id, COALESCE(s.closed, FALSE) AS closed,
                        LEAST(a.first, CASE WHEN s.closed
                            THEN COALESCE(t.closed_date, t.last_stage_update,
                                t.write_date) END) AS first,
                        CASE WHEN a.first IS NULL THEN t.create_date ELSE (
                            SELECT MIN(w.date) FROM written w
                            WHERE w.ticket_id = t.id AND NOT w.by_us
                                AND w.date > a.last
                        ) END AS waiting
                    FROM helpdesk_ticket t
                    LEFT JOIN helpdesk_ticket_stage s ON s.id = t.stage_id
                    LEFT JOIN answered a ON a.ticket_id = t.id
                )
                UPDATE helpdesk_ticket t SET first_answer_date = known.first,
                    waiting_since = CASE WHEN NOT known.closed
                        AND (t.partner_id IS NOT NULL OR t.partner_email IS NOT NULL)
                        THEN known.waiting END
                FROM known WHERE known.id = t.id
                    AND t.first_answer_date IS NULL AND t.waiting_since IS NULL""",
                written,
            )
        )
        self.env["helpdesk.ticket"].invalidate_model(flush=False)
