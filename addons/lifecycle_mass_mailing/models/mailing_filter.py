from odoo import api, models


class MailingFilter(models.Model):
    _inherit = "mailing.filter"

    @api.constrains("mailing_domain", "mailing_model_id")
    def _check_lifecycle_rights(self):
        # constraints run as superuser, but nobody may ask more than they may read
        rules = self.env["lifecycle.mailing.rule"].sudo(False)
        for saved in self:
            rules._check_fields(
                rules._follow(saved.mailing_model_name, saved.mailing_domain)
            )
