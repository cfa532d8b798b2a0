import logging

from odoo import api, models

from odoo.addons.lifecycle_crm.models.lifecycle_run_work import CONFLICTS

_logger = logging.getLogger(__name__)

# Of more customers the evidence waits for the night.
_FEW = 200


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _refresh_customers(self, company, news):
        """Evidence of a few customers is as fresh as their scores.

        A source that fails keeps no score from being right.
        """
        figures = super()._refresh_customers(company, news)
        if 0 < len(news.partner_ids) <= _FEW:
            evidence = self.env["churn.evidence"].with_company(company)
            try:
                with self.env.cr.savepoint():
                    evidence._refresh(company, news.partner_ids)
            except CONFLICTS:
                raise
            except Exception:  # whatever it is
                _logger.exception("Evidence of company %s not refreshed", company.id)
        return figures
