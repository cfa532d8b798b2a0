from odoo import models


class LifecycleRun(models.Model):
    _inherit = "lifecycle.run"

    def _execute(self):
        """Who came into an audience, or left it, gets or loses its tag."""
        ended = super()._execute()
        if self.state == "done":
            audiences = self.env["lifecycle.audience"]
            if audiences._has_tags(self.company_id):
                self.env.ref("lifecycle_play.ir_cron_keep_tags")._trigger()
        return ended
