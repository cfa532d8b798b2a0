from dataclasses import replace

from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def send_mail(self, res_id, *args, **kwargs):
        """Under a token of the gate: False where nobody gets it."""
        if not self.env["lifecycle.gate"]._get_token():
            return super().send_mail(res_id, *args, **kwargs)
        # through Odoo's own method, as others extend it; it asks for the first mail
        template = self.with_context(lifecycle_first_mail=True)
        return super(MailTemplate, template).send_mail(res_id, *args, **kwargs)

    def send_mail_batch(self, res_ids, force_send=False, *args, **kwargs):
        """Under a token of the gate: only for who passes, and through the queue."""
        self.ensure_one()
        gate = self.env["lifecycle.gate"]
        token = gate._get_token()
        if not token:
            return super().send_mail_batch(res_ids, force_send, *args, **kwargs)
        if gate._is_exempt(token, self.model):
            template = self.with_context(lifecycle_gate=None)
            return super(MailTemplate, template).send_mail_batch(
                res_ids, force_send, *args, **kwargs
            )
        first = self.env.context.get("lifecycle_first_mail")
        template = self.with_context(lifecycle_first_mail=None)._lifecycle_narrow(token)
        passed = template._lifecycle_pass(res_ids)
        if first and not passed:
            return [self.env["mail.mail"]]
        return super(MailTemplate, template).send_mail_batch(
            passed, False, *args, **kwargs
        )

    def _lifecycle_narrow(self, token):
        """This template under a token that knows what is sent."""
        return self.with_context(
            lifecycle_gate=replace(token, key=f"{self._name},{self.id}")
        )

    def _lifecycle_pass(self, res_ids):
        """Those of some records for which the template may be sent, ids.

        To whom it would go is read from the template, as Odoo will read it.
        """
        gate = self.env["lifecycle.gate"]
        self._send_check_access(res_ids)
        rendered = self._generate_template_recipients(
            res_ids, {"email_cc", "email_to", "partner_to"}
        )
        recipients = {
            res_id: (
                self.env["res.partner"].browse(values.get("partner_ids") or []),
                [values.get("email_to"), values.get("email_cc")],
            )
            for res_id, values in rendered.items()
        }
        records = self.env[self.model].browse(res_ids)
        return gate._pass_records(gate._get_token(), records, recipients, "mail")
