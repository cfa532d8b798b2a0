"""How well the engine does: what each company waits for, and what went wrong."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_run_work import _FAILURES_A_DAY

# Days after which customers' scores are too old to be worked with in silence.
_WARN_DAYS = 2


class LifecycleHealth(models.Model):
    """One row per company of the company switcher; its id is that of the company.

    Nothing is stored: one query finds the runs that matter, their figures come from
    the runs themselves.
    """

    _name = "lifecycle.health"
    _description = "Lifecycle Health"
    _auto = False
    _order = "id"
    _rec_name = "company_id"
    _depends = {
        "lifecycle.dirty": ["company_id"],
        "lifecycle.rebuild": ["company_id", "state"],
        "lifecycle.run": ["as_of", "company_id", "start", "state"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("pending", "Waiting"),
            ("failed", "Failed"),
            ("new", "Not Computed Yet"),
            ("behind", "Behind"),
            ("done", "Up to Date"),
        ],
        readonly=True,
        help="Running: customers are being scored. Waiting: a run was asked for. "
        "Failed: the last run ended with an error. Behind: the scores stand for an "
        "earlier day than today, in the time zone of the company.",
    )
    today = fields.Date(readonly=True, help="Today in the time zone of the company.")
    current_run_id = fields.Many2one(
        "lifecycle.run", readonly=True, help="The run that is at work, or waits."
    )
    last_run_id = fields.Many2one(
        "lifecycle.run",
        string="Last Good Run",
        readonly=True,
        help="The last run that was done.",
    )
    failed_run_id = fields.Many2one(
        "lifecycle.run",
        readonly=True,
        help="The last run that failed, if none was done since.",
    )
    failed_since = fields.Datetime(
        readonly=True, help="When the first run failed after the last good one."
    )
    failed_days = fields.Integer(
        readonly=True, help="Days on which runs failed, since the last good one."
    )
    failed_today = fields.Integer(
        readonly=True,
        help="Runs that failed today. After three, the next one is tomorrow's.",
    )
    failure_count = fields.Integer(
        string="Failures in 7 Days",
        readonly=True,
        help="Runs that failed within the last seven days.",
    )
    mark_count = fields.Integer(
        string="Events Waiting",
        readonly=True,
        help="Orders, invoices and the like whose customers are not refreshed yet. "
        "A scheduled action does that within seconds.",
    )

    rebuild_id = fields.Many2one(
        "lifecycle.rebuild",
        string="Monthly History",
        readonly=True,
        help="The last work on the monthly history.",
    )

    # -- the run at work -----------------------------------------------------

    progress = fields.Float(related="current_run_id.progress")
    progress_text = fields.Char(related="current_run_id.progress_text")
    current_elapsed = fields.Char(
        related="current_run_id.elapsed", string="Running for"
    )

    # -- the last good run, and the failed one ---------------------------------

    as_of = fields.Date(related="last_run_id.as_of", string="Scores as of")
    start = fields.Datetime(related="last_run_id.start", string="Last Run")
    elapsed = fields.Char(related="last_run_id.elapsed")
    customer_count = fields.Integer(related="last_run_id.customer_count")
    created_count = fields.Integer(related="last_run_id.created_count")
    changed_count = fields.Integer(related="last_run_id.changed_count")
    deleted_count = fields.Integer(related="last_run_id.deleted_count")
    transition_count = fields.Integer(related="last_run_id.transition_count")
    gap_days = fields.Float(related="last_run_id.gap_days")
    lapse_days = fields.Integer(related="last_run_id.lapse_days")
    broken_stage_id = fields.Many2one(related="failed_run_id.broken_stage_id")
    error = fields.Text(related="failed_run_id.error")
    error_line = fields.Char(related="failed_run_id.error_line")

    @property
    def _table_query(self):
        companies = self.env.companies
        return SQL(
            """SELECT c.id, c.id AS company_id, c.today,
                work.id AS current_run_id, done.id AS last_run_id,
                failed.run_id AS failed_run_id, failed.since AS failed_since,
                failed.days AS failed_days, failed.today AS failed_today,
                failed.week AS failure_count,
                COALESCE(marks.count, 0) AS mark_count,
                history.id AS rebuild_id,
                CASE WHEN work.id IS NOT NULL THEN work.state
                    WHEN failed.run_id IS NOT NULL THEN 'failed'
                    WHEN done.id IS NULL THEN 'new'
                    WHEN done.as_of < c.today THEN 'behind'
                    ELSE 'done' END AS state
            FROM unnest(%(companies)s::int[], %(days)s::date[]) AS c (id, today)
            LEFT JOIN LATERAL (
                SELECT id, as_of FROM lifecycle_run
                WHERE company_id = c.id AND state = 'done'
                ORDER BY id DESC LIMIT 1) done ON TRUE
            LEFT JOIN LATERAL (
                SELECT id, state FROM lifecycle_run
                WHERE company_id = c.id AND state IN ('pending', 'running')
                ORDER BY state DESC, id LIMIT 1) work ON TRUE
            LEFT JOIN LATERAL (
                SELECT
                    MAX(id) FILTER (WHERE id > COALESCE(done.id, 0)) AS run_id,
                    MIN(start) FILTER (WHERE id > COALESCE(done.id, 0)) AS since,
                    COUNT(DISTINCT as_of) FILTER (
                        WHERE id > COALESCE(done.id, 0)) AS days,
                    COUNT(*) FILTER (WHERE as_of = c.today) AS today,
                    COUNT(*) FILTER (WHERE start >= %(week)s) AS week
                FROM lifecycle_run
                WHERE company_id = c.id AND state = 'failed') failed ON TRUE
            LEFT JOIN LATERAL (
                SELECT id FROM lifecycle_rebuild
                WHERE company_id = c.id AND state <> 'replaced'
                ORDER BY id DESC LIMIT 1) history ON TRUE
            LEFT JOIN (
                SELECT company_id, COUNT(*) FROM lifecycle_dirty
                GROUP BY company_id) marks ON marks.company_id = c.id""",
            companies=companies.ids,
            days=[company._get_lifecycle_today() for company in companies],
            week=fields.Datetime.now() - timedelta(days=7),
        )

    # -- where people work -----------------------------------------------------

    @api.model
    def get_warning(self):
        """What a manager must know about the scores of the current company.

        :return: False, or a dictionary with ``text``, ``as_of`` (the day of the
            scores, or False) and ``failed``
        """
        if not self.has_access("read"):
            return False  # no manager: nothing to mend
        [health] = self.search([("company_id", "=", self.env.company.id)])
        as_of = health.as_of
        if health.failed_run_id:
            # even where another attempt is under way
            text = self.env._("The last recompute of the customers failed.")
        elif as_of and as_of < health.today - timedelta(days=_WARN_DAYS):
            text = self.env._("The customers were not recomputed lately.")
        else:
            return False
        return {"text": text, "as_of": as_of, "failed": bool(health.failed_run_id)}

    # -- buttons ----------------------------------------------------------------

    def action_recompute(self):
        """Recompute this company, soon."""
        runs = self.env["lifecycle.run"].with_context(
            allowed_company_ids=self.company_id.ids
        )
        return runs.action_recompute()

    def action_view_runs(self):
        """The runs of this company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_run"
        )
        return {**action, "domain": [("company_id", "=", self.company_id.id)]}

    def action_view_failed_run(self):
        """The failed run with its error."""
        return self.failed_run_id.action_open()

    def action_open_broken_stage(self):
        """The stage whose rule made the run fail."""
        return self.failed_run_id.action_open_broken_stage()

    def _has_attempts_left(self):
        """Whether the scheduled action still tries to do the run of today."""
        self.ensure_one()
        return self.failed_today < _FAILURES_A_DAY
