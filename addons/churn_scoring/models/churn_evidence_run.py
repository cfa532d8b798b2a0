"""The scheduled action that refreshes the evidence after each run of the engine."""

import logging
import time

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_run_work import CONFLICTS

_logger = logging.getLogger(__name__)

# Customers of whom one source is asked between two commits.
BATCH = 20_000
_ATTEMPTS = 5
# The last steps of a company, after all kinds of evidence: ``report:kind``.
_REPORT = "report:"


class ChurnEvidenceRun(models.Model):
    """How far the evidence of a company is: one row per company.

    A process that is stopped leaves the place behind, and the next call of the
    scheduled action goes on from there, with fewer customers at once.  A kind of
    evidence that fails, or is stopped whatever is tried, is left as it was, and the
    others go on.
    """

    _name = "churn.evidence.run"
    _inherit = ["lifecycle.work.mixin"]
    _description = "Refresh of the Evidence"
    _rec_name = "company_id"
    _log_access = False

    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        default="running",
        required=True,
        readonly=True,
    )
    run_id = fields.Many2one(
        "lifecycle.run",
        readonly=True,
        ondelete="set null",
        help="The run of the engine that it follows.",
    )
    as_of = fields.Date(readonly=True, help="The day for which evidence is looked for.")
    kind = fields.Char(readonly=True, help="The source that is asked next.")
    partner_position = fields.Integer(
        readonly=True, help="Customers up to this one have been done, of this source."
    )
    start = fields.Datetime(readonly=True)
    duration = fields.Float(
        string="Duration (s)", readonly=True, digits=(10, 2), aggregator="avg"
    )
    created_count = fields.Integer(
        string="New Lines", readonly=True, help="Lines found for the first time."
    )
    changed_count = fields.Integer(
        string="Changed Lines", readonly=True, help="Lines that say something else now."
    )
    deleted_count = fields.Integer(
        string="Removed Lines",
        readonly=True,
        help="Lines that hold no more, or are older than the company keeps.",
    )
    error = fields.Text(
        readonly=True,
        help="What failed: kinds of evidence that are left as before.",
    )

    _company_uniq = models.Constraint(
        "UNIQUE(company_id)", "There is one refresh of the evidence per company."
    )

    # -- the scheduled action ----------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Refresh the evidence of each company whose customers were computed since."""
        cron = self.env["ir.cron"]
        due = self._find_due()
        remaining = len(due)
        cron._commit_progress(remaining=remaining)
        for company, last in due:
            if not self._get_run(company, last)._work():
                return  # out of time: called again, for something remains
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                return

    @api.model
    def _find_due(self):
        """Companies to do, with the run of the engine to follow."""
        # as superuser: the scheduled action stands for all companies
        runs, due = self.env["lifecycle.run"].sudo(), []
        # pylint: disable-next=no-search-all
        for company in self.env["res.company"].search([]):
            last = runs._get_last_done(company)
            own = self.search([("company_id", "=", company.id)])
            if last and (own.state == "running" or own.run_id != last):
                due.append((company, last))
        return due

    @api.model
    def _get_run(self, company, last):
        """The row of a company: where it stopped, or at the beginning."""
        own = self.search([("company_id", "=", company.id)])
        today = company._get_lifecycle_today()
        if own.state == "running" and own.as_of == today:
            return own
        values = {
            "company_id": company.id,
            "state": "running",
            "run_id": last.id,
            "as_of": today,
            "kind": False,
            "partner_position": 0,
            "start": fields.Datetime.now(),
            "duration": 0,
            "created_count": 0,
            "changed_count": 0,
            "deleted_count": 0,
            "stop_count": 0,
            "error": False,
        }
        if not own:
            return self.create(values)
        own.write(values)
        return own

    # -- one company ---------------------------------------------------------------

    def _work(self):
        """Do the steps that are left, with a commit after each.

        :return: whether it came to an end, good or bad
        """
        self.ensure_one()
        cron = self.env["ir.cron"]
        while self.state == "running":
            began = time.monotonic()
            # seen by whoever comes after a process that was killed
            self.stop_count += 1
            self.flush_recordset()
            cron._commit_progress(remaining=1)
            try:
                self._check_stops()
                self._do_step()
            except Exception as error:  # whatever it is, the others go on
                _logger.exception("Evidence of company %s failed", self.company_id.id)
                self._leave_out(error)
            self.stop_count = 0
            self.duration += time.monotonic() - began
            self.flush_recordset()
            if self.state == "running" and not cron._commit_progress(1, remaining=1):
                return False
        return True

    def _do_step(self):
        """Do a step, again where a user was in the way."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.env.cr.savepoint():
                    return self._step()
            except CONFLICTS as error:
                _logger.info("Evidence, attempt %s: %s", attempt, error)
                if attempt == _ATTEMPTS:
                    raise
                # a new snapshot, which sees what the user has done
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        return None

    def _get_steps(self):
        """Names of all steps, in order: each kind, then the report of each kind."""
        kinds = list(self.env["churn.evidence"]._get_evidence_sources())
        return [*kinds, *(f"{_REPORT}{kind}" for kind in kinds)]

    def _get_step(self):
        """Name of the step that is next."""
        steps = self._get_steps()
        return self.kind if self.kind in steps else steps[0]

    def _step(self):
        """Ask one source about some customers, or compute the report of one kind."""
        company, step = self.company_id, self._get_step()
        evidence = self.env["churn.evidence"].with_company(company)
        report = self.env["churn.evidence.report"].with_company(company)
        if not self.kind:
            self.deleted_count += evidence._forget_strangers(company)
            report._forget_others(company, list(evidence._get_evidence_sources()))
        if step.startswith(_REPORT):
            report._refresh(company, self.as_of, step.removeprefix(_REPORT))
            self._go_on()
            return
        # whoever was stopped before it was done tries half as many
        size = max(BATCH >> max(self.stop_count - 1, 0), 1)
        position = self.partner_position if step == self.kind else 0
        partner_ids = self._next_customers(position, size)
        if partner_ids:
            counts = evidence._refresh(company, partner_ids, [step], self.as_of)
            self.write({name: self[name] + counts[name] for name in counts})
        if len(partner_ids) == size:
            self.write({"kind": step, "partner_position": partner_ids[-1]})
        else:
            self._go_on()

    def _go_on(self):
        """The next step, or the end."""
        steps = self._get_steps()
        following = steps[steps.index(self._get_step()) + 1 :]
        if following:
            self.write({"kind": following[0], "partner_position": 0})
        else:
            state = "failed" if self.error else "done"
            self.write({"state": state, "kind": False})

    def _leave_out(self, error):
        """A step that failed: say so, and go on with the next one."""
        step = self._get_step()
        labels = dict(self.env["churn.evidence"]._selection_kind())
        label = labels[step.removeprefix(_REPORT)]
        text = f"{label}: {self._get_error_text(error)}"
        self.error = "\n".join(filter(None, [self.error, text]))
        self._go_on()

    def _get_stops_text(self, count):
        return self.env._(
            "stopped %(count)s times in a row, each time with fewer customers. It is "
            "left as it was until the next nightly run.",
            count=count,
        )

    def _next_customers(self, position, size):
        """Ids of the next customers, ascending."""
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM lifecycle_profile
                WHERE company_id = %s AND partner_id > %s
                ORDER BY partner_id LIMIT %s""",
                self.company_id.id,
                position,
                size,
            )
        )
        return [partner_id for (partner_id,) in rows]
