from dataclasses import replace

from odoo import api, fields, models

from ..models.lifecycle_gate import GateToken


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    lifecycle_gate = fields.Boolean(
        string="Through the Gate",
        compute="_compute_lifecycle_gate",
        store=True,
        readonly=False,
        help="Who opted out, is blacklisted, had enough messages this week or has an "
        "open complaint is left out; quiet hours are kept, and the message carries a "
        "link to unsubscribe.",
    )
    lifecycle_held = fields.Text(
        string="Left Out",
        compute="_compute_lifecycle_held",
        help="Who would not get the message now, and why.",
    )

    @api.depends("composition_mode", "model")
    def _compute_lifecycle_gate(self):
        gate = self.env["lifecycle.gate"]
        for composer in self:
            composer.lifecycle_gate = (
                composer.composition_mode == "mass_mail"
                and gate._is_customer_list(composer.model)
            )

    @api.depends(
        "lifecycle_gate", "composition_mode", "model", "res_ids", "template_id"
    )
    def _compute_lifecycle_held(self):
        gate = self.env["lifecycle.gate"]
        for composer in self:
            composer.lifecycle_held = False
            if not composer._is_lifecycle_gated() or composer.model != "res.partner":
                continue
            partners = self.env["res.partner"].browse(composer._evaluate_res_ids())
            reasons = gate._check(
                partners, self.env.company, "mail", key=composer._get_lifecycle_key()
            )
            composer.lifecycle_held = gate._describe_held(reasons)

    def _is_lifecycle_gated(self):
        if self.composition_mode != "mass_mail":
            return False
        # of a domain nobody knows how many there are
        count = 2 if self.res_domain else len(self._evaluate_res_ids())
        return self.env["lifecycle.gate"]._is_gated_by_hand(
            self.lifecycle_gate, self.model, count
        )

    def _get_lifecycle_key(self):
        return f"mail.template,{self.template_id.id}" if self.template_id else None

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        """Who is held is left out; the rest goes as it would."""
        gated = self._is_lifecycle_gated() or self.env["lifecycle.gate"]._get_token()
        if not gated or not self.model:
            return super()._action_send_mail_mass_mail(res_ids, auto_commit)
        composer, passed = self._lifecycle_pass(res_ids)
        return super(MailComposeMessage, composer)._action_send_mail_mass_mail(
            passed, auto_commit
        )

    def _action_send_mail_comment(self, res_ids):
        """To one customer it is a letter, to many the same as a mass message."""
        gate = self.env["lifecycle.gate"]
        if (
            len(res_ids) < 2
            or self.subtype_is_log
            or gate._get_token()
            or not gate._is_customer_list(self.model)
        ):
            return super()._action_send_mail_comment(res_ids)
        composer, passed = self._lifecycle_pass(res_ids)
        return super(MailComposeMessage, composer)._action_send_mail_comment(passed)

    def _lifecycle_pass(self, res_ids):
        """This composer under a token, and the records for which it may send, ids."""
        gate = self.env["lifecycle.gate"]
        # of one mail several contacts of an address get one
        key = self._get_lifecycle_key() or f"{self._name},{self.id}"
        token = gate._get_token() or GateToken(source="hand", model=self.model)
        token = replace(token, key=key)
        records = self.env[self.model].browse(res_ids)
        none = self.env["res.partner"], []
        recipients = dict.fromkeys(records.ids, none)  # the customer of the record
        passed = gate._pass_records(token, records, recipients, "mail")
        return self.with_context(lifecycle_gate=token), passed
