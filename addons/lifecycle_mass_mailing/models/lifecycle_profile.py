from odoo import api, fields, models
from odoo.exceptions import UserError


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    best_time_text = fields.Char(
        string="Best Time",
        compute="_compute_lifecycle_answers",
        help="When the customer reads, by opens, clicks and replies of the last 24 "
        "months, in the customer's time zone; a click counts twice, a reply three "
        "times. The fewer there are, the more the habits of all customers count: they "
        "weigh as much as ten events. From five events on it is the customer's own.",
    )
    best_channel_text = fields.Char(
        string="Best Channel",
        compute="_compute_lifecycle_answers",
        help="What the customer answered to in the last 24 months: by a click, a "
        "reply, or a purchase within seven days after the message or call. The fewer "
        "attempts there are, the more the answers of all customers count.",
    )
    mailing_count = fields.Integer(
        string="Mailings",
        compute="_compute_lifecycle_answers",
        aggregator=None,
        help="Mailings of the last 24 months that reached the customer.",
    )
    mailing_opened_count = fields.Integer(
        string="Mailings Opened",
        compute="_compute_lifecycle_answers",
        aggregator=None,
        help="Those of them that were opened. What a mail program opens by itself "
        "within seconds is not counted.",
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_lifecycle_answers(self):
        lines = self.env["lifecycle.engagement"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ]
        )
        found = {(line.company_id.id, line.partner_id.id): line for line in lines}
        for profile in self:
            line = found.get(
                (profile.company_id.id, profile.partner_id.id), lines.browse()
            )
            profile.best_time_text = line.time_text
            profile.best_channel_text = line.channel_text
            profile.mailing_count = line.sent_count
            profile.mailing_opened_count = line.opened_count

    def action_lifecycle_mailing(self):
        """A mailing to the customers selected, or to all that the list shows."""
        company = self.company_id or self.env.company
        if len(company) > 1:
            raise UserError(
                self.env._(
                    "These are customers of several companies. Choose those of one: a "
                    "mailing is written for one company."
                )
            )
        domain = [("id", "in", self.ids)]
        if not self:
            domain = list(self.env.context.get("active_domain") or [])
        return self.env["mailing.mailing"]._open_for_customers(
            self.env._("Email Marketing"),
            "filter" if domain else "all",
            lifecycle_filter=repr(domain) if domain else False,
            lifecycle_company_id=company.id,
        )
