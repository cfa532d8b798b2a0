from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Under a token of the gate: customers who are held are not notified.

        Colleagues are: they follow the record, it is no message to them.
        """
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        gate = self.env["lifecycle.gate"]
        token = gate._get_token()
        if not token or not self or gate._is_exempt(token, self._name):
            return recipients
        scopes = gate._get_scopes(token, self)
        customer = scopes[self.id][1]
        held = set()
        for notif, channel in (("email", "mail"), ("sms", "sms")):
            ids = [
                data["id"]
                for data in recipients
                if data["id"] and data["notif"] == notif
                # a colleague with a portal login as well is one
                and (data["share"] or data["id"] == customer.id)
            ]
            people = {self.id: self.env["res.partner"].browse(ids)}
            verdicts = gate._pass_scopes(token, scopes, people, channel)
            held.update(pid for (_company, pid), said in verdicts.items() if said.reason)
        return [data for data in recipients if data["id"] not in held]
