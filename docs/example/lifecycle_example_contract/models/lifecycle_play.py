"""3. A play that is shipped, for every company; see data/lifecycle_play_data.xml."""

from odoo import api, models


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    @api.model
    def _get_shipped_files(self):
        return [
            *super()._get_shipped_files(),
            ("lifecycle_example_contract", "data/lifecycle_play_data.xml"),
        ]
