"""How runs are done: one after the other, batch by batch, whatever gets in the way.

A run commits after each batch.  What a batch wrote is right and whole, so a run that
is killed is simply done again: it finds less to write.  Locks and limits are those of
:mod:`lifecycle_work_mixin`.
"""

import logging
import time
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models

from .lifecycle_work_mixin import ATTEMPTS, CONFLICTS, OPEN

_logger = logging.getLogger(__name__)

_FAILURES_A_DAY = 3
_COUNTED = ("created_count", "changed_count", "deleted_count", "transition_count")
# What this process cannot do now is looked at again after so long.
_CALL_AGAIN = timedelta(minutes=1)


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
        # a day ahead is one of a clock that went wrong
        if last and last.as_of == today:
            return False
        of_company = [("company_id", "=", company.id)]
        opened = [*of_company, ("state", "in", OPEN)]
        if self.search_count(opened, limit=1):
            return False  # it will be a run of today
        failed = [*of_company, ("state", "=", "failed"), ("as_of", "=", today)]
        return self.search_count(failed, limit=_FAILURES_A_DAY) < _FAILURES_A_DAY

    @api.model
    def _process_pending(self):
        """Do the runs that wait, one company after the other.

        A run that fails is kept with its error and does not stop the others. One
        that a killed process left behind as "running" is taken up again.
        """
        cron = self.env["ir.cron"]
        # of every company: the scheduled action stands for all of them
        runs = self.sudo().search([("state", "in", OPEN)], order="id")
        remaining = len(runs)
        cron._commit_progress(remaining=remaining)
        for run in runs:
            if self._is_out_of_time():
                return
            company = run.company_id
            with self._lock(company) as locked:
                # another server may have done it, or somebody removed it
                cron._commit_progress(remaining=remaining)
                if locked and run._claim():
                    # seen by everybody before the work begins
                    cron._commit_progress(1, remaining=remaining)
                    ended = run._execute()
                    # and what came of it before anybody else may begin
                    cron._commit_progress(remaining=remaining)
                    if not ended:
                        continue
            if locked:
                self.env["lifecycle.dirty"]._call_for_rest(company)
            else:
                _logger.info("%s is being recomputed elsewhere", company.id)
                self._call_again()  # who does it may yet be killed
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                break

    @api.model
    def _call_again(self):
        """Let the scheduled action be called once more, in a while."""
        self.env.ref("lifecycle_crm.ir_cron_recompute")._trigger(
            fields.Datetime.now() + _CALL_AGAIN
        )

    def _claim(self):
        """Mark a run as begun; false where there is nothing to do any more."""
        if not self._take():
            return False
        values = {"state": "running", "alive": fields.Datetime.now()}
        if self.state == "pending":
            values["start"] = values["alive"]
        self.write(
            {
                **values,
                "attempt_count": self.attempt_count + 1,
                "stop_count": self.stop_count + 1,  # until it writes something
            }
        )
        return True

    def _execute(self):
        """Do a run that was claimed.

        :return: whether it came to an end, good or bad, or must wait for another
            process
        """
        self.ensure_one()
        company = self.company_id
        began, ended = time.monotonic(), True
        values = {"as_of": company._get_lifecycle_today()}
        try:
            self._settle_requests()
            self._check_stops()
            # what has written nothing yet may read on a replica
            self.env["ir.cron"]._commit_progress(remaining=1)
            engine = self.env["lifecycle.engine"].with_company(company)
            figures = engine._recompute_company(
                company, self, values["as_of"], work=self._work
            )
            # what was written is counted batch by batch, in all attempts
            values.update(
                {key: figures[key] for key in figures if key not in _COUNTED},
                state="done",
                error=False,
            )
        except OutOfTime:
            values, ended = {}, False
        except MemoryError:
            _logger.warning("Lifecycle run %s goes on in another process", self.id)
            self._call_again()
            values = {}
        except CONFLICTS as error:
            _logger.info("Lifecycle run %s, users in the way: %s", self.id, error)
            # the next call of the scheduled action tries again
            values, ended = {"state": "pending", "stop_count": 0}, False
        except Exception as error:  # whatever it is, the other companies go on
            _logger.exception("Lifecycle run of company %s failed", company.id)
            values.update(
                state="failed",
                error=self._get_error_text(error),
                broken_stage_id=getattr(error, "lifecycle_stage_id", False),
            )
        self._recover()
        values["duration"] = self.duration + time.monotonic() - began
        self.write({**values, "alive": fields.Datetime.now()})
        return ended

    def _get_stops_text(self, count):
        return self.env._(
            "The run was stopped %(count)s times before it could write anything: "
            "reading the purchases takes longer, or more memory, than a scheduled "
            "action may. When that is mended, press “Recompute Now”.",
            count=count,
        )

    def _settle_requests(self):
        """Find out whether this run may be heard, and whether it must read all.

        Asked in the snapshot of each batch: what the batch sees, was committed with
        its request.
        """
        # of the first run of all, nobody must hear
        if not self.quiet and not self._get_last_done(self.company_id):
            self._hush(["install"])
        others = self._find_unfulfilled(self.company_id) - self
        failed = others.filtered(lambda run: run.state == "failed")
        if not self.full and any(failed.mapped("full")):
            self.full = True
        if quiet := others.filtered("quiet"):
            self._hush(quiet.mapped("reason"))

    @api.model
    def _find_unfulfilled(self, company):
        """Requests whose changes this run may see: they wait, or their run failed."""
        return self.search(
            [
                ("company_id", "=", company.id),
                "|",
                ("state", "=", "pending"),
                "&",
                ("state", "=", "failed"),
                ("id", ">", self._get_last_done(company).id or 0),
            ]
        )

    # -- batches -------------------------------------------------------------------

    def _work(self, function, done, total):
        """Do a batch and commit, again where a user was in the way.

        :param done: customers written after this batch
        :param total: customers to write, 0 while nothing is written yet
        :raises OutOfTime: after the batch, where the scheduled action must end
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.env.cr.savepoint():
                    self._settle_requests()
                    result = function()
                self._report(done, total, result)
                break
            except CONFLICTS as error:
                _logger.info("Lifecycle run %s, attempt %s: %s", self, attempt, error)
                self._roll_back()
                if attempt == ATTEMPTS:
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
            values["stop_count"] = 0
        self.write(values)
        self.flush_recordset()
        self.env["ir.cron"]._commit_progress(1, remaining=1)
