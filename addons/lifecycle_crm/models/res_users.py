from odoo import models
from odoo.tools import SQL


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "lifecycle.owner.mixin"]

    def _get_lifecycle_lead_condition(self):
        return SQL(
            """t.company_id IS NULL AND COALESCE(l.user_id, l.create_uid) = ANY(%s)""",
            self.ids,
        )
