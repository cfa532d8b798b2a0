"""Runs in words: how far, how long, what went wrong and what to do about it."""

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

# Beginnings of what is kept of an error, and which advice of
# ``_get_advice`` explains it.
_ADVICE = {
    "DiskFull": "disk",
    "OSError: [Errno 28]": "disk",
    "MemoryError": "memory",
    "OutOfMemory": "memory",
    "OperationalError": "connection",
    "InterfaceError": "connection",
    "AdminShutdown": "connection",
    "QueryCanceled": "slow",
    "SerializationFailure": "busy",
    "DeadlockDetected": "busy",
    "ForeignKeyViolation": "busy",
    "UndefinedColumn": "update",
    "UndefinedTable": "update",
}


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    remaining_count = fields.Integer(
        string="Remaining",
        compute="_compute_remaining_count",
        help="Customers still to be written.",
    )
    elapsed = fields.Char(
        string="Took",
        compute="_compute_elapsed",
        help="How long the run worked; while it runs, how long ago it began.",
    )
    progress_text = fields.Char(
        string="How Far",
        compute="_compute_progress_text",
        help="What a run that is not done yet is doing.",
    )
    reading = fields.Char(
        string="Purchases Read",
        compute="_compute_reading",
        help="Whether the purchases of all customers were read, or only of those to "
        "whom something had happened. Everybody is scored in either case.",
    )
    advice = fields.Text(
        string="What to Do",
        compute="_compute_advice",
        help="What a failure did to the customers, and how to mend its cause.",
    )

    @api.depends("as_of", "reason")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for run in self:
            # until a run ends, only when it was asked for is known
            day = run.as_of or fields.Datetime.context_timestamp(
                run, run.create_date or fields.Datetime.now()
            )
            run.display_name = self.env._(
                "%(reason)s, %(day)s",
                reason=reasons.get(run.reason, ""),
                day=format_date(self.env, day),
            )

    @api.depends("done_count", "total_count", "state")
    def _compute_remaining_count(self):
        for run in self:
            left = max(run.total_count - run.done_count, 0)
            run.remaining_count = 0 if run.state == "done" else left

    @api.depends("duration", "start", "state")
    def _compute_elapsed(self):
        now = fields.Datetime.now()
        for run in self:
            if run.state == "running" and run.start:
                run.elapsed = self._format_seconds((now - run.start).total_seconds())
            elif run.duration:
                run.elapsed = self._format_seconds(run.duration)
            else:
                run.elapsed = False

    @api.model
    def _format_seconds(self, seconds):
        """Seconds in words of two units at most, such as "1 min 12 s"."""
        seconds = max(seconds, 0)
        if seconds < 10:
            amount = formatLang(self.env, seconds, digits=1)
            return self.env._("%(seconds)s s", seconds=amount)
        minutes, seconds = divmod(round(seconds), 60)
        if minutes >= 60:
            # to the nearest minute
            hours, minutes = divmod(minutes + (seconds >= 30), 60)
            return self.env._(
                "%(hours)s h %(minutes)s min", hours=hours, minutes=minutes
            )
        if minutes:
            return self.env._(
                "%(minutes)s min %(seconds)s s", minutes=minutes, seconds=seconds
            )
        return self.env._("%(seconds)s s", seconds=seconds)

    @api.depends("state", "done_count", "total_count")
    def _compute_progress_text(self):
        for run in self:
            if run.state == "pending":
                run.progress_text = self.env._("Waits for the scheduled action")
            elif run.state != "running":
                run.progress_text = False
            elif not run.total_count:
                run.progress_text = self.env._("Reads purchases and scores customers")
            else:
                done, total, remaining = (
                    formatLang(self.env, number, digits=0)
                    for number in (
                        run.done_count,
                        run.total_count,
                        run.remaining_count,
                    )
                )
                run.progress_text = self.env._(
                    "%(done)s of %(total)s customers written, %(remaining)s remain",
                    done=done,
                    total=total,
                    remaining=remaining,
                )

    @api.depends("state", "full", "partial")
    def _compute_reading(self):
        for run in self:
            if run.state == "done" or run.full:
                news = run.partial
                run.reading = self.env._("Only news") if news else self.env._("All")
            else:
                run.reading = self.env._("News, or all where due")

    @api.depends("state", "error", "done_count", "total_count")
    def _compute_advice(self):
        for run in self:
            if run.state != "failed":
                run.advice = False
                continue
            if run.done_count:
                effect = self.env._(
                    "What was written before stays, and is right: %(done)s of "
                    "%(total)s changed customers. The others keep their former "
                    "scores.",
                    done=formatLang(self.env, run.done_count, digits=0),
                    total=formatLang(self.env, run.total_count, digits=0),
                )
            else:
                effect = self.env._(
                    "Nothing was changed: all customers keep their former scores."
                )
            again = self.env._(
                "It is tried again within the hour, three times a day, and whenever "
                "you press “Recompute Now”."
            )
            mend = run._get_advice(run.error or "")
            run.advice = "\n".join(text for text in (mend, effect, again) if text)

    @api.model
    def _get_advice(self, error):
        """How to mend the cause of an error, empty where its text says so itself.

        :param error: what the field ``error`` keeps
        """
        advices = {
            "disk": self.env._(
                "The disk of the server is full. Ask your administrator to make room."
            ),
            "memory": self.env._(
                "There was not enough memory. Ask your administrator to raise "
                "limit_memory_hard in Odoo's configuration."
            ),
            "connection": self.env._(
                "The database was not reachable, as during a restart. The next "
                "attempt should work."
            ),
            "slow": self.env._(
                "The database stopped a query that took too long. Ask your "
                "administrator to raise its statement_timeout."
            ),
            "busy": self.env._(
                "Somebody changed the same customers at the same time, several "
                "times in a row. The next attempt should work."
            ),
            "update": self.env._(
                "The database does not fit the installed version. Ask your "
                "administrator to update the app Customer Lifecycle."
            ),
        }
        for beginning, name in _ADVICE.items():
            if error.startswith(beginning):
                return advices[name]
        # a class of Python's: nothing that a manager could mend
        if error.partition(":")[0].isidentifier():
            return self.env._(
                "This is not a matter of settings. Give the text above to your "
                "administrator; Odoo's log of that time has the details."
            )
        return ""

    def action_open(self):
        """Open this run."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
