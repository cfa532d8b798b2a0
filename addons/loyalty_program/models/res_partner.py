from odoo import fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "loyalty.member.mixin"]

    loyalty_tier_id = fields.Many2one(
        related="lifecycle_profile_id.tier_id", groups=LIFECYCLE_GROUPS
    )
    loyalty_tier_color = fields.Integer(
        related="lifecycle_profile_id.tier_color",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )

    def _get_member_contact(self):
        return self

    def action_view_loyalty_membership(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "loyalty.membership",
            "res_id": self.loyalty_membership_id.id,
            "views": [(False, "form")],
        }
