"""What the pieces of work of scheduled actions have in common: locks and limits."""

import time
from contextlib import contextmanager

from psycopg2 import errors
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

try:
    import resource
except ImportError:  # Windows, where Odoo has no workers either
    resource = None

OPEN = ("pending", "running")
# What a user who works meanwhile can cause: a changed row, a deleted contact.
CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.ForeignKeyViolation,
)
# Times that something is tried while users are in the way.
ATTEMPTS = 5
# Share of the time limits of scheduled actions after which work stops by itself.
_SHARE_OF_TIME = 0.6
# Times in a row that work may be stopped before it writes anything.
_STOPS = 5


class LifecycleWorkMixin(models.AbstractModel):
    """Work on one company that takes many transactions, and may be killed in any.

    A lock of the database session keeps two servers from doing one company at once; it
    ends with the connection.  Who is always killed before anything is written, by a
    limit of the server, is counted, and gives up in the end with words that help.

    A model brings a field ``state`` with the values of :data:`OPEN`.
    """

    _name = "lifecycle.work.mixin"
    _description = "Work of a Scheduled Action"

    # first key of the advisory locks of this work; the second is the company
    _lock_key = 0

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, ondelete="set null"
    )
    stop_count = fields.Integer(
        string="Stops in a Row",
        readonly=True,
        aggregator=False,
        help="How often the work was begun since it last wrote anything.",
    )

    error = fields.Text(readonly=True)
    error_line = fields.Char(
        string="Failure",
        compute="_compute_error_line",
        help="What went wrong, in one line. The form has all of it, and what to do.",
    )

    @api.depends("error")
    def _compute_error_line(self):
        for work in self:
            work.error_line = (work.error or "").strip().partition("\n")[0] or False

    # -- two servers -----------------------------------------------------------

    @contextmanager
    def _lock(self, company):
        """Whether this process has the company for itself, across commits."""
        keys = SQL("%s, %s", self._lock_key, company.id)
        query = SQL("SELECT pg_try_advisory_lock(%s)", keys)
        [[locked]] = self.env.execute_query(query)
        try:
            yield locked
        except Exception:
            self.env.cr.rollback()  # else it could not be unlocked
            raise
        finally:
            if locked:
                self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s)", keys))

    def _take(self):
        """Lock a piece of work; false where there is nothing to do any more."""
        self.ensure_one()
        self.invalidate_recordset()
        if not self.exists() or not self.try_lock_for_update():
            return False
        return self.state in OPEN

    def _recover(self):
        """Be able to go on, also where the database refused something."""
        refused = self.env.cr._cnx.get_transaction_status()
        if refused == TRANSACTION_STATUS_INERROR:
            self._roll_back()
        else:
            self.env.invalidate_all()

    def _roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    @api.model
    def _get_error_text(self, error):
        """What went wrong, in words where it was said in words."""
        if isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {error}"

    # -- limits ------------------------------------------------------------------

    def _check_stops(self):
        """Give up where a limit always strikes before anything is written."""
        if self.stop_count > _STOPS:
            text = self._get_stops_text(self.stop_count - 1)
            raise UserError(f"{text}\n{self._get_limits_text()}")

    @api.model
    def _get_limits_text(self):
        return self.env._(
            "Ask your administrator to raise limit_time_real_cron (now %(real)s "
            "seconds), limit_time_cpu (now %(cpu)s seconds) and limit_memory_hard in "
            "Odoo's configuration.",
            real=self._get_time_limit() or "-",
            cpu=config["limit_time_cpu"] or "-",
        )

    def _get_stops_text(self, count):
        """What was stopped so often, and how to ask for it again."""
        raise NotImplementedError

    @api.model
    def _get_time_limit(self):
        """Seconds that a scheduled action may take, 0 for no limit."""
        limit = config["limit_time_real_cron"]
        return limit if limit and limit > 0 else config["limit_time_real"]

    @api.model
    def _is_out_of_time(self):
        """Whether the worker would soon be killed for taking too long."""
        from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB

        if not (end := self.env.context.get("cron_end_time")):
            return False  # asked by hand or by a test
        if self._is_out_of_cpu():
            return True
        limit = self._get_time_limit()
        began = end - MIN_TIME_PER_JOB
        return bool(limit) and time.monotonic() > began + _SHARE_OF_TIME * limit

    @api.model
    def _is_out_of_cpu(self):
        """Whether this process would soon be killed for using the processor too long.

        A worker of Odoo limits itself each time it begins to look for something to do,
        to ``limit_time_cpu`` seconds from then on: what comes before this work in the
        same worker counts as well.
        """
        if resource is None:
            return False
        end, _hard = resource.getrlimit(resource.RLIMIT_CPU)
        if end == resource.RLIM_INFINITY:
            return False  # threads have no such limit
        used = resource.getrusage(resource.RUSAGE_SELF)
        left = end - used.ru_utime - used.ru_stime
        return left < (1 - _SHARE_OF_TIME) * config["limit_time_cpu"]
