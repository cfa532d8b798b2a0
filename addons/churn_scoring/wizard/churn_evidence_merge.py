from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """The lines of merged contacts are found anew, under the one that stays.

        Two of one kind could clash, and core would then delete those of other
        companies, too.  The merge marks the customer, so that takes seconds.
        """
        # facts of every company, also of those the user cannot see
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM churn_evidence WHERE partner_id = ANY(%s)",
                src_partners.ids,
            )
        )
        self.env["churn.evidence"].invalidate_model()
        return super()._update_foreign_keys(src_partners, dst_partner)
