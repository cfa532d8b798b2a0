from odoo import api, fields, models
from odoo.exceptions import UserError


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    lifecycle_engagement_id = fields.Many2one(
        "lifecycle.engagement",
        string="Answers to Messages",
        compute="_compute_lifecycle_engagement_id",
        help="When and by what the customer is reached best.",
    )
    best_time_text = fields.Char(
        related="lifecycle_engagement_id.time_text", string="Best Time"
    )
    best_channel_text = fields.Char(
        related="lifecycle_engagement_id.channel_text", string="Best Channel"
    )
    mailing_count = fields.Integer(
        related="lifecycle_engagement_id.sent_count", string="Mailings", aggregator=None
    )
    mailing_opened_count = fields.Integer(
        related="lifecycle_engagement_id.opened_count",
        string="Mailings Opened",
        aggregator=None,
    )

    @api.depends("partner_id", "company_id")
    def _compute_lifecycle_engagement_id(self):
        lines = self.env["lifecycle.engagement"].search_fetch(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ],
            ["company_id", "partner_id"],
        )
        found = {(line.company_id.id, line.partner_id.id): line for line in lines}
        for profile in self:
            key = profile.company_id.id, profile.partner_id.id
            profile.lifecycle_engagement_id = found.get(key)

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
