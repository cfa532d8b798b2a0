from odoo import api, fields, models
from odoo.tools import SQL


class LifecycleTransition(models.Model):
    """The end of life of what was recorded."""

    _inherit = "lifecycle.transition"

    @api.autovacuum
    def _gc_transitions(self):
        """Changes older than their company keeps them; 0: none."""
        self.env["res.company"].flush_model(["lifecycle_transition_months"])
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_transition t USING res_company c
                WHERE c.id = t.company_id AND c.lifecycle_transition_months > 0
                  AND t.date < %s::date
                    - make_interval(months => c.lifecycle_transition_months)""",
                fields.Date.today(),
            )
        )
        self.env.invalidate_all(flush=False)
