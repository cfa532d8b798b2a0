from odoo import api, models

from .lifecycle_rebuild import MONTHS


class LifecycleSnapshot(models.Model):
    _inherit = "lifecycle.snapshot"

    @api.model
    def _rebuild(self, company, months=MONTHS, until=None, reason="manual"):
        """Compute the history of a company now, in the transaction of the caller.

        What the scheduled action does, without its commits: for scripts and demo
        data.  It takes the place of what waits for this company.

        :param months: months with figures; the month end before is computed, too
        :param until: the last month end, default that of the month before today in
            the time zone of the company
        :param reason: a value of the field of that name of ``lifecycle.rebuild``
        :return: the record of the work
        """
        rebuilds = self.env["lifecycle.rebuild"].sudo()  # only the system calls this
        of_company = [("company_id", "=", company.id)]
        rebuilds.search([*of_company, ("state", "=", "pending")]).unlink()
        begun = rebuilds.search([*of_company, ("state", "=", "running")])
        begun.write({"state": "replaced"})
        rebuild = rebuilds.create(rebuilds._prepare(company, reason, months, until))
        rebuild._work()
        return rebuild
