from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.mail import (
    append_content_to_html,
    email_normalize_all,
    email_split_and_format,
)

_FAILURES = {"blacklisted": "mail_bl", "duplicate": "mail_dup"}


class MailMail(models.Model):
    _inherit = "mail.mail"

    lifecycle_company_id = fields.Many2one(
        "res.company",
        string="Passed the Gate of",
        readonly=True,
        ondelete="set null",
        help="A message to a customer of this company: it carries a link to "
        "unsubscribe.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Under a token of the gate: who is held is no recipient.

        Where nobody is left, the mail is cancelled.
        """
        gate = self.env["lifecycle.gate"]
        token = gate._get_token()
        if not token:
            return super().create(vals_list)
        links = self._lifecycle_hold(token, vals_list)
        mails = super().create(vals_list)
        gate._link_messages(
            [
                (message_id, mail.id, mail.mail_message_id.id)
                for mail, message_ids in zip(mails, links, strict=True)
                for message_id in message_ids
            ]
        )
        mails._lifecycle_keep_company()
        mails._lifecycle_call_queue()
        return mails

    @api.model
    def _lifecycle_hold(self, token, vals_list):
        """Take recipients who are held out of the values of mails.

        :return: rows of the log for each mail, ids
        """
        gate = self.env["lifecycle.gate"]
        abouts = [self._lifecycle_read_about(vals) for vals in vals_list]
        customers = self._lifecycle_read_customers(token, abouts)
        partners = [self._lifecycle_read_partners(vals) for vals in vals_list]
        texts = [[vals.get("email_to"), vals.get("email_cc")] for vals in vals_list]
        contacts = gate._find_contacts(
            {
                a
                for some in texts
                for text in some
                for a in email_normalize_all(text or "")
            }
        )
        everybody = self.env["res.partner"].union(*partners)
        colleagues = gate._find_colleagues(everybody, contacts)
        scopes, sorted_, gated = {}, {}, {}
        for index, about in enumerate(abouts):
            if gate._is_exempt(token, about[0]):
                continue
            scopes[index] = customers[about]
            sorted_[index] = gate._sort_recipients(
                partners[index],
                texts[index],
                customers[about][1],
                contacts,
                colleagues,
            )
            gated[index] = sorted_[index][0]
        blocked = gate._find_blocked(
            set().union(*(loose for _gated, _named, loose in sorted_.values()))
        )
        verdicts = gate._pass_scopes(token, scopes, gated, "mail")
        links = [[] for _vals in vals_list]
        for index, (people, named, loose) in sorted_.items():
            company = scopes[index][0]
            said = {person.id: verdicts[company.id, person.id] for person in people}
            self._lifecycle_apply(
                vals_list[index], partners[index], company, said, named, loose & blocked
            )
            if vals_list[index].get("state") != "cancel":
                links[index] = [
                    verdict.message_id
                    for verdict in said.values()
                    if not verdict.reason
                ]
            if token.key is None:  # the next one is another message
                for person in people:
                    token.verdicts.pop((None, company.id, "mail", person.id), None)
        return links

    @api.model
    def _lifecycle_apply(self, vals, partners, company, said, named, blocked):
        """Change the values of one mail to what the gate said.

        :param said: ``{contact id: GateVerdict}``
        :param named: ``{address: contact id}``
        :param blocked: addresses of nobody that are blacklisted
        """
        held = {pid for pid, verdict in said.items() if verdict.reason}
        passed = [verdict for verdict in said.values() if not verdict.reason]
        if passed:
            vals["lifecycle_company_id"] = company.id
            vals.update(self._lifecycle_get_date(vals, passed))
        if not held and not blocked:
            return
        away = {a for a, pid in named.items() if pid in held} | blocked
        left = partners.filtered(lambda partner: partner.id not in held)
        kept = {
            name: ", ".join(
                text
                for text in email_split_and_format(vals.get(name) or "")
                if away.isdisjoint(email_normalize_all(text))
            )
            for name in ("email_to", "email_cc")
        }
        if left or kept["email_to"]:
            vals.update(kept, recipient_ids=[Command.set(left.ids)])
            return
        reasons = [verdict.reason for verdict in said.values() if verdict.reason]
        reason = reasons[0] if reasons else "blacklisted"
        labels = dict(self.env["lifecycle.gate"]._get_reason_labels())
        vals.update(
            state="cancel",
            lifecycle_company_id=False,
            failure_type=_FAILURES.get(reason, "mail_optout"),
            failure_reason=self.env._("Held by the gate: %s", labels[reason]),
        )

    @api.model
    def _lifecycle_get_date(self, vals, passed):
        """When a mail may go: after the quiet hours of all who get it."""
        now = fields.Datetime.now()
        allowed = max(verdict.allowed_at for verdict in passed)
        asked = vals.get("scheduled_date")
        if asked:
            asked = self._parse_scheduled_datetime(asked)
            asked = asked.replace(tzinfo=None) if asked else None
        if allowed <= (asked or now):
            return {}
        return {"scheduled_date": allowed}

    @api.model
    def _lifecycle_read_about(self, vals):
        """Model and id of the record that a mail is about."""
        if vals.get("mail_message_id") and not vals.get("model"):
            # its own message, of which nothing is shown
            message = self.env["mail.message"].sudo().browse(vals["mail_message_id"])
            return message.model or None, message.res_id or None
        return vals.get("model") or None, vals.get("res_id") or None

    @api.model
    def _lifecycle_read_customers(self, token, abouts):
        """Company and customer by what the mails are about."""
        gate = self.env["lifecycle.gate"]
        company = self.env["res.company"].browse(token.company) or self.env.company
        found, by_model = {}, {}
        for model, res_id in set(abouts):
            if model and res_id and model in self.env:
                by_model.setdefault(model, []).append(res_id)
            found[model, res_id] = (company, self.env["res.partner"])
        for model, res_ids in by_model.items():
            records = self.env[model].browse(res_ids)
            scopes = gate._get_scopes(token, records)
            found.update({(model, res_id): scopes[res_id] for res_id in res_ids})
        return found

    @api.model
    def _lifecycle_read_partners(self, vals):
        """Recipients in the values of a new mail."""
        ids = []
        for command in vals.get("recipient_ids") or []:
            if isinstance(command, int):
                ids.append(command)
            elif command[0] == Command.SET:
                ids = list(command[2])
            elif command[0] == Command.LINK:
                ids.append(command[1])
        return self.env["res.partner"].browse(dict.fromkeys(ids))

    def _lifecycle_call_queue(self):
        """Have the queue looked at when quiet hours end."""
        moments = {
            mail.scheduled_date
            for mail in self
            if mail.lifecycle_company_id and mail.scheduled_date
        }
        if moments:
            queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
            queue._trigger(sorted(moments))

    def send(self, *args, **kwargs):
        """Under a token of the gate, what waits for the end of quiet hours waits.

        What is not sent by hand goes through the queue: what a play did may be undone
        and done again until it is committed, a mail that went out may not.
        """
        if token := self.env["lifecycle.gate"]._get_token():
            if token.source != "hand":
                return super(MailMail, self.browse()).send(*args, **kwargs)
            now = fields.Datetime.now()
            self = self.filtered(
                lambda mail: not mail.scheduled_date or mail.scheduled_date <= now
            )
        return super().send(*args, **kwargs)

    def _lifecycle_drop(self, partner, reason):
        """Take a recipient out of a mail that waits in the queue."""
        self.ensure_one()
        labels = dict(self.env["lifecycle.gate"]._get_reason_labels())
        address = set(email_normalize_all(partner.email or ""))
        values = {"recipient_ids": [Command.unlink(partner.id)]}
        for name in ("email_to", "email_cc"):
            values[name] = ", ".join(
                text
                for text in email_split_and_format(self[name] or "")
                if address.isdisjoint(email_normalize_all(text))
            )
        if (self.recipient_ids - partner) or values["email_to"]:
            self.write(values)
            return
        self.write(
            {
                "state": "cancel",
                "failure_type": "mail_optout",
                "failure_reason": self.env._("Held by the gate: %s", labels[reason]),
            }
        )

    # -- the link to unsubscribe ---------------------------------------------------

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Each customer gets a link of their own, in the text and for mail programs."""
        emails = super()._prepare_outgoing_list(*args, **kwargs)
        if not self.lifecycle_company_id:
            return emails
        messages = self.env["lifecycle.message"].sudo()  # of this mail
        messages = messages.search(
            [
                "|",
                ("mail_id", "=", self.id),
                ("mail_message_id", "=", self.mail_message_id.id),
                ("company_id", "=", self.lifecycle_company_id.id),
            ]
        )
        for email in emails:
            partner = self._lifecycle_find_recipient(messages, email)
            if partner:
                self._lifecycle_add_link(email, partner)
        return emails

    @api.model
    def _lifecycle_find_recipient(self, messages, email):
        if email["partner_id"]:
            return messages.partner_id & email["partner_id"]
        addresses = set(email["email_to_normalized"])
        return messages.filtered(lambda m: m.address in addresses).partner_id[:1]

    def _lifecycle_add_link(self, email, partner):
        company = self.lifecycle_company_id
        url = partner._get_lifecycle_unsubscribe_url(company)
        # in the language of who reads it
        env = self.with_context(lang=partner.lang or self.env.lang).env
        words = env._("Unsubscribe from messages of %s", company.name)
        footer = Markup(
            '<p style="margin-top:24px;font-size:12px;color:#6c757d;text-align:center">'
            '<a href="%s" style="color:#6c757d">%s</a></p>'
        ) % (url, words)
        email["body"] = append_content_to_html(
            email["body"] or "", footer, plaintext=False
        )
        email["body_alternative"] = (
            f"{email['body_alternative'] or ''}\n\n{words}: {url}"
        )
        email["headers"] = {
            **email["headers"],
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
