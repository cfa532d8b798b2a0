from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class LifecycleTicketRule(models.Model):
    _inherit = "lifecycle.ticket.rule"

    tier_ids = fields.Many2many(
        "loyalty.tier",
        string="Customer's Tier",
        help="Only members in one of these tiers. Empty: in any, or in none.",
    )

    @api.model
    def _get_asking_names(self):
        return [*super()._get_asking_names(), "tier_ids"]

    def _get_customer_domain(self, today):
        domain = super()._get_customer_domain(today)
        if self.tier_ids:
            domain &= Domain("tier_id", "in", self.tier_ids.ids)
        return domain

    @api.constrains("tier_ids", "company_id")
    def _check_tiers(self):
        for rule in self:
            for tier in rule.tier_ids:
                company = tier.program_id.company_id
                if company and company != rule.company_id:
                    raise ValidationError(
                        self.env._(
                            "Rule “%(rule)s”: the tier “%(tier)s” is one of %(other)s. "
                            "Choose one of %(company)s.",
                            rule=rule.name,
                            tier=tier.display_name,
                            other=company.name,
                            company=rule.company_id.name,
                        )
                    )
