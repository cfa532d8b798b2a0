from odoo import fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS

from .churn_fields import UnknownFloat, UnknownMonetary


class ResPartner(models.Model):
    _inherit = "res.partner"

    churn_probability = UnknownFloat(
        related="lifecycle_profile_id.churn_probability",
        aggregator="avg",
        groups=LIFECYCLE_GROUPS,
    )
    churn_risk = fields.Selection(
        related="lifecycle_profile_id.churn_risk", groups=LIFECYCLE_GROUPS
    )
    churn_confidence = fields.Selection(
        related="lifecycle_profile_id.churn_confidence", groups=LIFECYCLE_GROUPS
    )
    churn_summary = fields.Char(
        related="lifecycle_profile_id.churn_summary", groups=LIFECYCLE_GROUPS
    )
    value_summary = fields.Char(
        related="lifecycle_profile_id.value_summary",
        string="Expected Value in Words",
        groups=LIFECYCLE_GROUPS,
    )
    expected_orders = UnknownFloat(
        related="lifecycle_profile_id.expected_orders",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
    )
    clv_expected = UnknownMonetary(
        related="lifecycle_profile_id.clv_expected",
        currency_field="lifecycle_currency_id",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
    )
    revenue_at_risk = UnknownMonetary(
        related="lifecycle_profile_id.revenue_at_risk",
        currency_field="lifecycle_currency_id",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
    )

    def unlink(self):
        partner_ids = self.ids
        result = super().unlink()
        # no foreign keys; whoever may delete a contact, deletes what was said of it
        self.env["churn.prediction"]._forget_partners(partner_ids)
        return result
