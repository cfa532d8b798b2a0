from odoo import fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS

from .churn_fields import UnknownFloat, UnknownMonetary


class CrmLead(models.Model):
    _inherit = "crm.lead"

    churn_probability = UnknownFloat(
        related="partner_id.lifecycle_profile_id.churn_probability",
        string="Customer's Churn Probability",
        aggregator="avg",
        groups=LIFECYCLE_GROUPS,
    )
    churn_risk = fields.Selection(
        related="partner_id.lifecycle_profile_id.churn_risk",
        string="Customer's Churn Risk",
        groups=LIFECYCLE_GROUPS,
    )
    clv_expected = UnknownMonetary(
        related="partner_id.lifecycle_profile_id.clv_expected",
        string="Customer's Expected Value",
        currency_field="lifecycle_currency_id",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
    )
    revenue_at_risk = UnknownMonetary(
        related="partner_id.lifecycle_profile_id.revenue_at_risk",
        string="Customer's Value at Risk",
        currency_field="lifecycle_currency_id",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
    )
