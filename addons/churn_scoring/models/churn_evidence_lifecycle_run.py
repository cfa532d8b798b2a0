from odoo import models


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    def _execute(self):
        """Evidence and the lists of the week follow when the customers are computed."""
        ended = super()._execute()
        if self.state == "done":
            for name in ("ir_cron_evidence", "ir_cron_save_lists"):
                cron = self.env.ref(f"churn_scoring.{name}", raise_if_not_found=False)
                if cron:
                    cron._trigger()
        return ended
