from odoo import fields, models


class LifecycleProfile(models.Model):
    """4. Fields of the profile: readonly, as the engine writes them."""

    _inherit = "lifecycle.profile"

    contract_end_date = fields.Date(
        string="Contract Ends On",
        readonly=True,
        help="Day on which the last contract of the customer ends, or ended.",
    )
    contract_revenue = fields.Monetary(
        string="Contracts, 12 Months",
        readonly=True,
        help="Untaxed charges of contracts in the last 12 months, in the currency of "
        "the company.",
    )

    def _take_up_contract_renewal(self):
        """What the play does: one write for all customers of a step."""
        today = self.env.company._get_lifecycle_today()
        contracts = self.env["example.contract"].search(
            [
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("end_date", ">=", today),
                ("notice_date", "=", False),
            ]
        )
        contracts.renewal_date = today
