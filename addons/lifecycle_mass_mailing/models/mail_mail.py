from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Tie the mails of a mailing to what the gate wrote down about them."""
        vals_list = [dict(vals) for vals in vals_list]
        rows = [vals.pop("lifecycle_message_id", None) for vals in vals_list]
        mails = super().create(vals_list)
        links = [
            (row, mail.id, mail.mail_message_id.id)
            for row, mail in zip(rows, mails, strict=True)
            if row
        ]
        if links:
            self.env["lifecycle.gate"]._link_messages(links)
        return mails
