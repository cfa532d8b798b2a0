from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    churn_prediction_months = fields.Integer(
        string="Keep Predictions (months)",
        default=40,
        required=True,
        help="What was said of each customer once a month is kept until it has been "
        "judged by what came, and never longer than this. Fewer months than the "
        "expected value reaches ahead: that is not judged, only the figures of what "
        "was judged are left.",
        groups="base.group_user",
        tracking=True,
    )

    @api.model
    def _get_retention_limits(self):
        return {**super()._get_retention_limits(), "churn_prediction_months": (1, 120)}
