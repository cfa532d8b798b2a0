from odoo import api, models
from odoo.tools import SQL


class LoyaltyEngine(models.AbstractModel):
    """The tier of a membership on the customer's profile."""

    _inherit = "loyalty.engine"

    @api.model
    def _show_on_profiles(self, company, partner_ids=None):
        """Write the tier of the main programme where the profile shows another one."""
        if partner_ids is not None and not len(partner_ids):
            return
        program = self._get_programs(company)[:1]
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_profile p SET tier_id = found.tier_id FROM (
                    SELECT p.id, m.tier_id FROM lifecycle_profile p
                    LEFT JOIN loyalty_membership m ON m.partner_id = p.partner_id
                        AND m.company_id = p.company_id AND m.program_id = %s
                    WHERE p.company_id = %s AND p.tier_id IS DISTINCT FROM m.tier_id
                      AND %s
                ) found WHERE found.id = p.id""",
                program.id or None,
                company.id,
                self._asked(SQL("p.partner_id"), partner_ids),
            )
        )
        if self.env.cr.rowcount:
            self.env["lifecycle.profile"].invalidate_model(["tier_id"], flush=False)
