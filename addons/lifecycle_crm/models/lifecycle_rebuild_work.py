"""The scheduled action of the monthly history: one month after the other."""

import logging
import time

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..scoring.months import last_month_end, month_ends, months_after
from .lifecycle_work_mixin import ATTEMPTS, CONFLICTS, OPEN

_logger = logging.getLogger(__name__)

# What a user who works meanwhile can cause, or another server that was quicker.
_CONFLICTS = (*CONFLICTS, errors.UniqueViolation)


class LifecycleRebuild(models.Model):
    _inherit = "lifecycle.rebuild"

    @api.model
    def _cron_rebuild(self):
        """Take the months that have ended, and do what was asked for.

        Called daily and whenever something is asked for.
        """
        # pylint: disable-next=no-search-all
        for company in self.env["res.company"].search([]):
            self._request_due(company)
        self._process_open()

    @api.model
    def _request_due(self, company):
        """Ask for what a company with scores lacks: its history, or a month."""
        last = last_month_end(company._get_lifecycle_today())
        of_company = [("company_id", "=", company.id)]
        if self.search_count([*of_company, ("state", "in", OPEN)], limit=1):
            return
        done = self.search(
            [*of_company, ("state", "=", "done")], order="month_to desc", limit=1
        )
        if done.month_to and done.month_to >= last:
            return
        lately = fields.Datetime.subtract(fields.Datetime.now(), hours=20)
        failed = [("state", "=", "failed"), ("start", ">=", lately)]
        if self.search_count([*of_company, *failed], limit=1):
            return  # tomorrow again
        if not done:
            if self.env["lifecycle.run"]._get_last_done(company):
                self._request(company, "install")
            return
        limit = company.lifecycle_snapshot_months
        months = months_after(done.month_to, last)
        if len(months) > limit:
            self._request(company, "month", limit)
            return
        self.create(
            {
                "company_id": company.id,
                "reason": "month",
                "user_id": self.env.uid,
                "month_from": months[0],
                "month_to": last,
                "month_count": len(months),
            }
        )

    @api.model
    def _process_open(self):
        """Do what waits, one company after the other, month by month.

        Work that a killed process left behind goes on; work that fails is kept with
        its error and does not stop the others.
        """
        # of every company: the scheduled action stands for all of them
        rebuilds = self.sudo().search([("state", "in", OPEN)], order="id")
        newest = {rebuild.company_id: rebuild for rebuild in rebuilds}
        replaced = rebuilds.filtered(lambda r: newest[r.company_id] != r)
        replaced.try_lock_for_update().write({"state": "replaced"})
        rebuilds -= replaced

        def commit(processed=0):
            remaining = sum(
                rebuild.remaining_count
                for rebuild in rebuilds.exists()
                if rebuild.state in OPEN
            )
            self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
            # as much as the limits leave room for: each call reads everything anew
            return not remaining or not self._is_out_of_time()

        if not commit():
            return
        for rebuild in rebuilds:
            if not rebuild._work(commit):
                break

    def _work(self, commit=None):
        """Compute the months that are left.

        :param commit: called after every month, with the number of months done;
            false where there is no time for another one.  Without it nothing is
            committed.
        :return: false where time ran out
        """
        self.ensure_one()
        company = self.company_id
        with self._lock(company) as locked:
            if locked:
                return self._work_on(company, commit)
        _logger.info("History of company %s: computed elsewhere", company.id)
        return True

    def _work_on(self, company, commit):
        """The months that are left of a company that this process has locked."""
        engine = self.env["lifecycle.engine"].with_company(company)
        options = {}
        while self._claim(commit) and (months := self._get_months_left()):
            if not self._attempt(engine, months[0], options):
                # somebody was in the way again and again: the next call goes on
                return not commit or commit()
            if commit and not commit(1):
                return False
        return True

    def _claim(self, commit=None):
        """Take the work for the next month; false where there is nothing to do."""
        if not self._take():
            return False
        values = {"stop_count": self.stop_count + 1}  # until the month is written
        if self.state == "pending":
            values.update(state="running", start=fields.Datetime.now())
        self.write(values)
        if commit:
            commit()  # else nobody would know of a stop
        return True

    def _get_months_left(self):
        """Month ends to compute, oldest first; none where the work is done."""
        if self.month_done:
            return months_after(self.month_done, self.month_to)
        return month_ends(self.month_to, self.month_count)

    def _attempt(self, engine, month, options):
        """Compute a month, again from its start where a user was in the way.

        :param options: what is handed to the engine for every month, made with the
            first of them
        :return: false where it could not be done now
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._compute_month(engine, month, options)
            except _CONFLICTS as error:
                _logger.info("History of %s, attempt %s: %s", month, attempt, error)
                self._roll_back()
                if not self._take():
                    return False
        self.stop_count = 0  # nothing stopped it
        return False

    def _compute_month(self, engine, month, options):
        """One month: its customers, its figures and its movements, or nothing."""
        company = self.company_id
        began = time.monotonic()
        values = {
            "month_done": month,
            "done_count": self.done_count + 1,
            "stop_count": 0,
        }
        if month >= self.month_to:
            values["state"] = "done"
        try:
            self._check_stops()
            with self.env.cr.savepoint():
                if not options:
                    # once for all months: most of the time goes into reading it; and
                    # before the lock, which a replica would take for a write
                    options["history"] = engine._read_history(company, self.month_to)
                if not self._take():
                    return False  # taken back while it was read
                engine._stage_company(company, month, rows_only=True, **options)
                snapshots = self.env["lifecycle.snapshot"].with_company(company)
                snapshots._write_numbers(company, month)
                if not (self.baseline and month == self.month_from):
                    self.env["lifecycle.kpi"]._write_month(company, month)
                if month >= self.month_to:
                    self.env["crm.lead"]._backfill_creation_stages(company)
            values["error"] = False
        except _CONFLICTS:
            raise
        except Exception as error:  # whatever it is, the other companies go on
            _logger.exception("History of company %s, %s", company.id, month)
            values = {"state": "failed", "error": self._get_month_error(error, month)}
        self.env.invalidate_all()
        self.write({**values, "duration": self.duration + time.monotonic() - began})
        return True

    def _get_month_error(self, error, month):
        if isinstance(error, MemoryError):
            error = UserError("\n".join(["MemoryError", self._get_limits_text()]))
        return self.env._(
            "%(month)s: %(error)s",
            month=format_date(self.env, month, date_format="MMMM y"),
            error=self._get_error_text(error),
        )

    def _get_stops_text(self, count):
        return self.env._(
            "The work was stopped %(count)s times before this month was finished: "
            "computing it takes longer, or more memory, than a scheduled action may.",
            count=count,
        )
