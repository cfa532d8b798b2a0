"""Runs of the engine: what is wanted, what was done, what went wrong."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Quiet reasons, the quietest first: of several that meet, it says what is heard.
_QUIET_REASONS = ("install", "import", "manual", "rules")
# Everybody's purchases are read again after so many days, whatever was marked: what
# somebody changed past Odoo comes right by itself.
_ALL_AGAIN_DAYS = 7


class LifecycleRun(models.Model):
    _name = "lifecycle.run"
    _inherit = "lifecycle.work.mixin"
    _description = "Lifecycle Run"
    _order = "id desc"
    _rec_name = "as_of"

    _lock_key = 5_492_001

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
            ("rules", "Change of rules or model"),
            ("refresh", "After a failed refresh"),
        ],
        required=True,
        readonly=True,
    )
    quiet = fields.Boolean(
        readonly=True,
        help="Changes of this run are recorded, but no automation acts on them.",
    )
    full = fields.Boolean(
        string="Read Everything",
        readonly=True,
        help="The purchases of all customers are read again, not only of those to "
        "whom something happened.",
    )
    partial = fields.Boolean(
        string="Only News",
        readonly=True,
        help="Only the purchases of customers were read to whom something had "
        "happened. Everybody was scored.",
    )
    learned = fields.Json(
        readonly=True,
        help="What the run learned from all customers: the rhythm of the company and "
        "the bounds of the RFM scores. Until the next run single customers are "
        "scored by it.",
    )
    as_of = fields.Date(readonly=True, help="The day the scores stand for.")
    start = fields.Datetime(readonly=True)
    duration = fields.Float(
        string="Duration (s)", readonly=True, digits=(10, 2), aggregator="avg"
    )
    done_count = fields.Integer(
        string="Written",
        readonly=True,
        aggregator=False,
        help="Customers written so far, of those who changed.",
    )
    total_count = fields.Integer(
        string="To Write",
        readonly=True,
        aggregator=False,
        help="Customers who changed, to be written. 0 while purchases are read.",
    )
    progress = fields.Float(compute="_compute_progress", help="In percent.")
    alive = fields.Datetime(
        string="Last Sign of Life",
        readonly=True,
        help="A run that was stopped, by a restart or by the time limit of scheduled "
        "actions, goes on from here when the scheduled action is called again.",
    )
    attempt_count = fields.Integer(
        string="Attempts",
        readonly=True,
        aggregator=False,
        help="How often the run was begun or taken up again.",
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        help="Customers with a profile after the run.",
    )
    created_count = fields.Integer(
        string="New Profiles",
        readonly=True,
        help="Customers who were not known before the run.",
    )
    changed_count = fields.Integer(
        string="Changed Profiles",
        readonly=True,
        help="Customers of whom any fact, score or stage changed.",
    )
    deleted_count = fields.Integer(
        string="Removed Profiles",
        readonly=True,
        help="Contacts who are no customers of the company any more.",
    )
    transition_count = fields.Integer(
        string="Transitions",
        readonly=True,
        help="Changes of stage or segment that were recorded.",
    )
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
    broken_stage_id = fields.Many2one(
        "lifecycle.stage",
        readonly=True,
        ondelete="set null",
        help="The stage whose rule could not be used, where that made the run fail.",
    )

    @api.depends("state", "done_count", "total_count")
    def _compute_progress(self):
        for run in self:
            if run.state == "done":
                run.progress = 100
            else:
                run.progress = 100 * run.done_count / max(run.total_count, 1)

    @api.model
    def _request(self, companies, reason, quiet=False, full=True):
        """Ask for a recompute of companies; the scheduled action does it soon.

        Requests that still wait are joined; one quiet one makes all quiet. One that
        has begun is not: it may not see what the caller has not committed yet.

        :param reason: a value of the field ``reason``
        :param quiet: record the changes, but let no automation act on them
        :param full: read the purchases of all customers again
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
        if full:
            waiting.filtered(lambda run: not run.full).full = True
        missing = companies - waiting.company_id
        created = runs.create(
            [
                {
                    "company_id": company.id,
                    "reason": reason,
                    "quiet": quiet,
                    "full": full,
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

    def _is_partial(self, last, as_of):
        """Whether facts of customers without news may come from their profiles.

        :param last: the last run of the company that was done
        """
        if self.full or not last.learned or last.as_of > as_of:
            return False
        last_full = self.search(
            [
                ("company_id", "=", last.company_id.id),
                ("state", "=", "done"),
                ("partial", "=", False),
            ],
            order="id desc",
            limit=1,
        )
        done = [("company_id", "=", last.company_id.id), ("state", "=", "done")]
        if not last_full or self.search_count(done, limit=2) < 2:
            # who began before the first run and committed after it left no mark
            return False
        # the rhythm is learned anew when a month begins
        return last_full.as_of >= max(
            as_of.replace(day=1), as_of - timedelta(days=_ALL_AGAIN_DAYS - 1)
        )

    def action_open_broken_stage(self):
        """Button: the stage whose rule made the run fail, to be mended."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "lifecycle.stage",
            "res_id": self.broken_stage_id.id,
            "views": [(False, "form")],
        }

    def action_recompute(self):
        """Button: recompute the companies of these runs, else of the switcher."""
        if not self.env.user.has_group("lifecycle_crm.group_lifecycle_manager"):
            raise UserError(
                self.env._("Only a lifecycle manager can ask for a recompute.")
            )
        self._request(self.company_id or self.env.companies, reason="manual")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The recompute starts within a minute. Its progress is under "
                    "Lifecycle › Configuration › Health."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.autovacuum
    def _gc_runs(self):
        """Keep a year of runs that ended."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=1)
        old = self.search([("state", "in", ("done", "failed")), ("start", "<", limit)])
        # what the last ones learned is in use; the first one says since when
        last = self.browse(
            run_id
            for domain in ([], [("partial", "=", False)], [("reason", "=", "install")])
            for _company, run_id in self._read_group(
                [("state", "=", "done"), *domain], ["company_id"], ["id:max"]
            )
        )
        (old - last).unlink()
