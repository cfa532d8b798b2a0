from odoo import fields, models

from odoo.addons.churn_scoring.models.churn_fields import UnknownFloat, UnknownMonetary
from odoo.addons.lifecycle_helpdesk.models.helpdesk_ticket import TICKET_GROUPS


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    churn_probability = UnknownFloat(
        related="lifecycle_profile_id.churn_probability",
        string="Customer's Churn Probability",
        aggregator="avg",
        groups=TICKET_GROUPS,
    )
    churn_risk = fields.Selection(
        related="lifecycle_profile_id.churn_risk",
        string="Customer's Churn Risk",
        groups=TICKET_GROUPS,
    )
    clv_expected = UnknownMonetary(
        related="lifecycle_profile_id.clv_expected",
        string="Customer's Expected Value",
        currency_field="customer_currency_id",
        aggregator="sum",
        groups=TICKET_GROUPS,
    )
    revenue_at_risk = UnknownMonetary(
        related="lifecycle_profile_id.revenue_at_risk",
        string="Customer's Value at Risk",
        currency_field="customer_currency_id",
        aggregator="sum",
        groups=TICKET_GROUPS,
    )
