from odoo import fields, models

from .lifecycle_mixin import LIFECYCLE_GROUPS


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "lifecycle.mixin"]

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
    lifecycle_stage_color = fields.Integer(
        related="partner_id.lifecycle_profile_id.stage_color", groups=LIFECYCLE_GROUPS
    )
    lifecycle_segment_color = fields.Integer(
        related="partner_id.lifecycle_profile_id.segment_color",
        groups=LIFECYCLE_GROUPS,
    )
