from odoo import fields, models

from .lifecycle_mixin import LIFECYCLE_GROUPS


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "lifecycle.mixin"]

    lifecycle_profile_id = fields.Many2one(
        related="partner_id.lifecycle_profile_id", groups=LIFECYCLE_GROUPS
    )
    lifecycle_stage_id = fields.Many2one(
        related="partner_id.lifecycle_profile_id.stage_id",
        string="Customer's Stage",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_segment_id = fields.Many2one(
        related="partner_id.lifecycle_profile_id.segment_id",
        string="Customer's Segment",
        groups=LIFECYCLE_GROUPS,
    )
    rfm_code = fields.Char(
        related="partner_id.lifecycle_profile_id.rfm_code", groups=LIFECYCLE_GROUPS
    )
    clv_historic = fields.Monetary(
        related="partner_id.lifecycle_profile_id.clv_historic",
        string="Customer's Historic Value",
        currency_field="lifecycle_currency_id",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_stage_color = fields.Integer(
        related="partner_id.lifecycle_profile_id.stage_color", groups=LIFECYCLE_GROUPS
    )
    lifecycle_segment_color = fields.Integer(
        related="partner_id.lifecycle_profile_id.segment_color",
        groups=LIFECYCLE_GROUPS,
    )
