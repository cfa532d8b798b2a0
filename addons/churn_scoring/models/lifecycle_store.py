from odoo import api, models
from odoo.tools import SQL


class LifecycleStore(models.AbstractModel):
    _inherit = "lifecycle.store"

    @api.model
    def _get_kinds(self):
        return {**super()._get_kinds(), "risk": ("churn_risk", "risk")}

    @api.model
    def _get_recorded(self, kind, run):
        """A risk that was never told before did not change.

        The first scoring, and the first after a pause, come with a quiet run.
        """
        condition = super()._get_recorded(kind, run)
        if kind == "risk" and run.quiet:
            condition = SQL("%s AND from_risk IS NOT NULL", condition)
        return condition
