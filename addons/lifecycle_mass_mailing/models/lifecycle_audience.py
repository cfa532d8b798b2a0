from odoo import models


class LifecycleAudience(models.Model):
    _inherit = "lifecycle.audience"

    def action_lifecycle_mailing(self):
        """A mailing to the customers who are in it when it is sent."""
        self.ensure_one()
        self._get_domain()  # in words, where it cannot be used
        return self.env["mailing.mailing"]._open_for_customers(
            self.display_name,
            "audience",
            lifecycle_audience_id=self.id,
            lifecycle_company_id=self.company_id.id,
        )
