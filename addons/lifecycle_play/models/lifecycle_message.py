from odoo import api, fields, models
from odoo.exceptions import UserError

from .lifecycle_gate import GATE_CHANNELS, GATE_REASONS, GATE_SOURCES

_SMS = ("channel", "=", "sms")


class LifecycleMessage(models.Model):
    """Append-only log of the gate: who was written to, who was not, and why."""

    _name = "lifecycle.message"
    _description = "Message to a Customer"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    channel = fields.Selection(GATE_CHANNELS, required=True, readonly=True)
    date = fields.Datetime(
        required=True,
        readonly=True,
        help="When it was held, or when it was handed to the queue. A message that "
        "waits for the end of the quiet hours has the moment at which they end.",
    )
    state = fields.Selection(
        [("sent", "Sent"), ("held", "Held")],
        required=True,
        readonly=True,
        help="Sent: it passed the gate and was handed to the queue. Held: the customer "
        "did not get it.",
    )
    reason = fields.Selection(
        GATE_REASONS, readonly=True, help="Why the customer did not get it."
    )
    source = fields.Selection(
        GATE_SOURCES, required=True, readonly=True, help="What wanted to send it."
    )
    address = fields.Char(
        readonly=True, help="Address or number it went to, at that time."
    )
    play_id = fields.Many2one("lifecycle.play", readonly=True, ondelete="set null")
    step_id = fields.Many2one("lifecycle.play.step", readonly=True, ondelete="set null")
    execution_id = fields.Many2one(
        "lifecycle.play.execution", readonly=True, ondelete="set null"
    )
    action_id = fields.Many2one("ir.actions.server", readonly=True, ondelete="set null")
    template_key = fields.Char(
        string="Template",
        readonly=True,
        help="What was sent, as model and number of the template.",
    )
    mail_id = fields.Many2one(
        "mail.mail", string="Email", readonly=True, ondelete="set null"
    )
    mail_message_id = fields.Many2one(
        "mail.message", string="Content", readonly=True, ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users", string="Sent by", readonly=True, ondelete="set null"
    )

    _partner_date_idx = models.Index("(partner_id, date)")
    _company_date_idx = models.Index("(company_id, date)")
    _address_idx = models.Index("(address, date) WHERE state = 'sent'")
    # what is deleted sets these null, and must find its rows
    _play_idx = models.Index("(play_id) WHERE play_id IS NOT NULL")
    _step_idx = models.Index("(step_id) WHERE step_id IS NOT NULL")
    _execution_idx = models.Index("(execution_id) WHERE execution_id IS NOT NULL")
    _mail_idx = models.Index("(mail_id) WHERE mail_id IS NOT NULL")
    _mail_message_idx = models.Index(
        "(mail_message_id) WHERE mail_message_id IS NOT NULL"
    )
    _reason_check = models.Constraint(
        "CHECK ((state = 'held') = (reason IS NOT NULL))",
        "What is held has a reason, what is sent has none.",
    )

    @api.depends("partner_id", "channel")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for message in self:
            message.display_name = self.env._(
                "%(channel)s to %(contact)s",
                channel=labels[message.channel],
                contact=message.partner_id.display_name,
            )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("Messages are a record of what happened: they stay as is.")
        )

    @api.model
    def _take_back_from(self, channel, domain):
        """Of contacts whose address was blacklisted, what waits does not go."""
        # of whoever wrote to them, whatever the one who blacklists may see
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        if found := partners.search(domain):
            # pylint: disable-next=no-search-all
            everywhere = companies.search([])
            self._cancel_queued(found, everywhere, "blacklisted", channel)

    @api.model
    def _cancel_played(self, partner_ids):
        """Of contacts who are not profiled any more, what plays queued does not go."""
        partners = self.env["res.partner"].browse(partner_ids)
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        # pylint: disable-next=no-search-all
        everywhere = companies.search([])  # nothing is shown of them
        self._cancel_queued(partners, everywhere, "no_profiling", played=True)

    @api.model
    def _cancel_queued(self, partners, companies, reason, channel=None, played=False):
        """Take back what still waits in the queue; the log says why.

        :param partners: contacts who are not to get it any more
        :param companies: of these companies only
        :param channel: of this channel only
        :param played: only what plays wanted to send
        """
        sent = [
            ("partner_id", "in", partners.ids),
            ("company_id", "in", companies.ids),
            ("state", "=", "sent"),
        ]
        if channel:
            sent.append(("channel", "=", channel))
        if played:
            sent.append(("source", "=", "play"))
        # whoever says so may have it, and nothing is shown
        messages = self.sudo()
        mails = messages.search([*sent, ("mail_id.state", "=", "outgoing")])
        for message in mails:
            message.mail_id._lifecycle_drop(message.partner_id, reason)
        queued = messages.env["sms.sms"].search(
            [
                ("lifecycle_message_id", "in", messages._search([*sent, _SMS])),
                ("state", "=", "outgoing"),
            ]
        )
        queued.write({"state": "canceled", "failure_type": "sms_optout"})
        waiting = mails | queued.lifecycle_message_id
        self.env["lifecycle.gate"]._hold_messages(waiting.ids, reason)
        return waiting

    def action_open_record(self):
        """The email itself, while it is there, or else the contact."""
        self.ensure_one()
        record = self.mail_message_id or self.partner_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
