from odoo import api, fields, models

from .lifecycle_profile import RISKS


class LifecycleTransition(models.Model):
    _inherit = "lifecycle.transition"

    kind = fields.Selection(
        selection_add=[("risk", "Churn Risk")], ondelete={"risk": "cascade"}
    )
    from_risk = fields.Selection(
        RISKS, readonly=True, help="Churn risk before. Empty: none was known."
    )
    to_risk = fields.Selection(
        RISKS,
        readonly=True,
        help="Churn risk after. Empty: the customer has lapsed, or bought nothing.",
    )

    @api.depends("from_risk", "to_risk")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _get_end_name(self, end):
        if self.kind != "risk":
            return super()._get_end_name(end)
        labels = dict(self._fields[f"{end}_risk"]._description_selection(self.env))
        return labels.get(self[f"{end}_risk"])
