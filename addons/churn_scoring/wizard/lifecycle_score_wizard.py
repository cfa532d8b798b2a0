from odoo import fields, models


class LifecycleScoreWizard(models.TransientModel):
    _inherit = "lifecycle.score.wizard"

    horizon_days = fields.Integer(
        string="Churn Horizon (days)",
        help="The churn probability is that of no order within so many days after the "
        "day, and the expected value is that of these days. 0: the horizon and the "
        "months of the settings. For a day of the past a model is trained on what was "
        "known then.",
    )

    def _get_horizon(self):
        return self.horizon_days or None
