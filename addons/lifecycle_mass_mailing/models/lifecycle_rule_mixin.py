from odoo import models


class LifecycleRuleMixin(models.AbstractModel):
    _inherit = "lifecycle.rule.mixin"

    def action_lifecycle_mailing(self):
        """A mailing to the customers of a stage or a segment."""
        self.ensure_one()
        target = self._profile_field.removesuffix("_id")
        company = self.company_id or self.env.company
        return self.env["mailing.mailing"]._open_for_customers(
            self.display_name,
            target,
            **{f"lifecycle_{target}_id": self.id, "lifecycle_company_id": company.id},
        )
