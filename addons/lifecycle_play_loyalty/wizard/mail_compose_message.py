from odoo import models
from odoo.exceptions import UserError


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        """Here the text is made before anybody gets a coupon: its code would be the
        sample."""
        for composer in self:
            if composer.template_id.coupon_program_id:
                raise UserError(
                    self.env._(
                        "The template “%s” gives a coupon to each customer: plays and "
                        "server actions of the kind “Send Email” can send it. Choose "
                        "another template here.",
                        composer.template_id.name,
                    )
                )
        return super()._action_send_mail(auto_commit)
