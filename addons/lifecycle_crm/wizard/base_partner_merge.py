from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one profile per company before core moves the references.

        On a clash core would delete all profiles of the merged contacts, those
        of other companies included.  Per company the profile of the destination
        stays, else the one with the most orders, and takes over the transitions
        of the others.  The customer is marked, so its figures are right soon after.
        """
        # facts of every company are moved, also of those the user cannot see
        self.env.flush_all()
        kept = self.env.execute_query(
            SQL(
                """WITH ranked AS (
                    SELECT id, company_id, FIRST_VALUE(id) OVER (
                        PARTITION BY company_id
                        ORDER BY partner_id = %s DESC, order_count DESC, id
                    ) AS kept_id
                    FROM lifecycle_profile WHERE partner_id = ANY(%s)
                ), moved AS (
                    UPDATE lifecycle_transition t SET profile_id = kept_id
                    FROM ranked r WHERE t.profile_id = r.id AND r.id <> kept_id
                )
                SELECT id, id = kept_id FROM ranked""",
                dst_partner.id,
                (src_partners | dst_partner).ids,
            )
        )
        merged = [profile_id for profile_id, stays in kept if not stays]
        self.env.execute_query(
            SQL("DELETE FROM lifecycle_profile WHERE id = ANY(%s) RETURNING id", merged)
        )
        self.env["lifecycle.profile"].invalidate_model()
        self.env["lifecycle.transition"].invalidate_model()
        self.env["lifecycle.snapshot"]._merge_partners(src_partners.ids, dst_partner.id)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # documents of any company may have changed hands, past the ORM
        self.env["lifecycle.dirty"]._mark(dst_partner.ids)
        self.env["lifecycle.rebuild"]._begin_again()
        return result
