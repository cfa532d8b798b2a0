"""How runs are done: one after the other, batch by batch, whatever gets in the way.

A run commits after each batch.  What a batch wrote is right and whole, so a run that
is killed is simply done again: it finds less to write.  A lock of the database session
keeps two servers from doing one company at once; it ends with the connection.
"""

import logging
import time
from collections import Counter
from contextlib import contextmanager

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

_logger = logging.getLogger(__name__)

# First key of the advisory locks of the runs; the second is the company.
_LOCK_KEY = 5_492_001
# What a user who works meanwhile can cause: a changed row, a deleted contact.
CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.ForeignKeyViolation,
)
_ATTEMPTS = 5
_FAILURES_A_DAY = 3
# Share of the time limit of scheduled actions after which a run stops by itself.
_SHARE_OF_TIME = 0.6
_COUNTED = ("created_count", "changed_count", "deleted_count", "transition_count")
# Times that a run may be stopped before it wrote anything.
_STOPS = 5


class OutOfTime(Exception):
    """The scheduled action must end; the run goes on at its next call."""


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    @api.model
    def _cron_recompute(self):
        """Recompute what waits; once a day every company.

        Called hourly and whenever a run is requested.
        """
        # pylint: disable-next=no-search-all
        for company in self.env["res.company"].search([]):
            if self._is_nightly_due(company):
                # the first run of all never fires automation
                first = not self._get_last_done(company)
                reason = "install" if first else "nightly"
                self._request(company, reason, quiet=first, full=first)
        self._process_pending()

    @api.model
    def _is_nightly_due(self, company):
        """Whether this company has no run of today yet."""
        last = self._get_last_done(company)
        today = company._get_lifecycle_today()
        if last and last.as_of >= today:
            return False
        failed = self.search_count(
            [
                ("company_id", "=", company.id),
                ("state", "=", "failed"),
                ("as_of", "=", today),
            ],
            limit=_FAILURES_A_DAY,
        )
        return failed < _FAILURES_A_DAY

    @api.model
    def _process_pending(self):
        """Do the runs that wait, one company after the other.

        A run that fails is kept with its error and does not stop the others. One
        that a killed process left behind as "running" is taken up again.
        """
        cron = self.env["ir.cron"]
        # of every company: the scheduled action stands for all of them
        runs = self.sudo().search([("state", "in", ("pending", "running"))], order="id")
        remaining = len(runs)
        cron._commit_progress(remaining=remaining)
        for run in runs:
            if self._is_out_of_time():
                return
            with self._lock(run.company_id) as locked:
                # another server may have done it, or somebody removed it
                cron._commit_progress(remaining=remaining)
                if locked and run._claim():
                    # seen by everybody before the work begins
                    cron._commit_progress(1, remaining=remaining)
                    if not run._execute():
                        continue
                elif not locked:
                    _logger.info("%s is being recomputed elsewhere", run.company_id.id)
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                break

    def _claim(self):
        """Mark a run as begun; false where there is nothing to do any more."""
        self.ensure_one()
        self.invalidate_recordset()
        if not self.exists() or not self.try_lock_for_update():
            return False
        if self.state not in ("pending", "running"):
            return False
        values = {"state": "running", "alive": fields.Datetime.now()}
        if self.state == "pending":
            values.update(start=values["alive"], attempt_count=0)
        self.write({**values, "attempt_count": self.attempt_count + 1})
        return True

    def _execute(self):
        """Do a run that was claimed.

        :return: whether it came to an end, good or bad
        """
        self.ensure_one()
        company = self.company_id
        began = time.monotonic()
        values = {"as_of": company._get_lifecycle_today()}
        try:
            self._settle_quiet()
            self._check_stops()
            engine = self.env["lifecycle.engine"].with_company(company)
            figures = engine._recompute_company(company, self, work=self._work)
            # what was written is counted batch by batch, in all attempts
            values.update(
                {key: figures[key] for key in figures if key not in _COUNTED},
                state="done",
                error=False,
            )
        except OutOfTime:
            return False
        except CONFLICTS as error:
            _logger.info("Lifecycle run %s, users in the way: %s", self.id, error)
            self.state = "pending"  # the next call of the scheduled action tries again
            return False
        except Exception as error:  # whatever it is, the other companies go on
            _logger.exception("Lifecycle run of company %s failed", company.id)
            values.update(state="failed", error=self._get_error_text(error))
        self.env.invalidate_all()
        values["duration"] = self.duration + time.monotonic() - began
        self.write({**values, "alive": fields.Datetime.now()})
        return True

    def _settle_quiet(self):
        """Find out whether this run may be heard."""
        company = self.company_id
        # of the first run of all, nobody must hear
        if not self.quiet and not self._get_last_done(company):
            self._hush(["install"])
        # Nor of what came with a quiet request that this run sees already: an
        # import that was committed after this run was asked for.
        waiting = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "pending"),
                ("quiet", "=", True),
                ("id", "!=", self.id),
            ]
        )
        if waiting:
            self._hush(waiting.mapped("reason"))

    def _check_stops(self):
        """Give up where the time limit always strikes before anything is written."""
        if self.attempt_count > _STOPS and not self.done_count:
            raise UserError(
                self.env._(
                    "The run was stopped %(count)s times before it could write "
                    "anything. Reading the purchases takes longer than a scheduled "
                    "action may: raise limit_time_real_cron (now %(limit)s seconds) "
                    "and limit_memory_hard in Odoo's configuration, then press "
                    "“Recompute Now”.",
                    count=self.attempt_count - 1,
                    limit=self._get_time_limit() or "-",
                )
            )

    # -- batches -------------------------------------------------------------------

    def _work(self, function, done, total):
        """Do a batch and commit, again where a user was in the way.

        :param done: customers written after this batch
        :param total: customers to write, 0 while nothing is written yet
        :raises OutOfTime: after the batch, where the scheduled action must end
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.env.cr.savepoint():
                    result = function()
                self._report(done, total, result)
                break
            except CONFLICTS as error:
                _logger.info("Lifecycle run %s, attempt %s: %s", self, attempt, error)
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == _ATTEMPTS:
                    raise
        # a run that read must write something, or it would read for ever
        if total and self._is_out_of_time():
            raise OutOfTime
        return result

    def _report(self, done, total, result):
        """Say how far the run is, and commit that with the batch."""
        values = {
            "alive": fields.Datetime.now(),
            "done_count": done,
            "total_count": total,
        }
        if isinstance(result, Counter):
            values.update({key: self[key] + result[key] for key in _COUNTED})
        self.write(values)
        self.flush_recordset()
        self.env["ir.cron"]._commit_progress(1, remaining=1)

    @api.model
    def _get_time_limit(self):
        """Seconds that a scheduled action may take, 0 for no limit."""
        limit = config["limit_time_real_cron"]
        return limit if limit and limit > 0 else config["limit_time_real"]

    @api.model
    def _is_out_of_time(self):
        """Whether the worker would soon be killed for taking too long."""
        from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB

        end, limit = self.env.context.get("cron_end_time"), self._get_time_limit()
        if not end or not limit:
            return False  # asked by hand or by a test, or without a limit
        return time.monotonic() > end - MIN_TIME_PER_JOB + _SHARE_OF_TIME * limit

    @api.model
    def _get_error_text(self, error):
        """What went wrong, in words where it was said in words."""
        if isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {error}"

    @contextmanager
    def _lock(self, company):
        """Whether this process has the company for itself, across commits."""
        query = SQL("SELECT pg_try_advisory_lock(%s, %s)", _LOCK_KEY, company.id)
        [[locked]] = self.env.execute_query(query)
        try:
            yield locked
        except Exception:
            self.env.cr.rollback()  # else it could not be unlocked
            raise
        finally:
            if locked:
                self.env.cr.execute(
                    SQL("SELECT pg_advisory_unlock(%s, %s)", _LOCK_KEY, company.id)
                )
