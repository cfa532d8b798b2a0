from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_message_months = fields.Integer(
        string="Keep Messages (months)",
        default=36,
        required=True,
        help="The log of who was written to, who was not, and why, is deleted when it "
        "is older. 0: it is kept for good. What the limits of messages ask for is kept "
        "in any case. Emails and the chatter are not touched.",
        groups="base.group_user",
        prefetch="lifecycle_gate",
        tracking=True,
    )

    @api.model
    def _get_retention_limits(self):
        return {**super()._get_retention_limits(), "lifecycle_message_months": (0, 240)}
