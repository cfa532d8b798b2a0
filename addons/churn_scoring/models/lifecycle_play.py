from odoo import api, fields, models

from .lifecycle_profile import RISKS


class LifecyclePlay(models.Model):
    """A change of the churn risk lets customers in."""

    _inherit = "lifecycle.play"

    from_risk = fields.Selection(RISKS, help="Empty: from whatever risk.")
    to_risk = fields.Selection(RISKS, help="Empty: to whatever risk.")

    @api.model
    def _get_shipped_files(self):
        return [
            *super()._get_shipped_files(),
            ("churn_scoring", "data/lifecycle_play_data.xml"),
        ]
