from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    churn_horizon_auto = fields.Boolean(
        related="company_id.churn_horizon_auto", readonly=False
    )
    churn_horizon_days = fields.Integer(
        related="company_id.churn_horizon_days", readonly=False
    )
    churn_clv_months = fields.Selection(
        related="company_id.churn_clv_months", readonly=False
    )
    churn_discount_rate = fields.Float(
        related="company_id.churn_discount_rate", readonly=False
    )
    churn_bands_auto = fields.Boolean(
        related="company_id.churn_bands_auto", readonly=False
    )
    churn_cut_medium = fields.Float(
        related="company_id.churn_cut_medium", readonly=False
    )
    churn_cut_high = fields.Float(related="company_id.churn_cut_high", readonly=False)
    churn_retrain_weekly = fields.Boolean(
        related="company_id.churn_retrain_weekly", readonly=False
    )
    churn_prediction_months = fields.Integer(
        related="company_id.churn_prediction_months", readonly=False
    )
    churn_learned = fields.Char(
        string="Churn Learned from Your Data", compute="_compute_churn_learned"
    )
    churn_bands_text = fields.Text(compute="_compute_churn_learned")

    def _compute_churn_learned(self):
        """What the active model of the company says of itself and of the bands."""
        models = self.env["churn.model"]
        if not models.has_access("read"):
            # who administers the system does not thereby lead the sales
            self.churn_learned = self.churn_bands_text = False
            return
        for settings in self:
            model = models._get_active(settings.company_id)
            settings.churn_learned = model.summary
            settings.churn_bands_text = model.bands_text
