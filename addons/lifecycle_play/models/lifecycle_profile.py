from odoo import models


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    def _pin_stage(self, stage, until=False, reason=False):
        """Who is put into a stage by hand enters the plays that wait for it, too."""
        plays = self.env["lifecycle.play"]
        last_id = plays._get_last_transition_id()
        result = super()._pin_stage(stage, until, reason)
        self.env.flush_all()
        for company in self.company_id:
            plays._enter_by_transitions(company, last_id, ["manual"])
        return result
