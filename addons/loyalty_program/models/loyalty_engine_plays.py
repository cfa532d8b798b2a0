from odoo import api, models


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _record_moves(self, program, company, as_of, occasion, members, rows):
        """Who moved enters the plays that wait for it, in the same transaction.

        Not in the first run, by an import, or where the rules moved them.
        """
        plays = self.env["lifecycle.play"]
        last_id = plays._get_last_transition_id()
        count = super()._record_moves(program, company, as_of, occasion, members, rows)
        if count and not occasion.quiet:
            causes = ["purchase", "refund"]
            if occasion.reason not in ("rules", "import"):
                causes.append("time")
            plays._enter_by_transitions(company, last_id, causes)
        return count
