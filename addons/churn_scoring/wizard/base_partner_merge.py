from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one item per company and week before core moves the references.

        On a clash core would delete the items of the merged contacts, also those of
        other weeks.  The one on which most was done stays.
        """
        self.env.flush_all()
        # items of every company are merged, also of those the user cannot see
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
        return super()._update_foreign_keys(src_partners, dst_partner)
