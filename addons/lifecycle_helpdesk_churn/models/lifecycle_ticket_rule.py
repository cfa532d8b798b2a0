from odoo import api, fields, models
from odoo.fields import Domain

_RISKS = {"high": ["high"], "medium": ["medium", "high"]}


class LifecycleTicketRule(models.Model):
    _inherit = "lifecycle.ticket.rule"

    risk_from = fields.Selection(
        [("medium", "Medium or high"), ("high", "High")],
        string="Customer's Churn Risk",
        help="Only customers with at least this churn risk. Empty: with any, or with "
        "none yet.",
    )

    @api.model
    def _get_asking_names(self):
        return [*super()._get_asking_names(), "risk_from"]

    def _get_customer_domain(self, today):
        domain = super()._get_customer_domain(today)
        if self.risk_from:
            domain &= Domain("churn_risk", "in", _RISKS[self.risk_from])
        return domain
