from odoo import api, models
from odoo.tools import SQL


class LifecycleOwnerMixin(models.AbstractModel):
    """Who has leads: one without a company is of its team's, else of its user's.

    When that changes, these prospects move to another company without anything having
    happened: both companies are recomputed, and no automation fires.
    """

    _name = "lifecycle.owner.mixin"
    _description = "Owner of Leads without Company"

    def _get_lifecycle_lead_condition(self):
        """Condition on a lead ``l`` of a team ``t``: these may decide its company."""
        raise NotImplementedError

    def _find_lifecycle_leads(self):
        """Ids of the leads of contacts whose company these decide."""
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id FROM crm_lead l
                LEFT JOIN crm_team t ON t.id = l.team_id
                WHERE l.company_id IS NULL AND l.partner_id IS NOT NULL AND %s""",
                self._get_lifecycle_lead_condition(),
            )
        )
        return [lead_id for (lead_id,) in rows]

    @api.model
    def _find_lifecycle_companies(self, lead_ids):
        """Companies that leads belong to now."""
        self.env.flush_all()
        customers = self.env["crm.lead"]._select_lifecycle_customers(lead_ids)
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM (%s) c (company_id, contact)",
                customers,
            )
        )
        return self.env["res.company"].browse(company_id for (company_id,) in rows)

    def write(self, vals):
        lead_ids = []
        if "company_id" in vals:
            moved = self.filtered(lambda own: own.company_id.id != vals["company_id"])
            lead_ids = moved._find_lifecycle_leads()
        if not lead_ids:
            return super().write(vals)
        companies = self._find_lifecycle_companies(lead_ids)
        result = super().write(vals)
        companies |= self._find_lifecycle_companies(lead_ids)
        self.env["lifecycle.run"]._request(companies, reason="rules", quiet=True)
        return result

    def unlink(self):
        lead_ids = self._find_lifecycle_leads()
        if not lead_ids:
            return super().unlink()
        companies = self._find_lifecycle_companies(lead_ids)
        result = super().unlink()
        companies |= self._find_lifecycle_companies(lead_ids)
        self.env["lifecycle.run"]._request(companies, reason="rules", quiet=True)
        return result
