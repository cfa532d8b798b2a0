"""Work on the monthly history: what is wanted, how far it is, what went wrong.

A piece of work is a number of months in a row, the oldest first, each written in
one transaction together with its figures.  So it can be killed at any point and
goes on where it stopped, and nobody ever sees half a month.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..scoring.months import last_month_end, month_ends
from .lifecycle_work_mixin import OPEN

MONTHS = 24


class LifecycleRebuild(models.Model):
    _name = "lifecycle.rebuild"
    _inherit = "lifecycle.work.mixin"
    _description = "Work on the Monthly History"
    _order = "id desc"
    _rec_name = "month_to"

    _lock_key = 5_492_003

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
    def _begin_again(self):
        """Do what has begun anew: it read customers that are not the same any more."""
        begun = self.sudo().search([("state", "=", "running")])  # whoever merges
        for rebuild in begun:
            self._request(rebuild.company_id, rebuild.reason)

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

    @api.autovacuum
    def _gc_rebuilds(self):
        """Keep a year of what ended, and of each company the latest that was done."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=1)
        latest = self._read_group([("state", "=", "done")], ["company_id"], ["id:max"])
        self.search(
            [
                ("state", "not in", OPEN),
                ("create_date", "<", limit),
                ("id", "not in", [last for _company, last in latest]),
            ]
        ).unlink()
