from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    """What hangs on merged contacts, in every company, also those of others."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env.flush_all()
        self.env["churn.prediction"]._merge_partners(src_partners.ids, dst_partner.id)
        self._merge_save_items(src_partners, dst_partner)
        self._forget_evidence(src_partners)
        self._merge_subscriptions(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_save_items(self, src_partners, dst_partner):
        """Keep one item per company and week before core moves the references.

        On a clash core would delete the items of the merged contacts, also those of
        other weeks.  The one on which most was done stays.
        """
        self.env.execute_query(
            SQL(
                """DELETE FROM churn_save WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (
                            PARTITION BY company_id, week
                            ORDER BY contact_date IS NULL, lead_id IS NULL,
                                partner_id = %s DESC, id
                        ) AS place FROM churn_save WHERE partner_id = ANY(%s)
                    ) ranked WHERE place > 1
                ) RETURNING id""",
                dst_partner.id,
                (src_partners | dst_partner).ids,
            )
        )
        self.env["churn.save"].invalidate_model(flush=False)

    @api.model
    def _forget_evidence(self, src_partners):
        """The lines of merged contacts are found anew, under the one that stays.

        Two of one kind could clash, and core would then delete those of other
        companies, too.  The merge marks the customer, so that takes seconds.
        """
        self.env.cr.execute(
            SQL(
                "DELETE FROM churn_evidence WHERE partner_id = ANY(%s)",
                src_partners.ids,
            )
        )
        self.env["churn.evidence"].invalidate_model(flush=False)

    @api.model
    def _merge_subscriptions(self, src_partners, dst_partner):
        """Keep one row per company, that of the longest; each is read anew weekly.

        On a clash core would delete the rows of other companies, too.
        """
        self.env.cr.execute(
            SQL(
                """DELETE FROM churn_subscription WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (
                            PARTITION BY company_id ORDER BY start_date, id
                        ) AS place
                        FROM churn_subscription WHERE partner_id = ANY(%s)
                    ) ranked WHERE place > 1)""",
                (src_partners | dst_partner).ids,
            )
        )
        self.env["churn.subscription"].invalidate_model(flush=False)
