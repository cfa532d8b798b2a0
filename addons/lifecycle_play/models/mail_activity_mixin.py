from odoo import models

from .gate_token import GateToken


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    def activity_send_mail(self, template_id):
        """The template of an activity, sent to all who have one: a mass message.

        To one customer it is a letter.
        """
        gate = self.env["lifecycle.gate"]
        template = self.env["mail.template"].browse(template_id).exists()
        if (
            len(self) < 2
            or not template
            or gate._get_token()
            or not gate._is_customer_list(self._name)
        ):
            return super().activity_send_mail(template_id)
        template = template._lifecycle_narrow(
            GateToken(source="hand", model=self._name)
        )
        passed = self.browse(template._lifecycle_pass(self.ids))
        if not passed:
            return True
        records = passed.with_context(
            lifecycle_gate=template.env.context["lifecycle_gate"],
            mail_notify_force_send=False,
        )
        return super(MailActivityMixin, records).activity_send_mail(template_id)
