from odoo import api, fields, models
from odoo.fields import Domain

_FAILURES = {
    "blacklisted": "sms_blacklist",
    "duplicate": "sms_duplicate",
    "no_address": "sms_number_missing",
    "invalid_address": "sms_number_format",
}


class SmsSms(models.Model):
    _inherit = "sms.sms"

    lifecycle_not_before = fields.Datetime(
        string="Not before",
        readonly=True,
        help="Waits in the queue until the quiet hours of the customer are over.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Under a token of the gate: a message to who is held is cancelled."""
        gate = self.env["lifecycle.gate"]
        token = gate._get_token()
        if not token:
            return super().create(vals_list)
        links = self._lifecycle_hold(token, vals_list)
        messages = super().create(vals_list)
        gate._link_messages(
            [
                (row, None, sms.mail_message_id.id or None)
                for sms, row in zip(messages, links, strict=True)
                if row
            ]
        )
        if moments := set(messages.mapped("lifecycle_not_before")) - {False}:
            queue = self.env.ref("sms.ir_cron_sms_scheduler_action")
            queue._trigger(sorted(moments))
        return messages

    @api.model
    def _lifecycle_hold(self, token, vals_list):
        """Change the values of text messages to what the gate says.

        :return: the row of the log of each, ids or None
        """
        gate = self.env["lifecycle.gate"]
        mails = self.env["mail.mail"]
        abouts = [mails._lifecycle_read_about(vals) for vals in vals_list]
        customers = mails._lifecycle_read_customers(token, abouts)
        scopes, gated = {}, {}
        for index, (vals, about) in enumerate(zip(vals_list, abouts, strict=True)):
            partner = self.env["res.partner"].browse(vals.get("partner_id") or [])
            colleague = partner and gate._is_colleague(partner.sudo())
            customer = customers[about][1]
            if gate._is_exempt(token, about[0]) or (colleague and partner != customer):
                continue
            scopes[index] = customers[about]
            gated[index] = partner or customer or self._lifecycle_find(vals)
        verdicts = gate._pass_scopes(token, scopes, gated, "sms")
        links = [None] * len(vals_list)
        for index, people in gated.items():
            if not people:
                continue
            verdict = verdicts[scopes[index][0].id, people.id]
            vals = vals_list[index]
            if verdict.reason:
                vals["state"] = "canceled"
                vals["failure_type"] = _FAILURES.get(verdict.reason, "sms_optout")
                continue
            links[index] = verdict.message_id
            if verdict.allowed_at > fields.Datetime.now():
                vals["lifecycle_not_before"] = verdict.allowed_at
            if token.key is None:  # the next one is another message
                token.verdicts.pop((None, scopes[index][0].id, "sms", people.id), None)
        return links

    @api.model
    def _lifecycle_find(self, vals):
        """The contact of a number."""
        if not vals.get("number"):
            return self.env["res.partner"]
        # who is written to, whatever the sender may see
        partners = self.env["res.partner"].sudo()
        return partners.search(
            [("phone_sanitized", "=", vals["number"])], order="id", limit=1
        ).sudo(False)

    def send(self, *args, **kwargs):
        """What waits for the end of quiet hours waits.

        Under a token of the gate all goes through the queue: the provider must not be
        called before the transaction is committed.
        """
        if self.env["lifecycle.gate"]._get_token():
            return super(SmsSms, self.browse()).send(*args, **kwargs)
        due = self.filtered_domain(self._lifecycle_get_due())
        return super(SmsSms, due).send(*args, **kwargs)

    @api.model
    def _process_queue(self):
        return super(
            SmsSms, self.with_context(lifecycle_due=True)
        )._process_queue()

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("lifecycle_due"):
            domain = Domain(domain) & self._lifecycle_get_due()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _lifecycle_get_due(self):
        return Domain("lifecycle_not_before", "=", False) | Domain(
            "lifecycle_not_before", "<=", fields.Datetime.now()
        )
