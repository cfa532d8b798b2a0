from odoo import api, models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # kept predictions of every company, also of those the user cannot see
        self.env["churn.prediction"]._merge_partners(src_partners.ids, dst_partner.id)
        return super()._update_foreign_keys(src_partners, dst_partner)
