from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """A new company has the shipped plays, too, paused."""
        companies = super().create(vals_list)
        for company in companies:
            self.env["lifecycle.play"]._add_shipped(company)
        return companies
