"""What was marked, read and done."""

import logging
from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_run_work import CONFLICTS

_logger = logging.getLogger(__name__)

# Refreshed between two commits.
_LIMIT = 5000


@dataclass(frozen=True)
class News:
    """Marks of one company.

    :param mark_ids: the marks themselves
    :param partner_ids: the customers they are about, also such as are none any more
    """

    mark_ids: list[int]
    partner_ids: list[int]


class LifecycleDirty(models.Model):
    _inherit = "lifecycle.dirty"

    @api.model
    def _read_news(self, company, limit=None):
        """The marks of a company, with the customers they are about."""
        [[mark_ids, partner_ids]] = self.env.execute_query(
            SQL(
                """WITH marks AS (
                    SELECT id, partner_id FROM lifecycle_dirty
                    WHERE company_id = %s ORDER BY id LIMIT %s
                )
                SELECT (SELECT ARRAY_AGG(id) FROM marks), ARRAY(
                    SELECT partner_id FROM marks
                    UNION SELECT p.commercial_partner_id FROM marks
                    JOIN res_partner p ON p.id = marks.partner_id)""",
                company.id,
                limit,
            )
        )
        return News(mark_ids or [], partner_ids)

    @api.model
    def _forget_news(self, news):
        """Remove the marks that were read, and none that came since."""
        if news.mark_ids:
            self.env.cr.execute(
                SQL("DELETE FROM lifecycle_dirty WHERE id = ANY(%s)", news.mark_ids)
            )

    @api.model
    def _call_for_rest(self, company):
        """After a run: what it did not see, because it came meanwhile, is refreshed.

        The scheduled action was called for it, and left it to the run.
        """
        marked = SQL(
            "SELECT 1 FROM lifecycle_dirty WHERE company_id = %s LIMIT 1", company.id
        )
        if self.env.execute_query(marked):
            self.env.ref("lifecycle_crm.ir_cron_refresh")._trigger()

    @api.model
    def _cron_refresh(self):
        """Refresh the marked customers, one company after the other.

        A company that fails keeps its marks for the next call and stops no other.
        Where a run waits or is at work, the marks are left to it.
        """
        cron = self.env["ir.cron"]
        runs = self.env["lifecycle.run"].sudo()  # for all companies, as the cron is
        companies = self._get_marked_companies()
        remaining = len(companies)
        cron._commit_progress(remaining=remaining)
        for company in companies:
            with runs._lock(company) as locked:
                if locked:
                    cron._commit_progress(remaining=remaining)  # see what is new
                    if not self._refresh_company(company):
                        break  # called again for the rest
            remaining -= 1
            if not cron._commit_progress(1, remaining=remaining) and remaining:
                break

    @api.model
    def _refresh_company(self, company):
        """Refresh the marked customers of a company that this process has locked.

        :return: false where time is over, and there may be more of them
        """
        runs = self.env["lifecycle.run"].sudo()  # as above
        engine = self.env["lifecycle.engine"].with_company(company)
        while True:
            # asked in the snapshot that is read
            if self._is_left_to_run(runs, company):
                return True
            news = self._read_news(company, _LIMIT)
            if not news.mark_ids:
                return True
            try:
                with self.env.cr.savepoint():
                    engine._refresh_customers(company, news)
                    self._forget_news(news)
            except CONFLICTS as error:
                _logger.info("Refresh of company %s: %s", company.id, error)
                self.env.cr.rollback()
                self.env.ref("lifecycle_crm.ir_cron_refresh")._trigger()
                return True
            except Exception:  # whatever it is, the other companies go on
                _logger.exception("Customers of company %s not refreshed", company.id)
                self.env.invalidate_all(flush=False)
                if not runs._find_unfulfilled(company):
                    # it does the same, or says aloud why it cannot be done
                    runs._request(company, reason="refresh", full=False)
                return True
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return False

    @api.model
    def _is_left_to_run(self, runs, company):
        """Whether a run must see the marks first.

        It may have to be quiet about what they would tell: also one that failed, and
        whose request is not fulfilled yet.
        """
        if not runs._get_last_done(company).learned:
            return True  # the first run sees everything
        waiting = runs._find_unfulfilled(company).filtered(
            lambda run: run.state == "pending" or run.quiet
        )
        running = [("company_id", "=", company.id), ("state", "=", "running")]
        return bool(waiting or runs.search_count(running, limit=1))
