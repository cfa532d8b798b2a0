"""Saying sorry for a promise that was broken; a message, so through the gate."""

from odoo import fields, models
from odoo.exceptions import UserError

from .helpdesk_ticket import TICKET_GROUPS


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    apology_date = fields.Datetime(
        string="Apologised On",
        readonly=True,
        copy=False,
        groups=TICKET_GROUPS,
        help="When the customer was sent an apology for the broken promise.",
    )

    def _apologise(self):
        """Send the apology to the customers of tickets with a broken promise.

        Under the gate: whom it holds gets none, and stays to be apologised to.

        :raises UserError: where there is nothing to apologise for
        """
        asked = self.filtered(
            lambda ticket: ticket.promise_state == "broken" and not ticket.apology_date
        )
        if not asked:
            raise UserError(
                self.env._(
                    "There is nothing to apologise for: choose tickets whose promise "
                    "was broken, and whose customer got no apology yet."
                )
            )
        template = self.env.ref(
            "lifecycle_helpdesk.mail_template_apology", raise_if_not_found=False
        )
        if not template:
            raise UserError(
                self.env._(
                    "The email template “Helpdesk: Apology” was deleted. Update the "
                    "module “Customer Lifecycle: Helpdesk” to get it back."
                )
            )
        now = fields.Datetime.now()
        # which tickets got one is told by the mails; templates are nobody's secret
        mails = template.sudo().send_mail_batch(asked.ids)
        sent = asked.browse(mails.sudo().mapped("res_id"))
        sent.write({"apology_date": now})
        held = asked - sent
        sent._message_log_batch(
            bodies=dict.fromkeys(sent.ids, self.env._("An apology is on its way."))
        )
        held._message_log_batch(
            bodies=dict.fromkeys(
                held.ids,
                self.env._(
                    "No apology was sent: the customer may not be written to. "
                    "Lifecycle › Reports › Messages says why."
                ),
            )
        )
        return sent
