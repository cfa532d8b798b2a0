import logging
import time
from datetime import timedelta

from odoo import api, fields, models

from ..scoring.months import last_month_end

_logger = logging.getLogger(__name__)

ADVOCATES = ("key_account_002", "biweekly_003", "growing_002", "monthly_005")

# Days ago: months of the last year, weeks of the last month, today.
DEMO_RUNS = (*range(365, 30, -30), 28, 21, 14, 7, 3, 1, 0)


class LifecycleDemo(models.AbstractModel):
    """The demo company: a coffee and tea roastery with three years of sales.

    What it consists of is planned in ``demo/plan`` and put into the database by
    ``demo/loader``; both are imported only when demo data is loaded.
    """

    _name = "lifecycle.demo"
    _description = "Demo Company"

    @api.model
    def _generate(self, scale=1.0, today=None):
        """Load the demo company; do nothing where it is already.

        :param scale: share of the customers, for tests
        :param today: the day that the dates are relative to
        :return: whether it was loaded now
        """
        if self.env.ref("lifecycle_crm.demo_company_eu", raise_if_not_found=False):
            return False
        from ..demo.loader import STEPS, DemoData
        from ..demo.plan import make_plan

        main = self.env.ref("base.main_company")
        # whoever has the euro already sells abroad in dollars
        foreign = {"US"} if main.currency_id.name == "EUR" else None
        plan = make_plan(today or fields.Date.today(), scale, foreign_countries=foreign)
        data = DemoData(self.with_company(main).env, plan)
        for step in STEPS:
            began = time.monotonic()
            step(data)
            data.env.flush_all()
            _logger.info("%s: %.1f s", step.__name__, time.monotonic() - began)
        self._compute_first_scores(data)
        self._pin_advocates(data)
        self._compute_history(data)
        for company in data.companies[1] + data.companies[2]:
            self.env["lifecycle.cross.sell"]._refresh(company, plan.today)
        return True

    @api.model
    def _compute_first_scores(self, data):
        """Fill the screens at once, without any automation.

        The last year is run through day by day, a few of them: so the changes and
        the days since when customers stand where they stand are true.
        """
        runs = self.env["lifecycle.run"].sudo()  # demo data is loaded by the system
        today = data.plan.today
        for company in data.companies[1] + data.companies[2]:
            engine = self.env["lifecycle.engine"].with_company(company)
            for days in DEMO_RUNS:
                as_of = today - timedelta(days=days)
                run = runs.create(
                    {
                        "company_id": company.id,
                        "reason": "install" if days == DEMO_RUNS[0] else "nightly",
                        "quiet": True,
                        "as_of": as_of,
                        "start": as_of,
                    }
                )
                figures = engine._recompute_company(company, run, as_of)
                run.write({**figures, "state": "done"})

    @api.model
    def _compute_history(self, data):
        """The months before, for the reports."""
        for company in data.companies[1] + data.companies[2]:
            self.env["lifecycle.snapshot"]._rebuild(
                company, until=last_month_end(data.plan.today), reason="install"
            )

    @api.model
    def _pin_advocates(self, data):
        """Those who recommend the company: a thing that only people know."""
        partners = [data.partners[key].id for key in ADVOCATES if key in data.partners]
        profiles = self.env["lifecycle.profile"].search(
            [
                ("partner_id", "in", partners),
                ("company_id", "=", data.companies[1].id),
                ("order_count", ">", 0),
            ]
        )
        profiles.sudo()._pin_stage(  # as above
            self.env.ref("lifecycle_crm.stage_advocate"),
            until=data.plan.today + timedelta(days=180),
            reason="Recommended us to two new customers this year",
        )
