from odoo import fields, models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _is_lifecycle_gated(self):
        # a mailing asks the gate where it makes its statistics, so that who is held
        # is counted there
        return not self.mass_mailing_id and super()._is_lifecycle_gated()

    def _process_mail_values_state(self, mail_values_dict):
        """After Odoo's own reasons: those of the gate, and who is held out."""
        values = super()._process_mail_values_state(mail_values_dict)
        mailing = self.mass_mailing_id
        if not mailing or not (
            mailing.lifecycle_gate or mailing.lifecycle_control_share
        ):
            return values
        going = {
            record_id: vals
            for record_id, vals in values.items()
            if vals.get("state") not in ("cancel", "exception")
        }
        recipients = self._get_recipients_data(going)
        emails = {
            record_id: recipients[record_id]["mail_to_normalized"]
            for record_id in going
        }
        now, later = fields.Datetime.now(), set()
        # whom a mailing reaches, whoever sends it
        decided = mailing.sudo()._lifecycle_decide(self.model, emails)
        for record_id, (failure, verdict) in decided.items():
            vals = values[record_id]
            if failure:
                vals.update(state="cancel", failure_type=failure)
                # Do not post the mail into the recipient's chatter
                vals["is_notification"] = False
                if failure == "lifecycle_held":
                    vals["lifecycle_reason"] = verdict.reason
                continue
            vals["lifecycle_message_id"] = verdict.message_id
            if verdict.allowed_at > now:
                vals["scheduled_date"] = verdict.allowed_at
                later.add(verdict.allowed_at)
        if later:
            queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
            # the queue is looked at when their quiet hours end, whoever sends
            queue.sudo()._trigger(sorted(later))
        return values

    def _prepare_mail_values_mailing_traces(self, mail_values_all):
        traces = super()._prepare_mail_values_mailing_traces(mail_values_all)
        for record_id, vals in mail_values_all.items():
            reason = vals.pop("lifecycle_reason", None)
            if reason and traces.get(record_id):
                traces[record_id]["lifecycle_reason"] = reason
        return traces
