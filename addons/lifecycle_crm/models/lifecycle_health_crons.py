"""The scheduled actions behind the engine: whether they work, and when they do."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from odoo.addons.base.models.ir_cron import _intervalTypes

# A scheduled action that is late by so much is not being called at all.
_LATE = timedelta(hours=3)
# A run at work says so with every batch.
_SILENT = timedelta(hours=1)
_FAILED_DAYS = 3


class LifecycleHealth(models.Model):
    _inherit = "lifecycle.health"

    next_nightly = fields.Datetime(
        string="Next Nightly Run",
        compute="_compute_schedule",
        help="The first call of the scheduled action on a day that has no run yet. "
        "Empty where it is switched off.",
    )
    scheduled_actions = fields.Json(
        compute="_compute_schedule",
        help="The scheduled actions that keep the scores right: name, last call "
        "(UTC), whether it is switched on, how often it failed in a row.",
    )
    attention = fields.Text(
        string="Needs Attention",
        compute="_compute_schedule",
        help="What keeps the scores from being right, and what to do about it.",
    )

    @api.model
    def _get_scheduled_actions(self):
        """External names of the scheduled actions, and what each is for.

        One that is not installed is left out.
        """
        return {
            "lifecycle_crm.ir_cron_recompute": self.env._("Nightly recompute"),
            "lifecycle_crm.ir_cron_refresh": self.env._("Refresh within seconds"),
            "lifecycle_crm.ir_cron_snapshot": self.env._("Monthly history"),
            "lifecycle_crm.ir_cron_cross_sell": self.env._("What was bought next"),
        }

    @api.model
    def _get_crons(self):
        """The scheduled actions by external name, with the words for each."""
        # no secret from those who may ask for a run; others have no access here
        self.check_access("read")
        data, crons = self.env["ir.model.data"], self.env["ir.cron"].sudo()
        numbers = {
            name: data._xmlid_to_res_id(name, raise_if_not_found=False)
            for name in self._get_scheduled_actions()
        }
        # all of them in one query
        there = crons.browse(filter(None, numbers.values())).exists()
        by_id = {cron.id: cron for cron in there}
        found = {}
        for name, label in self._get_scheduled_actions().items():
            if cron := by_id.get(numbers[name]):
                found[name] = (cron, label)
        return found

    @api.depends(
        "company_id",
        "current_run_id",
        "last_run_id",
        "failed_run_id",
        "failed_days",
        "failed_today",
    )
    def _compute_schedule(self):
        crons = self._get_crons()
        common = list(self._get_cron_attention(crons))
        # they stand for all companies
        self.scheduled_actions = [
            {
                "name": label,
                "active": cron.active,
                "failures": cron.failure_count,
                "last": cron.lastcall and cron.lastcall.isoformat(),
            }
            for cron, label in crons.values()
        ]
        cron, _label = crons.get("lifecycle_crm.ir_cron_recompute", (None, None))
        for health in self:
            lines = [*common, *health._get_run_attention()]
            health.attention = "\n".join(lines) or False
            health.next_nightly = (
                health._get_next_nightly(cron) if cron and cron.active else False
            )

    def _get_next_nightly(self, cron):
        """When the scheduled action next does the run of a day (naive UTC)."""
        self.ensure_one()
        as_of = self.last_run_id.as_of
        due = not self.current_run_id and (not as_of or as_of < self.today)
        if due and self._has_attempts_left():
            return cron.nextcall
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(self.company_id, self.today)
        return self._get_call(cron, scope.until)

    @api.model
    def _get_call(self, cron, moment):
        """The first call of a scheduled action at or after a moment (naive UTC)."""
        interval = _intervalTypes[cron.interval_type](cron.interval_number)
        call = max(cron.nextcall, fields.Datetime.now())  # one that is late comes soon
        while call < moment:
            call += interval
        return call

    @api.model
    def _format_moment(self, moment):
        """A moment (naive UTC) for a sentence, in the user's zone and language."""
        return format_datetime(self.env, moment, dt_format="short")

    @api.model
    def _get_cron_attention(self, crons):
        """What is wrong with the scheduled actions, a sentence each.

        :param crons: as :meth:`_get_crons` returns them
        """
        late = fields.Datetime.now() - _LATE
        for cron, label in crons.values():
            if not cron.active:
                yield self.env._(
                    "The scheduled action “%(name)s” is switched off, so nothing of "
                    "the kind happens by itself. An administrator switches it on "
                    "under Settings › Technical › Scheduled Actions.",
                    name=label,
                )
            elif cron.nextcall < late:
                yield self.env._(
                    "The scheduled action “%(name)s” was due at %(moment)s and was "
                    "not called. Ask your administrator whether Odoo runs scheduled "
                    "actions (max_cron_threads).",
                    name=label,
                    moment=self._format_moment(cron.nextcall),
                )
            elif cron.failure_count:
                yield self.env._(
                    "The scheduled action “%(name)s” itself failed, %(count)s times "
                    "in a row. Odoo's log says why.",
                    name=label,
                    count=cron.failure_count,
                )

    def _get_run_attention(self):
        """What is wrong with the runs of one company, a sentence each."""
        self.ensure_one()
        run = self.current_run_id
        silent = run.state == "running" and (
            run.alive and run.alive < fields.Datetime.now() - _SILENT
        )
        if silent:
            yield self.env._(
                "The run gave its last sign of life at %(moment)s. It goes on when "
                "the scheduled action is called again.",
                moment=self._format_moment(run.alive),
            )
        failed = self.failed_run_id
        if failed.broken_stage_id:
            yield self.env._(
                "While the rule of the stage “%(stage)s” is broken, neither runs nor "
                "the refresh within seconds work: customers keep their former stages "
                "and scores. Mend the rule and save it; a run follows by itself.",
                stage=failed.broken_stage_id.display_name,
            )
        elif failed.quiet or failed.reason == "refresh":
            yield self.env._(
                "The refresh within seconds stands still until a run works again: "
                "customers keep their former stages and scores."
            )
        if self.failed_days >= _FAILED_DAYS:
            yield self.env._(
                "No run has worked for %(count)s days. It will not mend itself: open "
                "the failed run, mend the cause it names, then press “Recompute Now”.",
                count=self.failed_days,
            )
        if self.rebuild_id.state == "failed":
            yield self.env._(
                "The monthly history was not computed: %(error)s Mend the cause, then "
                "press “Rebuild History” under Lifecycle › Configuration › Monthly "
                "History.",
                error=self.rebuild_id.error or "",
            )
