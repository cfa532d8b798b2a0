from odoo import models

# After such a run there is a history to learn from, or another one.
_REASONS = {"install": "install", "import": "import"}


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    def write(self, vals):
        """After the first run of a company and after an import: train."""
        result = super().write(vals)
        if vals.get("state") == "done":
            for run in self:
                if reason := _REASONS.get(run.reason):
                    self.env["churn.model"]._request(run.company_id, reason)
        return result
