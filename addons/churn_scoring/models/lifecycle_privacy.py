from odoo import api, models
from odoo.tools import SQL


class LifecyclePrivacy(models.AbstractModel):
    _inherit = "lifecycle.privacy"

    @api.model
    def _get_scored_models(self):
        return {
            "churn.prediction": "partner_id",
            "churn.evidence": "partner_id",
            "churn.save": "partner_id",
            "churn.loss": "partner_id",
            "churn.subscription": "partner_id",
            **super()._get_scored_models(),
        }

    @api.model
    def _get_export_extras(self):
        return {**super()._get_export_extras(), "churn.evidence": ["sentence"]}

    @api.model
    def _get_erasing(self, partner_ids):
        return [
            *super()._get_erasing(partner_ids),
            SQL(
                """UPDATE crm_lead SET churn_risk_at_creation = NULL
                WHERE partner_id = ANY(%s) AND churn_risk_at_creation IS NOT NULL""",
                partner_ids,
            ),
            SQL(
                """UPDATE crm_lead SET description = regexp_replace(
                    description, %s, '', 'g')
                WHERE partner_id = ANY(%s) AND description LIKE %s""",
                r'<div class="o_churn_note">.*?</div>',
                partner_ids,
                "%o_churn_note%",
            ),
            # the note of a planned save call is made of scores, and so is the reason
            # to call
            SQL(
                """DELETE FROM mail_activity WHERE res_model = 'res.partner'
                  AND res_id = ANY(%s) AND churn_company_id IS NOT NULL""",
                partner_ids,
            ),
        ]
