from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lifecycle_value_basis = fields.Selection(
        related="company_id.lifecycle_value_basis", readonly=False
    )
    lifecycle_uncosted = fields.Float(
        string="Sold without a Known Cost", compute="_compute_lifecycle_uncosted"
    )

    def _compute_lifecycle_uncosted(self):
        """Share of the sales of the last 24 months whose cost is not known."""
        profiles = self.env["lifecycle.profile"]
        if not profiles.has_access("read"):
            # who administers the system does not thereby lead the sales
            self.lifecycle_uncosted = 0
            return
        for settings in self:
            [(sold, uncosted)] = profiles._read_group(
                [("company_id", "=", settings.company_id.id)],
                aggregates=["sold_recent:sum", "uncosted_recent:sum"],
            )
            settings.lifecycle_uncosted = uncosted / sold if sold else 0
