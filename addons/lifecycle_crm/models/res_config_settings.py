from odoo import fields, models
from odoo.tools import format_date


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_source = fields.Selection(
        related="company_id.lifecycle_source", readonly=False
    )
    lifecycle_tz = fields.Selection(related="company_id.lifecycle_tz", readonly=False)
    lifecycle_lapse_auto = fields.Boolean(
        related="company_id.lifecycle_lapse_auto", readonly=False
    )
    lifecycle_lapse_days = fields.Integer(
        related="company_id.lifecycle_lapse_days", readonly=False
    )
    lifecycle_rfm_months = fields.Integer(
        related="company_id.lifecycle_rfm_months", readonly=False
    )
    lifecycle_rfm_recency_method = fields.Selection(
        related="company_id.lifecycle_rfm_recency_method", readonly=False
    )
    lifecycle_rfm_recency_bands = fields.Char(
        related="company_id.lifecycle_rfm_recency_bands", readonly=False
    )
    lifecycle_rfm_frequency_method = fields.Selection(
        related="company_id.lifecycle_rfm_frequency_method", readonly=False
    )
    lifecycle_rfm_frequency_bands = fields.Char(
        related="company_id.lifecycle_rfm_frequency_bands", readonly=False
    )
    lifecycle_rfm_monetary_method = fields.Selection(
        related="company_id.lifecycle_rfm_monetary_method", readonly=False
    )
    lifecycle_rfm_monetary_bands = fields.Char(
        related="company_id.lifecycle_rfm_monetary_bands", readonly=False
    )
    lifecycle_snapshot_months = fields.Integer(
        related="company_id.lifecycle_snapshot_months", readonly=False
    )
    lifecycle_transition_months = fields.Integer(
        related="company_id.lifecycle_transition_months", readonly=False
    )
    lifecycle_learned = fields.Char(
        string="Learned from Your Data", compute="_compute_lifecycle_learned"
    )

    def _compute_lifecycle_learned(self):
        """What the last run found in the company's own history, in words."""
        runs = self.env["lifecycle.run"]
        if not runs.has_access("read"):
            # who administers the system does not thereby lead the sales
            self.lifecycle_learned = False
            return
        for settings in self:
            run = runs._get_last_done(settings.company_id)
            settings.lifecycle_learned = run and self.env._(
                "Found in %(customers)s customers on %(day)s: half of all repeat "
                "purchases come within %(median)s days; a customer counts as "
                "lapsed after %(lapse)s days.",
                customers=run.customer_count,
                day=format_date(self.env, run.as_of),
                median=round(run.gap_days),
                lapse=run.lapse_days,
            )
