from odoo import api, models
from odoo.tools import SQL


class LifecyclePrivacy(models.AbstractModel):
    _inherit = "lifecycle.privacy"

    @api.model
    def _get_scored_models(self):
        # executions and outcomes go with their enrollments; what was sent stays in the
        # log of messages, so that it can be said what was sent, and why
        return {
            "lifecycle.play.outcome": "partner_id",
            "lifecycle.play.execution": "partner_id",
            "lifecycle.play.enrollment": "partner_id",
            **super()._get_scored_models(),
        }

    @api.model
    def _get_personal_models(self):
        return {
            **super()._get_personal_models(),
            "lifecycle.message": "partner_id",
            "lifecycle.consent": "partner_id",
            "lifecycle.referral": "partner_id",
        }

    @api.model
    def _get_logged_models(self):
        # what they said is kept: who must not be written to, must be known
        return {**super()._get_logged_models(), "lifecycle.message": "partner_id"}

    @api.model
    def _get_append_only_models(self):
        return [*super()._get_append_only_models(), "lifecycle.consent"]

    @api.model
    def _get_contact_fields(self):
        return [*super()._get_contact_fields(), "lifecycle_birthday"]

    @api.model
    def _get_erasing(self, partner_ids):
        return [
            *super()._get_erasing(partner_ids),
            # tags that audiences keep say who is in them
            SQL(
                """DELETE FROM res_partner_res_partner_category_rel
                WHERE partner_id = ANY(%s) AND category_id IN (
                    SELECT tag_id FROM lifecycle_audience WHERE tag_id IS NOT NULL)""",
                partner_ids,
            ),
            # nor may the chatter tell which plays they went through
            SQL(
                """DELETE FROM mail_message WHERE model = 'res.partner'
                  AND res_id = ANY(%s) AND lifecycle_company_id IS NOT NULL
                  AND body LIKE %s""",
                partner_ids,
                "%data-oe-model=_lifecycle.play_%",
            ),
        ]

    @api.model
    def _forget(self, partner_ids):
        """What plays have queued and nobody has got yet, does not go out."""
        if partner_ids:
            contacts = self._find_contacts(partner_ids)
            self.env["lifecycle.message"]._cancel_played(contacts)
        return super()._forget(partner_ids)
