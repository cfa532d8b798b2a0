"""Points that expire, and the reminder before."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_work_mixin import ATTEMPTS, CONFLICTS

from ..scoring.returns import EPSILON

# Cards, and mails, between two commits: each time the ledger is read again.
_BATCH = 20000
_MAILS = 1000

_logger = logging.getLogger(__name__)


class LoyaltyLot(models.Model):
    _inherit = "loyalty.lot"

    @api.model
    def _get_expiring_programs(self):
        """Programmes in force whose points expire; archived ones stand still."""
        return self.env["loyalty.program"].search(
            ["|", ("point_life_months", ">", 0), ("point_idle_months", ">", 0)]
        )

    @api.model
    def _cron_expire(self):
        """Take back the cashback of payments undone, let points expire, remind."""
        cron = self.env["ir.cron"]
        self.env["loyalty.ledger"]._take_unpaid_cashback()
        programs = self._get_expiring_programs()
        remaining = 2 * len(programs)
        cron._commit_progress(remaining=remaining)
        for step in (self._expire, self._remind):
            for program in programs:
                while self._try_again(lambda s=step, p=program: s(p)):
                    if not cron._commit_progress(1, remaining=remaining):
                        return  # called again for the rest
                remaining -= 1
                if not cron._commit_progress(1, remaining=remaining) and remaining:
                    return

    @api.model
    def _try_again(self, function):
        """Call a function; again where somebody's order changed the same cards.

        What was done since the last commit is undone by a conflict: the function must
        be all of it.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                result = function()
                self.env.flush_all()
                return result
            except CONFLICTS as error:
                self.env.cr.rollback()
                if attempt == ATTEMPTS:
                    raise
                _logger.info("Points, attempt %s: %s", attempt, error)

    @api.model
    def _expire(self, program, limit=_BATCH):
        """Let points of a programme expire whose last day is over.

        One statement: the entries, the cards and Odoo's own history.

        :param limit: cards at a time
        :return: how many cards lost points
        """
        self.env.flush_all()
        today = program._get_points_today()
        self.env.cr.execute(
            SQL(
                """WITH due AS (
                    SELECT lot.id, lot.card_id, lot.company_id, lot.remaining
                    FROM (%(lots)s) lot
                    WHERE lot.program_id = %(program)s AND lot.expire_on < %(today)s
                      AND lot.remaining > %(epsilon)s
                ), cards AS (
                    SELECT card_id, SUM(remaining) AS points FROM due
                    GROUP BY card_id ORDER BY card_id LIMIT %(limit)s
                ), entries AS (
                    INSERT INTO loyalty_ledger (
                        card_id, card_code, program_id, partner_id, company_id, date,
                        day, kind, points, source_id, lot_id, user_id, recorded)
                    SELECT c.id, c.code, c.program_id, c.partner_id, due.company_id,
                        %(now)s, %(today)s, 'expire', -due.remaining, due.id, due.id,
                        %(user)s, %(recorded)s
                    FROM due JOIN cards USING (card_id)
                    JOIN loyalty_card c ON c.id = due.card_id
                    ORDER BY due.id
                ), history AS (
                    INSERT INTO loyalty_history (
                        card_id, description, issued, used,
                        create_uid, create_date, write_uid, write_date)
                    SELECT card_id, %(description)s, 0, points,
                        %(user)s, %(recorded)s, %(user)s, %(recorded)s
                    FROM cards
                )
                UPDATE loyalty_card c SET points = c.points - cards.points
                FROM cards WHERE c.id = cards.card_id""",
                lots=self._table_query,
                program=program.id,
                today=today,
                epsilon=EPSILON,
                limit=limit,
                now=fields.Datetime.now(),
                user=self.env.uid,
                recorded=self.env.cr.now().replace(microsecond=0),
                description=self.env._("Points expired"),
            )
        )
        count = self.env.cr.rowcount
        if count:
            self.env["loyalty.card"].invalidate_model(["points", "history_ids"])
            self.env["loyalty.ledger"].invalidate_model()
            self.env["loyalty.history"].invalidate_model()
        return count

    @api.model
    def _remind(self, program, limit=_MAILS):
        """Remind owners of cards whose points expire soon, each card once per half
        of the time of the reminder.

        :param limit: mails at a time
        :return: how many cards were seen to
        """
        days, template = program.point_reminder_days, program.point_reminder_template_id
        if not (days and template):
            return 0
        self.env.flush_all()
        today = program._get_points_today()
        rows = self.env.execute_query(
            SQL(
                """SELECT lot.card_id FROM (%(lots)s) lot
                JOIN loyalty_card c ON c.id = lot.card_id
                WHERE lot.program_id = %(program)s AND lot.partner_id IS NOT NULL
                  AND c.active AND lot.remaining > %(epsilon)s
                  AND lot.expire_on BETWEEN %(today)s AND %(until)s
                  AND (c.points_reminded_on IS NULL
                       OR c.points_reminded_on <= %(again)s)
                GROUP BY lot.card_id ORDER BY lot.card_id LIMIT %(limit)s""",
                lots=self._table_query,
                program=program.id,
                epsilon=EPSILON,
                today=today,
                until=today + timedelta(days=days),
                again=today - timedelta(days=(days + 1) // 2),
                limit=limit,
            )
        )
        cards = self.env["loyalty.card"].browse(card_id for (card_id,) in rows)
        # marked in the transaction that makes the mails: none goes out twice
        cards._mark_reminded(today)
        cards._send_member_mail(template)
        return len(cards)
