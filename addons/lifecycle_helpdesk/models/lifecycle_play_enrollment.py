from odoo import fields, models
from odoo.tools import SQL


class LifecyclePlayEnrollment(models.Model):
    _inherit = "lifecycle.play.enrollment"

    source = fields.Selection(
        selection_add=[("promise", "Broken promise"), ("hand",)],
        ondelete={"promise": lambda ways: ways._leave_to_hand()},
    )

    def _leave_to_hand(self):
        """The addon goes; the ways of customers stay told."""
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_play_enrollment SET source = 'hand'
                WHERE id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_model(["source"], flush=False)
