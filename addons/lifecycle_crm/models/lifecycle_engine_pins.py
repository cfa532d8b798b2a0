"""Pins on a day of the past."""

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_profile import STAGING_TABLE


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _assign_stages(self, company, as_of):
        """A pin that was set later was not known on the day."""
        if as_of < company._get_lifecycle_today():
            self.env.cr.execute(
                SQL(
                    """UPDATE %s SET pinned_stage_id = NULL, pinned_date = NULL,
                        pinned_until = NULL, pin_reason = NULL
                    WHERE pinned_date > %s""",
                    SQL.identifier(STAGING_TABLE),
                    as_of,
                )
            )
        return super()._assign_stages(company, as_of)
