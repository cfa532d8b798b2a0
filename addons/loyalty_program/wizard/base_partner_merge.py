from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one membership per programme and company before core moves them.

        On a clash core would delete those of the merged contacts, also of other
        companies.  The one with the highest tier stays, with what it promises; the
        merge marks the customer, so the figures are right soon after.
        """
        # memberships of every company, also of those the user cannot see
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """DELETE FROM loyalty_membership WHERE id IN (
                    SELECT id FROM (
                        SELECT m.id, ROW_NUMBER() OVER (
                            PARTITION BY m.program_id, m.company_id
                            ORDER BY m.pinned_tier_id IS NULL,
                                t.threshold DESC NULLS LAST,
                                m.valid_until DESC NULLS LAST,
                                m.partner_id = %s DESC, m.id
                        ) AS place
                        FROM loyalty_membership m
                        LEFT JOIN loyalty_tier t ON t.id = m.earned_tier_id
                        WHERE m.partner_id = ANY(%s)
                    ) ranked WHERE place > 1
                ) RETURNING id""",
                dst_partner.id,
                (src_partners | dst_partner).ids,
            )
        )
        self.env["loyalty.membership"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
