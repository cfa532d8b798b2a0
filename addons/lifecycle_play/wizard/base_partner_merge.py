from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """One way of a customer through a play at a time, also after a merge.

        Of several contacts on their way through the same play the one that stays goes
        on, else the one who entered first.
        """
        self.env.flush_all()
        # a merge concerns every company, also those the user cannot see
        self.env.execute_query(
            SQL(
                """WITH ranked AS (
                    SELECT e.id, row_number() OVER (
                        PARTITION BY e.play_id
                        ORDER BY e.partner_id = %s DESC, e.entered_date, e.id
                    ) AS place
                    FROM lifecycle_play_enrollment e
                    WHERE e.state = 'running' AND e.partner_id = ANY(%s)
                )
                UPDATE lifecycle_play_enrollment e
                SET state = 'stopped', stop_reason = 'merged', step_id = NULL,
                    next_date = NULL, end_date = now() AT TIME ZONE 'UTC'
                FROM ranked WHERE ranked.id = e.id AND ranked.place > 1
                RETURNING e.id""",
                dst_partner.id,
                (src_partners | dst_partner).ids,
            )
        )
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)
        return super()._update_foreign_keys(src_partners, dst_partner)
