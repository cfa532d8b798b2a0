from odoo import fields, models


class LifecyclePlayEnrollment(models.Model):
    _inherit = "lifecycle.play.enrollment"

    source = fields.Selection(
        selection_add=[("bad_rating", "Bad rating"), ("hand",)],
        ondelete={"bad_rating": lambda ways: ways._leave_to_hand()},
    )
