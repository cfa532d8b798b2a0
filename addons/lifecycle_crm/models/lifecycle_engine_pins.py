"""Pins on a day of the past."""

from odoo import api, models
from odoo.tools import SQL

_PIN = ("pinned_stage_id", "pinned_date", "pinned_until", "pin_reason")


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_carried_value(self, company, name, as_of):
        """A pin that was set later was not known on the day."""
        value = super()._get_carried_value(company, name, as_of)
        if name in _PIN and as_of < company._get_lifecycle_today():
            return SQL(
                "CASE WHEN old.pinned_date > %s THEN NULL ELSE %s END", as_of, value
            )
        return value
