"""What was promised on a ticket, and whether it was kept."""

from odoo import api, fields, models
from odoo.tools import SQL

from .helpdesk_ticket import TICKET_GROUPS

PROMISE_STATES = [("open", "Still open"), ("kept", "Kept"), ("broken", "Broken")]


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    promise_rule_id = fields.Many2one(
        "lifecycle.ticket.rule",
        string="Promise",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=TICKET_GROUPS,
        help="The rule by which a first answer was promised when the ticket was made.",
    )
    promise_deadline = fields.Datetime(
        string="Answer Promised Until",
        readonly=True,
        copy=False,
        groups=TICKET_GROUPS,
        help="Until when the customer was to get a first answer.",
    )
    promise_state = fields.Selection(
        PROMISE_STATES,
        string="Promise Kept",
        readonly=True,
        copy=False,
        groups=TICKET_GROUPS,
        help="Broken: answered after the deadline, or not yet although it has passed.",
    )

    _promise_idx = models.Index(
        "(promise_deadline) WHERE promise_state = 'open'",
    )

    def _settle_promises(self, now):
        """The first answer is there: in time or not."""
        for state in ("kept", "broken"):
            settled = self.filtered(
                lambda ticket, late=state == "broken": (
                    ticket.promise_state == "open"
                    and (ticket.promise_deadline < now) == late
                )
            )
            if settled:
                settled.promise_state = state
            if settled and state == "broken":
                settled._enter_plays("promise")

    @api.model
    def _cron_break_promises(self):
        """Note which promises were broken by waiting, and start what plays are for it.

        Who edits a ticket just now is left alone, and comes next time.
        """
        self.env["helpdesk.ticket"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """UPDATE helpdesk_ticket t SET promise_state = 'broken'
                FROM (
                    SELECT id FROM helpdesk_ticket
                    WHERE promise_state = 'open' AND promise_deadline < %s
                    FOR UPDATE SKIP LOCKED
                ) late
                WHERE late.id = t.id RETURNING t.id""",
                fields.Datetime.now(),
            )
        )
        self.env["helpdesk.ticket"].invalidate_model(flush=False)
        broken = self.browse(ticket_id for (ticket_id,) in rows)
        broken._enter_plays("promise")
        return len(broken)

    def _enter_plays(self, entry_kind):
        """Put the customers of tickets into the running plays that wait for this."""
        # plays act for the company, whoever's work brought it about
        plays = self.env["lifecycle.play"].sudo()
        for company, tickets in self.sudo().grouped("company_id").items():
            customers = tickets.commercial_partner_id
            if customers:
                plays._enter_by_event(company, entry_kind, customers)
