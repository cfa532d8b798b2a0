from dataclasses import replace

from odoo import models


class SmsTemplate(models.Model):
    _inherit = "sms.template"

    def _lifecycle_pass(self, token, records):
        """Those of some records for which the template may be sent.

        :param token: of the gate
        :return: records under a token that knows what is sent
        """
        gate = self.env["lifecycle.gate"]
        token = replace(token, key=f"{self._name},{self.id}")
        none = self.env["res.partner"]
        recipients = {
            record.id: (partners[:1] or none, [])
            for record, partners in zip(
                records, records._mail_get_partners().values(), strict=True
            )
        }
        passed = gate._pass_records(token, records, recipients, "sms")
        return records.browse(passed).with_context(lifecycle_gate=token)
