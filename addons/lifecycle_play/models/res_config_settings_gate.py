from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_consent_policy = fields.Selection(
        related="company_id.lifecycle_consent_policy", readonly=False
    )
    lifecycle_message_cap = fields.Integer(
        related="company_id.lifecycle_message_cap", readonly=False
    )
    lifecycle_duplicate_days = fields.Integer(
        related="company_id.lifecycle_duplicate_days", readonly=False
    )
    lifecycle_message_months = fields.Integer(
        related="company_id.lifecycle_message_months", readonly=False
    )
    lifecycle_quiet = fields.Boolean(
        related="company_id.lifecycle_quiet", readonly=False
    )
    lifecycle_quiet_from = fields.Float(
        related="company_id.lifecycle_quiet_from", readonly=False
    )
    lifecycle_quiet_to = fields.Float(
        related="company_id.lifecycle_quiet_to", readonly=False
    )
    lifecycle_complaint_hold = fields.Boolean(
        related="company_id.lifecycle_complaint_hold", readonly=False
    )
    lifecycle_complaint_tag_ids = fields.Many2many(
        related="company_id.lifecycle_complaint_tag_ids", readonly=False
    )
