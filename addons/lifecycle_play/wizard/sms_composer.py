from dataclasses import replace

from odoo import api, fields, models

from ..models.lifecycle_gate import GateToken


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    lifecycle_gate = fields.Boolean(
        string="Through the Gate",
        compute="_compute_lifecycle_gate",
        store=True,
        readonly=False,
        help="Who opted out, is blacklisted, had enough messages this week or has an "
        "open complaint is left out; quiet hours are kept.",
    )

    @api.depends("composition_mode", "res_model")
    def _compute_lifecycle_gate(self):
        gate = self.env["lifecycle.gate"]
        for composer in self:
            composer.lifecycle_gate = (
                composer.composition_mode == "mass"
                and gate._is_customer_list(composer.res_model)
            )

    def _action_send_sms_mass(self, records=None):
        """Who is held is left out; the rest goes as it would."""
        gate = self.env["lifecycle.gate"]
        token = gate._get_token()
        records = records if records is not None else self._get_records()
        gated = gate._is_gated_by_hand(
            self.lifecycle_gate, self.res_model, len(records or ())
        )
        if (token and token.key) or not (token or gated):
            return super()._action_send_sms_mass(records)
        passed = self._lifecycle_pass(token, records)
        composer = self.with_context(
            lifecycle_gate=passed.env.context["lifecycle_gate"]
        )
        return super(SmsComposer, composer)._action_send_sms_mass(passed)

    def _action_send_sms_comment(self, records=None):
        """To one customer it is a letter, to many the same as a mass message."""
        gate = self.env["lifecycle.gate"]
        records = records if records is not None else self._get_records()
        if (
            len(records) < 2
            or gate._get_token()
            or not gate._is_customer_list(self.res_model)
        ):
            return super()._action_send_sms_comment(records)
        passed = self._lifecycle_pass(None, records)
        composer = self.with_context(
            lifecycle_gate=passed.env.context["lifecycle_gate"]
        )
        return super(SmsComposer, composer)._action_send_sms_comment(passed)

    def _lifecycle_pass(self, token, records):
        """Those of the records to which it may go, under a token."""
        gate = self.env["lifecycle.gate"]
        token = token or GateToken(source="hand", model=records._name)
        if self.template_id:
            return self.template_id._lifecycle_pass(token, records)
        token = replace(token, key=f"{self._name},{self.id}")
        none = self.env["res.partner"], []
        recipients = dict.fromkeys(records.ids, none)
        ids = gate._pass_records(token, records, recipients, "sms")
        return records.browse(ids).with_context(lifecycle_gate=token)
