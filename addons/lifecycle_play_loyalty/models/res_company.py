from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_referral_template_id = fields.Many2one(
        "mail.template",
        string="Reward for a Referral",
        domain=[("model", "=", "res.partner"), ("coupon_program_id", "!=", False)],
        groups="base.group_user",
        help="Sent, with a coupon, to who recommended and to who was recommended, once "
        "the first order is paid. Empty: their salespersons are asked to thank them.",
    )
