"""How many of the customers who would leave a salesperson is taken to save."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# From so many customers on who were contacted and are settled, what happened to them
# says more than an assumption.
ENOUGH_OUTCOMES = 30
_MEASURED_DAYS = 365


class ResCompany(models.Model):
    _inherit = "res.company"

    churn_save_rate = fields.Float(
        string="Save Rate",
        default=0.2,
        required=True,
        help="Assumed share of the customers who would leave that a salesperson keeps "
        "by contacting them. From 30 outcomes on, the measured rate takes its place.",
        groups="base.group_user",
    )
    churn_save_week = fields.Date(
        string="Week of the Last Save Lists", readonly=True, groups="base.group_system"
    )

    @api.constrains("churn_save_rate")
    def _check_churn_save_rate(self):
        for company in self:
            if not 0 < company.churn_save_rate <= 1:
                raise ValidationError(
                    self.env._(
                        "Save Rate is %s %%. Enter more than 0 and at most 100 %%.",
                        round(100 * company.churn_save_rate, 1),
                    )
                )

    def _get_churn_save_rate(self):
        """Share of the customers who would leave that are kept by a contact.

        Of the customers who were contacted and are settled since a year, ``lost`` left
        where without a contact the sum of their churn probabilities would have: the
        rate is 1 - lost / sum, within 0..1.  So who would have bought anyway is no
        success of the save list.

        :return: (rate, whether it was measured)
        """
        self.ensure_one()
        # counts only, no customer is named
        company = self.sudo()
        [(count, lost, expected)] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'lost'),
                    COALESCE(SUM(churn_probability), 0)
                FROM churn_save
                WHERE company_id = %s AND state IN ('saved', 'lost')
                  AND contact_date <= outcome_date AND outcome_date > %s
                  AND churn_probability IS NOT NULL""",
                company.id,
                company._get_lifecycle_today() - timedelta(days=_MEASURED_DAYS),
            )
        )
        if count < ENOUGH_OUTCOMES or expected <= 0:
            return company.churn_save_rate, False
        return min(max(1 - lost / expected, 0.0), 1.0), True


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    churn_save_rate = fields.Float(related="company_id.churn_save_rate", readonly=False)
