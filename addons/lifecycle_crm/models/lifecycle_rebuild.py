"""Work on the monthly history: what is wanted, how far it is, what went wrong.

A piece of work is a number of months in a row, the oldest first, each written in
one transaction together with its figures.  So it can be killed at any point and
goes on where it stopped, and nobody ever sees half a month.
"""

import logging
import time

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..scoring.months import last_month_end, month_ends, months_after

_logger = logging.getLogger(__name__)

MONTHS = 24
# First key of the advisory locks; the second is the company.
_LOCK_KEY = 5_492_002
# What a user who works meanwhile can cause, or another server that was quicker.
_CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.ForeignKeyViolation,
    errors.UniqueViolation,
)
_ATTEMPTS = 5
_OPEN = ("pending", "running")


class LifecycleRebuild(models.Model):
    _name = "lifecycle.rebuild"
    _description = "Work on the Monthly History"
    _order = "id desc"
    _rec_name = "month_to"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("replaced", "Replaced by a Newer One"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Selection(
        [
            ("month", "A month has ended"),
            ("install", "After the first run"),
            ("import", "Imported history"),
            ("manual", "By hand"),
        ],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, ondelete="set null"
    )
    month_from = fields.Date(
        string="From",
        readonly=True,
        help="First month end that is computed. In a whole history it has no figures: "
        "the month after is compared with it.",
    )
    month_to = fields.Date(
        string="To", readonly=True, help="Last month end that is computed."
    )
    month_done = fields.Date(
        string="Done Up To", readonly=True, help="Latest month end that is finished."
    )
    month_count = fields.Integer(
        string="Months", readonly=True, help="Month ends to compute altogether."
    )
    done_count = fields.Integer(
        string="Months Done", readonly=True, help="Month ends that are finished."
    )
    remaining_count = fields.Integer(
        string="Months Left",
        compute="_compute_progress",
        help="Month ends that are still to be computed.",
    )
    progress = fields.Float(
        string="Progress (%)",
        compute="_compute_progress",
        help="Share of the months that is finished.",
    )
    baseline = fields.Boolean(
        readonly=True,
        help="The first month end only serves as the start of the month after it.",
    )
    start = fields.Datetime(readonly=True, help="When the work began.")
    duration = fields.Float(
        string="Duration (s)",
        readonly=True,
        digits=(10, 2),
        help="Seconds of work so far, without the breaks in between.",
    )
    error = fields.Text(readonly=True, help="What went wrong, in which month.")

    @api.depends("month_count", "done_count", "state")
    def _compute_progress(self):
        for rebuild in self:
            total, done = rebuild.month_count, rebuild.done_count
            rebuild.remaining_count = total - done
            rebuild.progress = 100 * done / total if total else 0
            if rebuild.state == "done":
                rebuild.progress = 100

    # -- asking --------------------------------------------------------------

    @api.model
    def _request(self, companies, reason, months=MONTHS):
        """Ask for the last months of companies; the scheduled action does it soon.

        What waits already is joined.  What has begun is not: it is replaced, for it
        may not have seen what the caller has not committed yet.

        :param reason: a value of the field ``reason``
        :param months: months with figures, at most as many as the company keeps
        """
        if not companies or self.env.context.get("lifecycle_no_recompute"):
            return self.browse()
        # runs and imports ask as well, whoever began them
        rebuilds = self.sudo()
        waiting = rebuilds.search(
            [
                ("state", "=", "pending"),
                ("reason", "!=", "month"),
                ("company_id", "in", companies.ids),
            ]
        )
        waiting = waiting.try_lock_for_update()
        created = rebuilds.create(
            [
                rebuilds._prepare(company, reason, months)
                for company in companies.sudo() - waiting.company_id
            ]
        )
        self._trigger()
        return self.browse((waiting + created).ids)

    @api.model
    def _prepare(self, company, reason, months, until=None):
        """Values of a piece of work over whole months and the month end before."""
        until = until or last_month_end(company._get_lifecycle_today())
        months = min(months, company.lifecycle_snapshot_months)
        ends = month_ends(until, months + 1)
        return {
            "company_id": company.id,
            "reason": reason,
            "user_id": self.env.uid,
            "month_from": ends[0],
            "month_to": ends[-1],
            "month_count": len(ends),
            "baseline": True,
        }

    @api.model
    def _trigger(self):
        cron = self.env.ref("lifecycle_crm.ir_cron_snapshot", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # whoever asks; it runs as superuser anyway

    def action_rebuild(self):
        """Button: the history of the companies of the company switcher, anew."""
        if not self.env.user.has_group("lifecycle_crm.group_lifecycle_manager"):
            raise UserError(
                self.env._("Only a lifecycle manager can rebuild the history.")
            )
        self._request(self.env.companies, reason="manual")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_rebuild"
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The history is computed anew, month by month, beginning within a "
                    "minute. What you see stays until it is replaced."
                ),
                "next": {**action, "target": "main"},
            },
        }

    # -- the scheduled action ------------------------------------------------

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
        if self.search_count([*of_company, ("state", "in", _OPEN)], limit=1):
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
        rebuilds = self.sudo().search([("state", "in", _OPEN)], order="id")
        newest = {rebuild.company_id: rebuild for rebuild in rebuilds}
        replaced = rebuilds.filtered(lambda r: newest[r.company_id] != r)
        replaced.try_lock_for_update().write({"state": "replaced"})
        rebuilds -= replaced

        def commit(processed=0):
            remaining = sum(
                rebuild.remaining_count
                for rebuild in rebuilds
                if rebuild.state in _OPEN
            )
            left = self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
            return left or not remaining

        commit()
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
        engine = self.env["lifecycle.engine"].with_company(company)
        options = {}
        while self._claim() and (months := self._get_months_left()):
            if not self._attempt(engine, months[0], options):
                # somebody was in the way again and again: the next call goes on
                return not commit or commit()
            if commit and not commit(1):
                return False
        return True

    def _claim(self):
        """Take the work for the next month; false where another server has it."""
        if not self._try_lock(self.company_id) or not self.try_lock_for_update():
            _logger.info("%s: the history is computed elsewhere", self.company_id.name)
            return False
        self.invalidate_recordset()
        if self.state not in _OPEN:
            return False
        if self.state == "pending":
            self.write({"state": "running", "start": fields.Datetime.now()})
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
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._compute_month(engine, month, options)
            except _CONFLICTS as error:
                _logger.info("History of %s, attempt %s: %s", month, attempt, error)
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if not self._claim():
                    return False
        return False

    def _compute_month(self, engine, month, options):
        """One month: its customers, its figures and its movements, or nothing."""
        company = self.company_id
        began = time.monotonic()
        values = {"month_done": month, "done_count": self.done_count + 1}
        if month >= self.month_to:
            values["state"] = "done"
        try:
            with self.env.cr.savepoint():
                if hasattr(engine, "_read_history") and not options:
                    # once for all months: most of the time goes into reading it
                    options["history"] = engine._read_history(company, self.month_to)
                engine._stage_company(company, as_of=month, **options)
                self.env["lifecycle.snapshot"]._write_month(company, month)
                if not (self.baseline and month == self.month_from):
                    self.env["lifecycle.kpi"]._write_month(company, month)
            values["error"] = False
        except _CONFLICTS:
            raise
        except Exception as error:  # whatever it is, the other companies go on
            _logger.exception("History of company %s, %s", company.id, month)
            values = {"state": "failed", "error": self._get_error_text(error, month)}
        self.env.invalidate_all()
        self.write({**values, "duration": self.duration + time.monotonic() - began})
        return True

    def _get_error_text(self, error, month):
        """What went wrong, in words where it was said in words."""
        what = str(error)
        if not isinstance(error, UserError):
            what = f"{type(error).__name__}: {error}"
        return self.env._(
            "%(month)s: %(error)s",
            month=format_date(self.env, month, date_format="MMMM y"),
            error=what,
        )

    @api.model
    def _try_lock(self, company):
        """Two servers on one database: the one that comes second leaves."""
        [[locked]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK_KEY, company.id)
        )
        return locked

    @api.autovacuum
    def _gc_rebuilds(self):
        """Keep a year of what ended, and of each company the latest that was done."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=1)
        latest = self._read_group([("state", "=", "done")], ["company_id"], ["id:max"])
        self.search(
            [
                ("state", "not in", _OPEN),
                ("create_date", "<", limit),
                ("id", "not in", [last for _company, last in latest]),
            ]
        ).unlink()
