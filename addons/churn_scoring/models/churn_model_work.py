"""How trainings are done: one company after the other, whatever gets in the way.

Reading and learning change nothing, so a training that is killed is simply done again.
A lock of the database session keeps two servers from training one company at once.
"""

import logging
import time
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_run_work import CONFLICTS

from .churn_model import OPEN

_logger = logging.getLogger(__name__)

# First key of the advisory locks; the second is the company.
_LOCK_KEY = 5_492_004
# Days after which a model is trained anew; the scheduled action is called daily.
_WEEK = 7
# Times that a training may be stopped by a limit before it is given up.
_ATTEMPTS = 3
# What another process is doing is looked at again after so long.
_CALL_AGAIN = timedelta(minutes=1)


class ChurnModel(models.Model):
    _inherit = "churn.model"

    @api.model
    def _cron_train(self):
        """Train what waits; once a week every company that wants it.

        Called daily and whenever a training is requested.
        """
        # pylint: disable-next=no-search-all
        for company in self.env["res.company"].search([]):
            reason = self._get_due_reason(company)
            if reason:
                self._request(company, reason)
        self._process_pending()

    @api.model
    def _get_due_reason(self, company):
        """Why a company is to be trained now, None if it is not."""
        of_company = [("company_id", "=", company.id)]
        if self.search_count([*of_company, ("state", "in", OPEN)], limit=1):
            return None
        last = self.search(of_company, limit=1)
        if not last:
            # there is something to learn from after the first run
            ran = self.env["lifecycle.run"]._get_last_done(company)
            return "install" if ran else None
        if not company.churn_retrain_weekly:
            return None
        today = company._get_lifecycle_today()
        if last.state == "failed":
            tried = last.as_of == today
            return None if tried else "week"
        due = last.as_of + timedelta(days=_WEEK)
        # a day ahead is one of a clock that went wrong
        return "week" if today >= due or last.as_of > today else None

    @api.model
    def _process_pending(self):
        """Do the trainings that wait; one that fails does not stop the others."""
        cron = self.env["ir.cron"]
        # of every company: the scheduled action stands for all of them
        trainings = self.sudo().search([("state", "in", OPEN)], order="id")
        remaining = len(trainings)
        cron._commit_progress(remaining=remaining)
        for training in trainings:
            if self.env["lifecycle.run"]._is_out_of_time():
                return
            with self._lock(training.company_id) as locked:
                # another server may have done it, or somebody removed it
                cron._commit_progress(remaining=remaining)
                if locked and training._claim():
                    # seen by everybody before the work begins
                    cron._commit_progress(1, remaining=remaining)
                    training._execute()
                    # and what came of it before anybody else may begin
                    cron._commit_progress(remaining=remaining)
            if not locked:
                # who does it may yet be killed
                self.env.ref("churn_scoring.ir_cron_train")._trigger(
                    fields.Datetime.now() + _CALL_AGAIN
                )
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                break

    def _claim(self):
        """Mark a training as begun; false where there is nothing to do any more."""
        self.ensure_one()
        self.invalidate_recordset()
        if not self.exists() or not self.try_lock_for_update():
            return False
        if self.state not in OPEN:
            return False
        now = fields.Datetime.now()
        self.write(
            {
                "state": "running",
                "start": self.start or now,
                "alive": now,
                "attempt_count": self.attempt_count + 1,
            }
        )
        return True

    def _execute(self):
        """Do a training that was claimed, and say what came of it."""
        self.ensure_one()
        began = time.monotonic()
        company = self.company_id
        today = company._get_lifecycle_today()
        try:
            self._check_attempts()
            with self.env.cr.savepoint():
                values = self._train(company, today)
                self._conclude(values)
        except MemoryError:
            _logger.warning("Churn training %s goes on in another process", self.id)
            self._recover()
            self.env.ref("churn_scoring.ir_cron_train")._trigger(
                fields.Datetime.now() + _CALL_AGAIN
            )
        except CONFLICTS as error:
            _logger.info("Churn training %s, users in the way: %s", self.id, error)
            self._recover()
            self.write({"state": "pending", "attempt_count": 0})
            self.env.ref("churn_scoring.ir_cron_train")._trigger(
                fields.Datetime.now() + _CALL_AGAIN
            )
        except Exception as error:  # whatever it is, the other companies go on
            _logger.exception("Churn training of company %s failed", company.id)
            self._recover()
            text = self.env["lifecycle.run"]._get_error_text(error)
            self.write({"state": "failed", "as_of": today, "error": text})
        self.write(
            {
                "duration": self.duration + time.monotonic() - began,
                "alive": fields.Datetime.now(),
            }
        )

    def _check_attempts(self):
        """Give up where a limit always strikes."""
        if self.attempt_count > _ATTEMPTS:
            raise UserError(
                self.env._(
                    "The training was stopped %(count)s times. It takes longer, or "
                    "more memory, than a scheduled action may: raise "
                    "limit_time_real_cron (now %(limit)s seconds) and "
                    "limit_memory_hard in Odoo's configuration, then press “Train "
                    "Now”. The scores go on by the last good model.",
                    count=self.attempt_count - 1,
                    limit=self.env["lifecycle.run"]._get_time_limit() or "-",
                )
            )

    def _recover(self):
        """Be able to go on, also where the database refused something."""
        refused = self.env.cr._cnx.get_transaction_status()
        if refused == TRANSACTION_STATUS_INERROR:
            self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    def _conclude(self, values):
        """Put a trained model into its place.

        One that the company's own past speaks against takes the place of nothing
        better: a proven model of the horizon that is asked for stays.  Where the
        horizon is found in the purchases, any will do.  What fell from the average of
        four to that of two is proven itself.
        """
        active = self._get_active(self.company_id)
        found = self.company_id.churn_horizon_auto and self.reason != "settings"
        kept = (
            values["vetoed"]
            and values["rung"] < "2"
            and active
            and active.rung >= "2"
            and (found or active.horizon_days == values["horizon_days"])
        )
        if kept:
            self.write({**values, "state": "vetoed", "error": False})
            return
        # two active ones are refused, so the first goes first
        active.state = "superseded"
        active.flush_recordset()
        self.write({**values, "state": "active", "error": False})
        # nobody did anything, so nobody is to hear of it; the average of four needs
        # all purchases once more, and so do customers computed before the addon came
        self.env["lifecycle.run"]._request(
            self.company_id, "rules", quiet=True, full=self.rung == "3" or not active
        )

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
