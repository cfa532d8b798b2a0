from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_referral_template_id = fields.Many2one(
        related="company_id.lifecycle_referral_template_id", readonly=False
    )
