"""When and by what each customer is reached best."""

from babel.dates import get_day_names

from odoo import api, fields, models
from odoo.tools import get_lang

CHANNELS = [("mail", "Email"), ("sms", "Text message"), ("call", "Call")]


class LifecycleEngagement(models.Model):
    """One row per customer and company, and one of all customers; written by SQL."""

    _name = "lifecycle.engagement"
    _description = "How a Customer Answers to Messages"
    _order = "company_id, partner_id"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        ondelete="cascade",
        help="Empty: all customers of the company together.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    sent_count = fields.Integer(
        string="Mailings", readonly=True, help="Mailings that reached the customer."
    )
    opened_count = fields.Integer(
        string="Opened",
        readonly=True,
        help="Mailings that were opened. What a mail program opens by itself within "
        "seconds is not counted.",
    )
    clicked_count = fields.Integer(string="Clicked", readonly=True)
    replied_count = fields.Integer(string="Replied", readonly=True)
    bounced_count = fields.Integer(string="Bounced", readonly=True)
    last_date = fields.Date(
        string="Last Opened On", readonly=True, help="In the customer's time."
    )
    best_weekday = fields.Integer(
        readonly=True,
        aggregator=False,
        help="Day on which most is read, 0 for Monday, in the customer's time.",
    )
    best_hour = fields.Integer(
        readonly=True,
        aggregator=False,
        help="Hour from which most is read, in the customer's time.",
    )
    time_known = fields.Boolean(
        string="Own Time",
        readonly=True,
        help="There are enough opens, clicks and replies to tell the customer's own "
        "time. Else it is that of all customers.",
    )
    best_channel = fields.Selection(CHANNELS, string="Channel", readonly=True)
    answer_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of messages by the best channel that are answered.",
    )
    channel_known = fields.Boolean(
        string="Own Channel",
        readonly=True,
        help="There are enough messages and answers to tell the customer's own "
        "channel. Else it is that of all customers.",
    )
    time_text = fields.Char(
        string="Best Time",
        compute="_compute_texts",
        help="From the opens, clicks and replies of the last 24 months, in the "
        "customer's time zone; a click counts twice, a reply three times. The fewer "
        "there are, the more the habits of all customers count: they weigh as much as "
        "ten events. From five events on it is the customer's own time.",
    )
    channel_text = fields.Char(
        string="Best Channel",
        compute="_compute_texts",
        help="What the customer answered to in the last 24 months: by a click, a "
        "reply, or a purchase within seven days after the message or call. The fewer "
        "attempts there are, the more the answers of all customers count.",
    )

    _company_partner_uniq = models.UniqueIndex("(company_id, COALESCE(partner_id, 0))")
    _partner_idx = models.Index("(partner_id) WHERE partner_id IS NOT NULL")

    @api.depends("best_weekday", "best_hour", "time_known", "best_channel")
    @api.depends_context("lang")
    def _compute_texts(self):
        days = get_day_names("wide", locale=get_lang(self.env).code)
        channels = dict(self._fields["best_channel"]._description_selection(self.env))
        for line in self:
            when = {"day": days[line.best_weekday], "hour": line.best_hour}
            if line.time_known:
                line.time_text = self.env._(
                    "%(day)s, from %(hour)s:00 (own habit)", **when
                )
            else:
                line.time_text = self.env._(
                    "%(day)s, from %(hour)s:00 (as most customers)", **when
                )
            channel = channels.get(line.best_channel)
            if not channel:
                line.channel_text = False
            elif line.channel_known:
                line.channel_text = self.env._(
                    "%(channel)s: answers %(rate)s %% (own habit)",
                    channel=channel,
                    rate=round(100 * line.answer_rate),
                )
            else:
                line.channel_text = self.env._(
                    "%(channel)s: %(rate)s %% answer (as most customers)",
                    channel=channel,
                    rate=round(100 * line.answer_rate),
                )
