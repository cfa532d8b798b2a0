from odoo import models
from odoo.tools import SQL


class CrmTeam(models.Model):
    _name = "crm.team"
    _inherit = ["crm.team", "lifecycle.owner.mixin"]

    def _get_lifecycle_lead_condition(self):
        return SQL("l.team_id = ANY(%s)", self.ids)
