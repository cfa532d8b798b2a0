from odoo import models


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    def _execute(self):
        """Whom a change of rules brought to a play, its owner is asked about."""
        ended = super()._execute()
        if self.state == "done" and self.reason == "rules":
            self.env["lifecycle.play"]._ask_about_missed(self.company_id)
        return ended
