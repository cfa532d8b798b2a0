from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_complaint_tickets = fields.Selection(
        related="company_id.lifecycle_complaint_tickets", readonly=False
    )
