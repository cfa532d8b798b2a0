"""Runs of the engine: what is wanted, what was done, what went wrong."""

import logging
import time

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# First key of the advisory locks of the runs; the second is the company.
_LOCK_KEY = 5_492_001
# What a user who works meanwhile can cause: a changed row, a deleted contact.
_CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.ForeignKeyViolation,
)
_ATTEMPTS = 5
# Quiet reasons, the quietest first: of several that meet, it says what is heard.
_QUIET_REASONS = ("install", "import", "manual", "rules")
_FAILURES_A_DAY = 3


class LifecycleRun(models.Model):
    _name = "lifecycle.run"
    _description = "Lifecycle Run"
    _order = "id desc"
    _rec_name = "as_of"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Selection(
        [
            ("nightly", "Nightly"),
            ("manual", "By hand"),
            ("install", "First run"),
            ("import", "Imported history"),
            ("rules", "Change of rules"),
        ],
        required=True,
        readonly=True,
    )
    quiet = fields.Boolean(
        readonly=True,
        help="Changes of this run are recorded, but no automation acts on them.",
    )
    user_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, ondelete="set null"
    )
    as_of = fields.Date(readonly=True, help="The day the scores stand for.")
    start = fields.Datetime(readonly=True)
    duration = fields.Float(
        string="Duration (s)", readonly=True, digits=(10, 2), aggregator="avg"
    )
    customer_count = fields.Integer(string="Customers", readonly=True)
    created_count = fields.Integer(string="New Profiles", readonly=True)
    changed_count = fields.Integer(string="Changed Profiles", readonly=True)
    deleted_count = fields.Integer(string="Removed Profiles", readonly=True)
    transition_count = fields.Integer(string="Transitions", readonly=True)
    gap_days = fields.Float(
        string="Typical Gap (days)",
        readonly=True,
        digits=(8, 1),
        aggregator="avg",
        help="Median number of days between two purchases of one customer.",
    )
    lapse_days = fields.Integer(
        string="Lapse Period (days)",
        readonly=True,
        aggregator="avg",
        help="Days without a purchase after which a customer counted as lapsed.",
    )
    error = fields.Text(readonly=True)

    @api.model
    def _request(self, companies, reason, quiet=False):
        """Ask for a recompute of companies; the scheduled action does it soon.

        Requests that still wait are joined; one quiet one makes all quiet. One that
        has begun is not: it may not see what the caller has not committed yet.

        :param reason: a value of the field ``reason``
        :param quiet: record the changes, but let no automation act on them
        """
        if not companies or self.env.context.get("lifecycle_no_recompute"):
            return self.browse()
        # any change that moves customers asks for a run, whoever makes it
        runs = self.sudo()
        waiting = runs.search(
            [("state", "=", "pending"), ("company_id", "in", companies.ids)]
        )
        # held until the caller commits, so that none of them begins before
        waiting = waiting.try_lock_for_update()
        if quiet:
            for run in waiting:
                run._hush([reason])
        missing = companies - waiting.company_id
        created = runs.create(
            [
                {
                    "company_id": company.id,
                    "reason": reason,
                    "quiet": quiet,
                    "user_id": self.env.uid,
                }
                for company in missing
            ]
        )
        cron = self.env.ref("lifecycle_crm.ir_cron_recompute", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # whoever asks; it runs as superuser anyway
        return self.browse((waiting + created).ids)

    def _hush(self, reasons):
        """Make a run as quiet as the quietest of these reasons and its own."""
        self.ensure_one()
        reasons = [*reasons, self.reason] if self.quiet else reasons
        quietest = min(
            reasons,
            key=lambda r: _QUIET_REASONS.index(r) if r in _QUIET_REASONS else 2,
        )
        if not self.quiet or self.reason != quietest:
            self.write({"quiet": True, "reason": quietest})

    @api.model
    def _get_last_done(self, company):
        return self.search(
            [("company_id", "=", company.id), ("state", "=", "done")],
            order="id desc",
            limit=1,
        )

    def action_recompute(self):
        """Button: recompute the companies of the company switcher."""
        if not self.env.user.has_group("lifecycle_crm.group_lifecycle_manager"):
            raise UserError(
                self.env._("Only a lifecycle manager can ask for a recompute.")
            )
        self._request(self.env.companies, reason="manual")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The recompute starts within a minute. Its progress is under "
                    "Lifecycle › Configuration › Runs."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- the scheduled action ------------------------------------------------

    @api.model
    def _cron_recompute(self):
        """Recompute what waits; once a day every company.

        Called nightly and whenever a run is requested.
        """
        # pylint: disable-next=no-search-all
        for company in self.env["res.company"].search([]):
            if self._is_nightly_due(company):
                # the first run of all never fires automation
                first = not self._get_last_done(company)
                self._request(company, "install" if first else "nightly", quiet=first)
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
        that a killed process left behind as "running" is done again.
        """
        cron = self.env["ir.cron"]
        # of every company: the scheduled action stands for all of them
        runs = self.sudo().search([("state", "in", ("pending", "running"))], order="id")
        remaining = len(runs)
        cron._commit_progress(remaining=remaining)
        for run in runs:
            if run._claim():
                # seen by everybody before the work begins
                cron._commit_progress(remaining=remaining)
                run._execute()
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                break

    def _claim(self):
        """Mark a run as begun; false where somebody else has it."""
        self.ensure_one()
        if not self._try_lock(self.company_id) or not self.try_lock_for_update():
            _logger.info("%s is being recomputed elsewhere", self.company_id.name)
            return False
        if self.state not in ("pending", "running"):
            return False
        self.write({"state": "running", "start": fields.Datetime.now()})
        return True

    def _execute(self):
        """Do a run, again from the start where a user was in the way.

        The work is one snapshot of the database; a user who changes a row of it
        meanwhile wins, and the run begins anew.
        """
        self.ensure_one()
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._attempt()
            except _CONFLICTS as error:
                _logger.info("Lifecycle run %s, attempt %s: %s", self, attempt, error)
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        self.state = "pending"  # the next call of the scheduled action tries again
        return False

    def _attempt(self):
        """One run of one company, in one savepoint: all of it or nothing."""
        company = self.company_id
        if not self._try_lock(company):
            return False  # another process was quicker between the two transactions
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
        began = time.monotonic()
        values = {
            "start": fields.Datetime.now(),
            "as_of": company._get_lifecycle_today(),
        }
        try:
            with self.env.cr.savepoint():
                engine = self.env["lifecycle.engine"].with_company(company)
                values.update(engine._recompute_company(company, self))
            values.update(state="done", error=False)
        except _CONFLICTS:
            raise
        except Exception as error:  # whatever it is, the other companies go on
            _logger.exception("Lifecycle run of company %s failed", company.id)
            values.update(state="failed", error=self._get_error_text(error))
        self.env.invalidate_all()
        self.write({**values, "duration": time.monotonic() - began})
        return True

    @api.model
    def _get_error_text(self, error):
        """What went wrong, in words where it was said in words."""
        if isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {error}"

    @api.model
    def _try_lock(self, company):
        """Two servers on one database: the one that comes second leaves."""
        [[locked]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK_KEY, company.id)
        )
        return locked

    @api.autovacuum
    def _gc_runs(self):
        """Keep a year of runs that ended."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=1)
        self.search(
            [("state", "in", ("done", "failed")), ("start", "<", limit)]
        ).unlink()
