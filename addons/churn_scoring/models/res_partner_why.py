from odoo import fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    # with the user's own rights: evidence and links are those the user may see
    churn_why = fields.Json(
        related="lifecycle_profile_id.churn_why",
        related_sudo=False,
        groups=LIFECYCLE_GROUPS,
    )
    churn_reason_top = fields.Char(
        related="lifecycle_profile_id.churn_reason_top",
        related_sudo=False,
        groups=LIFECYCLE_GROUPS,
    )

    def action_view_churn_evidence(self):
        self.ensure_one()
        return self.lifecycle_profile_id.action_view_churn_evidence()
