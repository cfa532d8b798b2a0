from odoo import api, models


class LifecycleProfile(models.Model):
    """What the churn risk suggests to do about a customer."""

    _inherit = "lifecycle.profile"

    @api.depends("churn_risk", "churn_confidence")
    def _compute_next_step(self):
        return super()._compute_next_step()

    def _get_next_steps(self):
        steps = super()._get_next_steps()
        call = {
            "label": self.env._("Plan a Call"),
            "method": "action_schedule_calls",
        }
        win_back = {
            "label": self.env._("Win Back"),
            "method": "action_win_backs",
        }
        if self.churn_lapsed:
            steps[0]["buttons"].append(win_back)
        elif self.churn_risk == "high":
            if self.at_risk_date and self.at_risk_date > self._get_days_base():
                # the rhythm says nothing yet, the model does
                text = self.env._(
                    "High churn risk, though nothing is overdue: call before it is."
                )
                # where the advice of stages is shown, it says so, too
                risk = {"text": text, "tone": "warning", "buttons": []}
                steps.insert(0, risk)
            steps[-1]["buttons"].append(call)
        return steps
