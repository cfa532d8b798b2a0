"""The limits of the processes that do the runs: time, and memory."""

import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

# Share of the time limit of scheduled actions after which a run stops by itself.
_SHARE_OF_TIME = 0.6
# Times in a row that a run may be stopped before it writes anything.
_STOPS = 5


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    stop_count = fields.Integer(
        string="Stops in a Row",
        readonly=True,
        aggregator=False,
        help="How often the run was begun since it last wrote anything.",
    )

    def _check_stops(self):
        """Give up where a limit always strikes before anything is written."""
        if self.stop_count > _STOPS:
            raise UserError(
                self.env._(
                    "The run was stopped %(count)s times before it could write "
                    "anything. Reading the purchases takes longer than a scheduled "
                    "action may: raise limit_time_real_cron (now %(limit)s seconds) "
                    "and limit_memory_hard in Odoo's configuration, then press "
                    "“Recompute Now”.",
                    count=self.stop_count - 1,
                    limit=self._get_time_limit() or "-",
                )
            )

    @api.model
    def _get_time_limit(self):
        """Seconds that a scheduled action may take, 0 for no limit."""
        limit = config["limit_time_real_cron"]
        return limit if limit and limit > 0 else config["limit_time_real"]

    @api.model
    def _is_out_of_time(self):
        """Whether the worker would soon be killed for taking too long."""
        from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB

        end, limit = self.env.context.get("cron_end_time"), self._get_time_limit()
        if not end or not limit:
            return False  # asked by hand or by a test, or without a limit
        return time.monotonic() > end - MIN_TIME_PER_JOB + _SHARE_OF_TIME * limit
