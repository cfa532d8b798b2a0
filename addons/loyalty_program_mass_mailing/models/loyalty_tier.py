from odoo import models


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def action_lifecycle_mailing(self):
        """A mailing to who is in the tier when it is sent."""
        self.ensure_one()
        company = self.program_id.company_id or self.env.company
        return self.env["mailing.mailing"]._open_for_customers(
            self.display_name,
            "tier",
            lifecycle_tier_id=self.id,
            lifecycle_company_id=company.id,
        )
