from odoo import api, models

from .loyalty_engine import Occasion


class LifecycleEngine(models.AbstractModel):
    """Tiers follow the profiles: at night, and seconds after something happened."""

    _inherit = "lifecycle.engine"

    @api.model
    def _recompute_company(self, company, run, as_of=None, work=None):
        # forgotten when the profiles are written
        news = self.env["lifecycle.dirty"]._read_news(company).partner_ids
        last = run._get_last_done(company).as_of
        figures = super()._recompute_company(company, run, as_of, work)
        as_of = as_of or company._get_lifecycle_today()
        # of the rules of tiers that changed, a run tells nothing but its reason
        partial = figures["partial"] and run.reason == "nightly"
        occasion = Occasion(run.quiet, run.reason, run.id or None, partial)
        engine = self.env["loyalty.engine"]
        count = 0
        if partial:
            news = [*news, *engine._read_returns_due(company, last, as_of)]
        if partial and news:
            # with what forgets them: no commit is between
            count += engine._evaluate(company, as_of, occasion, news)
        count += engine._evaluate(company, as_of, occasion, work=work)
        figures["transition_count"] = figures.get("transition_count", 0) + count
        return figures

    @api.model
    def _refresh_customers(self, company, news):
        figures = super()._refresh_customers(company, news)
        self.env["loyalty.engine"]._evaluate(
            company,
            company._get_lifecycle_today(),
            Occasion(),
            partner_ids=news.partner_ids,
        )
        return figures
