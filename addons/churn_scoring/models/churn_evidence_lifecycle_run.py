from odoo import models


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    def _execute(self):
        """Evidence follows as soon as the customers are computed."""
        ended = super()._execute()
        if self.state == "done":
            cron = self.env.ref(
                "churn_scoring.ir_cron_evidence", raise_if_not_found=False
            )
            if cron:
                cron._trigger()
        return ended
