from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_lifecycle_advice(self):
        """A high risk is more urgent than what the stage asks for."""
        advice = super()._get_lifecycle_advice()
        profile = self.lifecycle_profile_id
        # of who has lapsed already, it is no news
        if profile.churn_risk == "high" and profile.stage_id.phase != "churn":
            advice.insert(
                0,
                self.env._(
                    "Churn risk is high: call this week, and ask what is wrong."
                ),
            )
        return advice
