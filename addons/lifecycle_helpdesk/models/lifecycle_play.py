"""Plays that tickets start, stop, or must not be held back by."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_work_mixin import CONFLICTS

_logger = logging.getLogger(__name__)

# What happens on tickets, and lets customers in.
TICKET_EVENTS = ("promise",)


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    entry_kind = fields.Selection(
        selection_add=[
            ("promise", "When a promise on a ticket was broken"),
            ("hand",),
        ],
        ondelete={"promise": lambda plays: plays._leave_to_hand()},
    )
    answers_complaint = fields.Boolean(
        help="Also writes to customers with an open complaint: an apology, or a "
        "question what went wrong. All else that the gate asks for stays."
    )

    def _leave_to_hand(self):
        """The addon goes: nothing lets customers in by itself any more."""
        self.write({"entry_kind": "hand", "state": "paused"})

    @api.model
    def _get_ticket_events(self):
        """Values of ``entry_kind`` that stand for something that happened once."""
        return TICKET_EVENTS

    @api.model
    def _enter_by_event(self, company, entry_kind, customers):
        """Let customers into the running plays that wait for what happened to them.

        :return: number of customers who entered
        """
        plays = self.search(
            [
                ("state", "=", "running"),
                ("entry_kind", "=", entry_kind),
                ("company_id", "=", company.id),
            ]
        )
        return sum(play._enter_event(entry_kind, customers) for play in plays)

    def _enter_event(self, entry_kind, customers):
        """A play that cannot be asked any more must not keep tickets from being done.

        :return: number of customers who entered
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return self._enter(entry_kind, self._select_customers(customers))
        except CONFLICTS:
            raise
        except Exception as error:  # whatever became of its conditions
            _logger.exception("Nobody could enter the play %s", self.id)
            self.env.invalidate_all(flush=False)
            self._pause_broken(self._get_error_text(error))
            return 0

    def _select_today(self):
        # what is yet to happen, nobody knows
        if self.entry_kind in self._get_ticket_events():
            return self._select_nobody()
        return super()._select_today()

    def _get_stops(self):
        stops = super()._get_stops()
        if self.stop_on_ticket:
            # its own tickets, and those of other plays, are no word of the customer
            stops["ticket"] = SQL(
                """EXISTS (SELECT FROM helpdesk_ticket t
                    WHERE t.commercial_partner_id = e.partner_id
                    AND t.company_id = e.company_id
                    AND t.create_date >= e.entered_date
                    AND t.lifecycle_play_id IS NULL)"""
            )
        return stops
