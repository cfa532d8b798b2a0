from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one profile per company before core moves the references.

        On a clash core would delete all profiles of the merged contacts, those
        of other companies included.  Per company the profile of the destination
        stays, else the one with the most orders; the next run corrects it.
        """
        ids = (src_partners | dst_partner).ids
        # facts of every company are moved, also of those the user cannot see
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """DELETE FROM lifecycle_profile WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (
                            PARTITION BY company_id
                            ORDER BY partner_id = %s DESC, order_count DESC, id
                        ) AS position
                        FROM lifecycle_profile WHERE partner_id = ANY(%s)
                    ) p WHERE position > 1)
                RETURNING id""",
                dst_partner.id,
                ids,
            )
        )
        self.env["lifecycle.profile"].invalidate_model()
        companies = self.env["lifecycle.profile"].sudo()
        companies = companies.search([("partner_id", "in", ids)]).company_id
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["lifecycle.run"]._request(companies, reason="manual")
        return result
