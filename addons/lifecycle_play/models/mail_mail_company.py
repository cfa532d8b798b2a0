from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _lifecycle_keep_company(self):
        """On a contact that companies share, only who writes sees what was written."""
        for company, mails in self.sudo().grouped("lifecycle_company_id").items():
            messages = mails.mail_message_id.filtered(
                lambda message: message.model == "res.partner"
            )
            if company and messages:
                messages.lifecycle_company_id = company
                messages.flush_recordset(["lifecycle_company_id"])
