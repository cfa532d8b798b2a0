from odoo import api, fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    lifecycle_target = fields.Selection(selection_add=[("tier", "A loyalty tier")])
    lifecycle_tier_id = fields.Many2one(
        "loyalty.tier",
        string="Tier",
        groups=LIFECYCLE_GROUPS,
        help="Members who are in it when the mailing is sent.",
    )

    @api.model
    def _get_lifecycle_choices(self):
        return {**super()._get_lifecycle_choices(), "tier": "lifecycle_tier_id"}

    @api.depends("lifecycle_tier_id")
    def _compute_mailing_domain(self):
        return super()._compute_mailing_domain()

    def _get_lifecycle_profile_domain(self):
        if self.lifecycle_target == "tier":
            return [("tier_id", "=", self.lifecycle_tier_id.id)]
        return super()._get_lifecycle_profile_domain()
