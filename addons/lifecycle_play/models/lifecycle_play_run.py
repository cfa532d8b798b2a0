"""Plays are worked through batch by batch, whatever gets in the way.

A batch is one transaction: the records of the steps with all that the steps did, mails
in the queue included.  So a process that is killed leaves nothing half done, and the
next one finds what is left.
"""

import functools
import logging

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_work_mixin import ATTEMPTS, CONFLICTS

_logger = logging.getLogger(__name__)

# Customers for whom a step is done between two commits.
BATCH = 100
# Lines on the chatter of customers that are written between two commits.
LOG_BATCH = 500


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    @api.model
    def _cron_run(self):
        """Let customers in, stop who is to stop, and do the steps that are due.

        Called every few minutes, and whenever customers enter.  The plays take turns,
        one batch at a time.
        """
        cron = self.env["ir.cron"]
        # of every company: the scheduled action stands for all of them
        plays = self.sudo().search([("state", "=", "running")])
        # a company that is closed writes to nobody
        plays = plays.filtered("company_id.active")
        self._call_mail_queue()
        remaining = len(plays)
        left = cron._commit_progress(remaining=remaining)
        prepared = self.browse()
        while plays and left and not self._is_out_of_time():
            for play in plays:
                if not play._take_turn(play not in prepared):
                    plays -= play
                prepared |= play
                left = cron._commit_progress(1, remaining=len(plays))
                if not left or self._is_out_of_time():
                    break

    def _take_turn(self, first):
        """Do a batch of each step.

        :param first: what is done once in each call of the scheduled action is to do
        :return: whether there is more to do at once
        """
        self.ensure_one()
        with self._lock(self) as locked:
            self.env["ir.cron"]._commit_progress()  # a snapshot of after the lock
            if not locked or not self._is_running():
                return False
            play = self.with_company(self.company_id)
            play = play.with_context(allowed_company_ids=self.company_id.ids)
            try:
                return play._do_batches(first)
            except CONFLICTS as error:
                _logger.info("Play %s, users in the way: %s", self.id, error)
                self._roll_back()
            except Exception as error:  # whatever it is, the other plays go on
                _logger.exception("Play %s failed", self.id)
                self._roll_back()
                self._pause_broken(self._get_error_text(error))
            self.env["ir.cron"]._commit_progress()
        return False

    def _is_running(self):
        self.invalidate_recordset()
        return bool(self.exists()) and self.state == "running"

    def _do_batches(self, first):
        if first:
            self._work(self._enter_by_date)
            self._work(self._mend_steps)
            self._work(self._stop)
        more = False
        for step in self._get_steps():
            done = self._work(functools.partial(step._do_batch, BATCH))
            if not self._is_running():
                return False
            # fewer than a batch may be what the budget allows
            more = more or done >= BATCH or bool(done and self.budget)
            if self._is_out_of_time():
                return True
        logged = self._work(functools.partial(self._log_ways, LOG_BATCH))
        return more or logged >= LOG_BATCH

    def _work(self, function):
        """Do a batch and commit, again where a user was in the way."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.env.cr.savepoint():
                    result = function()
                self.env.flush_all()
                # that something was done is known, should this process be killed next
                self.env["ir.cron"]._commit_progress(1, remaining=1)
                return result
            except CONFLICTS as error:
                _logger.info("Play %s, attempt %s: %s", self.id, attempt, error)
                self._roll_back()
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("never reached")

    def _get_steps(self):
        """The steps that are done, in their order."""
        self.ensure_one()
        return self.step_ids.filtered("active").sorted(
            lambda step: (step.sequence, step.id)
        )

    def _mend_steps(self):
        """Who waits for a step that is gone goes on with the one after it."""
        self.ensure_one()
        steps = self._get_steps()
        rows = self.env.execute_query(
            SQL(
                """SELECT e.id, COALESCE(s.sequence, 0), COALESCE(s.id, 0)
                FROM lifecycle_play_enrollment e
                LEFT JOIN lifecycle_play_step s ON s.id = e.step_id
                WHERE e.play_id = %s AND e.state = 'running'
                    AND (e.step_id IS NULL OR e.step_id <> ALL(%s))""",
                self.id,
                steps.ids,
            )
        )
        waiting = {}
        for enrollment_id, *place in rows:
            waiting.setdefault(tuple(place), []).append(enrollment_id)
        for place, ids in waiting.items():
            later = steps.filtered(
                lambda step, place=place: (step.sequence, step.id) > place
            )
            self._advance(ids, later[:1], fields.Datetime.now())

    def _advance(self, ids, step, now):
        """Send enrollments on to a step, or to the end where there is none."""
        if step:
            query = SQL(
                """UPDATE lifecycle_play_enrollment e
                SET step_id = %s, step_date = %s, next_date = %s
                FROM lifecycle_play_enrollment own LEFT JOIN lifecycle_profile
                    ON lifecycle_profile.partner_id = own.partner_id
                    AND lifecycle_profile.company_id = own.company_id
                WHERE own.id = e.id AND e.id = ANY(%s)""",
                step.id,
                now,
                step._get_due(SQL("%s::timestamp", now), SQL("own.entered_date")),
                ids,
            )
        else:
            query = SQL(
                """UPDATE lifecycle_play_enrollment SET state = 'done', step_id = NULL,
                    next_date = NULL, step_date = %s, end_date = %s
                WHERE id = ANY(%s)""",
                now,
                now,
                ids,
            )
        self.env.cr.execute(query)
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)

    @api.model
    def _call_mail_queue(self):
        """Let Odoo send what waits: by itself it looks once an hour."""
        for model, state, name in (
            ("mail.mail", "outgoing", "mail.ir_cron_mail_scheduler_action"),
            ("sms.sms", "outgoing", "sms.ir_cron_sms_scheduler_action"),
        ):
            waiting = self.env[model].sudo().search_count([("state", "=", state)], 1)
            cron = self.env.ref(name, raise_if_not_found=False)
            if waiting and cron:
                cron.sudo()._trigger()
