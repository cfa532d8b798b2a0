"""A mail server that does not answer loses no message of a play."""

from datetime import timedelta

from odoo import fields, models

# How long, and how often, the server is asked again.
_DAYS = 3
_MINUTES = 30


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Where no server could be reached, Odoo gives up; these wait instead."""
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        if failure_type == "mail_smtp":
            self._lifecycle_try_later()
        return result

    def _lifecycle_try_later(self):
        now = fields.Datetime.now()
        waiting = self.filtered(
            lambda mail: (
                mail.lifecycle_company_id and mail.date > now - timedelta(days=_DAYS)
            )
        )
        waiting.write(
            {
                "state": "outgoing",
                "scheduled_date": now + timedelta(minutes=_MINUTES),
            }
        )
        waiting._lifecycle_call_queue()
