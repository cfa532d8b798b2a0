from odoo import api, models

from .lifecycle_profile import RISKS

_SUMS = ("clv_expected", "revenue_at_risk")


class LifecycleDashboard(models.AbstractModel):
    """Expected value, value at risk, and how good the model is that says so."""

    _inherit = "lifecycle.dashboard"

    @api.model
    def _get_sums(self):
        described = self.env["lifecycle.profile"].fields_get(
            list(_SUMS), ["string", "help"]
        )
        return {**super()._get_sums(), **{name: described[name] for name in _SUMS}}

    @api.model
    def _get_keys(self):
        return {**super()._get_keys(), "risk": "churn_risk"}

    @api.model
    def _get_parts(self, scope):
        parts = super()._get_parts(scope)
        groups = self._add_up(scope["cells"], lambda cell: cell["risk"])
        model = self.env["churn.model"]._get_active(self.env.company)
        names = dict(
            self.env["lifecycle.profile"]
            ._fields["churn_risk"]
            ._description_selection(self.env)
        )
        risks = [
            {
                "risk": risk,
                "name": names[risk],
                "count": groups[risk]["count"],
                "value": groups[risk]["revenue_at_risk"],
            }
            for risk, _label in reversed(RISKS)
            if risk in groups
        ]
        return {
            **parts,
            "churn": {
                "model": self._get_model_words(model),
                "risks": risks,
            },
        }

    @api.model
    def _get_model_words(self, model):
        """What the model card says, in short; False where there is no model."""
        if not model:
            return False
        return {
            "id": model.id,
            "summary": model.summary or "",
            "text": model.calibration_text or "",
        }
