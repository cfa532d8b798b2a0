import logging

from odoo import models

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _lifecycle_do_each(self, work, what):
        """Work of a scheduled action on companies, one after the other, each committed.

        One that fails does not keep the others from theirs.

        :param work: called with a company
        :param what: what is done, for the log
        """
        cron = self.env["ir.cron"]
        left = cron._commit_progress(remaining=len(self))
        for company in self:
            if not left:
                break
            try:
                with self.env.cr.savepoint():
                    work(company)
            except Exception:  # the other companies get theirs
                self.env.invalidate_all(flush=False)
                _logger.exception("%s of company %s", what, company.id)
            left = cron._commit_progress(1)
