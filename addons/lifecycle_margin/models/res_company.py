from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_value_basis = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")],
        string="Value of a Purchase",
        default="revenue",
        required=True,
        help="What customers are valued by. Margin: what was sold for less what it "
        "cost; then historic and expected value and the monetary score go by it. What "
        "has no known cost counts in full.",
        groups="base.group_user",
        prefetch="lifecycle",
    )

    def _get_value_basis(self):
        self.ensure_one()
        return self.sudo().lifecycle_value_basis  # no secret to the engine

    def write(self, vals):
        basis = vals.get("lifecycle_value_basis")
        changed = self.filtered(
            lambda company: basis and company.sudo().lifecycle_value_basis != basis
        )
        result = super().write(vals)
        changed._recompute_lifecycle_values()
        return result

    def _recompute_lifecycle_values(self):
        """Everything that follows from what purchases are worth, quietly."""
        self.env["lifecycle.run"]._request(self, reason="rules", quiet=True)
        if "churn.model" in self.env:  # it learned from other amounts
            self.env["churn.model"]._request(self, "settings")
