from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    churn_evidence_months = fields.Integer(
        related="company_id.churn_evidence_months", readonly=False
    )
