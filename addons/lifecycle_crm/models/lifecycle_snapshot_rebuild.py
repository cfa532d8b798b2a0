from odoo import api, models

from .lifecycle_rebuild import MONTHS


class LifecycleSnapshot(models.Model):
    _inherit = "lifecycle.snapshot"

    @api.model
    def _rebuild(self, company, months=MONTHS, until=None):
        """Compute the history of a company now, in the transaction of the caller.

        What the scheduled action does, without its commits: for scripts and demo
        data.  It takes the place of what waits for this company.

        :param months: months with figures; the month end before is computed, too
        :param until: the last month end, default that of the month before today in
            the time zone of the company
        :return: the record of the work
        """
        rebuilds = self.env["lifecycle.rebuild"].sudo()  # only the system calls this
        rebuilds.search(
            [("company_id", "=", company.id), ("state", "in", ("pending", "running"))]
        ).write({"state": "replaced"})
        rebuild = rebuilds.create(rebuilds._prepare(company, "manual", months, until))
        rebuild._work()
        return rebuild
