from odoo import api, fields, models

from odoo.addons.churn_scoring.models.lifecycle_profile import RISKS
from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    lifecycle_target = fields.Selection(selection_add=[("risk", "A churn risk")])
    lifecycle_risk = fields.Selection(
        RISKS,
        string="Risk",
        groups=LIFECYCLE_GROUPS,
        help="Customers of this risk when the mailing is sent.",
    )

    @api.model
    def _get_lifecycle_choices(self):
        return {**super()._get_lifecycle_choices(), "risk": "lifecycle_risk"}

    @api.depends("lifecycle_risk")
    def _compute_mailing_domain(self):
        return super()._compute_mailing_domain()

    def _get_lifecycle_profile_domain(self):
        if self.lifecycle_target == "risk":
            return [("churn_risk", "=", self.lifecycle_risk)]
        return super()._get_lifecycle_profile_domain()
