from odoo import api, models


class LifecycleStore(models.AbstractModel):
    _inherit = "lifecycle.store"

    @api.model
    def _record_transitions(self, company, as_of, run):
        """Who moved enters the plays that wait for it, in the same transaction.

        Causes on which no automation may act let nobody in: the first run, an import,
        a change of rules.
        """
        plays = self.env["lifecycle.play"]
        last_id = plays._get_last_transition_id()
        count = super()._record_transitions(company, as_of, run)
        if count:
            causes = self._get_loud_causes(run)
            plays._enter_by_transitions(company, last_id, causes)
        return count
