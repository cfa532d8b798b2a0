"""What a step would send to customers, without sending it."""

from odoo import models
from odoo.tools import plaintext2html


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    def _get_channel(self):
        """Channel of the first message of the step."""
        mails, _texts = self._get_templates()
        return "mail" if mails else "sms"

    def _ask_gate(self, partners):
        """Whom the gate would hold now: ``{contact id: reason or False}``."""
        self.ensure_one()
        mails, texts = self._get_templates()
        template = (mails or texts)[:1]
        return self.env["lifecycle.gate"]._check(
            partners,
            self.play_id.company_id,
            self._get_channel(),
            play=self.play_id,
            key=f"{template._name},{template.id}" if template else None,
        )

    def _render_for(self, partners):
        """The messages of the step for customers, in their languages.

        :return: values of ``lifecycle.play.dry.run.message``
        """
        self.ensure_one()
        held = self._ask_gate(partners) if partners else {}
        found = []
        mails, texts = self._get_templates()
        for templates, channel in ((mails, "mail"), (texts, "sms")):
            for template in templates:
                found.extend(
                    {
                        **values,
                        "step_id": self.id,
                        "channel": channel,
                        "reason": held.get(values["partner_id"]) or False,
                    }
                    for values in self._render_template_for(template, partners)
                )
        return found

    def _render_template_for(self, template, partners):
        subject = "subject" if "subject" in template._fields else None
        body = "body_html" if "body_html" in template._fields else "body"
        rendered = []
        for partner in partners:
            with self._sample_ids(template.model, partner) as res_ids:
                if not res_ids:
                    continue
                [res_id] = res_ids
                found = template.sudo()  # as it is done for the play
                lang = (
                    template.lang and found._render_lang([res_id])[res_id]
                ) or partner.lang
                found = found.with_context(lang=lang)
                text = found._render_field(body, [res_id])[res_id]
                rendered.append(
                    {
                        "partner_id": partner.id,
                        "lang": lang,
                        "subject": subject
                        and found._render_field(subject, [res_id])[res_id],
                        "body": text
                        if body == "body_html"
                        else plaintext2html(text or ""),
                    }
                )
        return rendered
