"""Who is blacklisted does not get what waits in the queue, either."""

from odoo import api, models
from odoo.fields import Domain


class MailBlacklist(models.Model):
    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._lifecycle_take_back()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") or vals.get("email"):
            self._lifecycle_take_back()
        return result

    def _lifecycle_take_back(self):
        emails = self.filtered("active").mapped("email")
        self.env["lifecycle.message"]._take_back_from(
            "mail", Domain("email_normalized", "in", emails)
        )


class PhoneBlacklist(models.Model):
    _inherit = "phone.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._lifecycle_take_back()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") or vals.get("number"):
            self._lifecycle_take_back()
        return result

    def _lifecycle_take_back(self):
        numbers = self.filtered("active").mapped("number")
        self.env["lifecycle.message"]._take_back_from(
            "sms", Domain("phone_sanitized", "in", numbers)
        )
