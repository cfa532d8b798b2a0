from odoo import models, tools


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_lifecycle_survey_token(self, company):
        """Signature of the link to the survey of a company, for this contact only."""
        self.ensure_one()
        return tools.hmac(self.env(su=True), "lifecycle_survey", (self.id, company.id))

    def _get_lifecycle_survey_link(self):
        """Personal link to the survey of the current company, for templates."""
        self.ensure_one()
        company = self.env.company
        token = self._get_lifecycle_survey_token(company)
        return f"{company.get_base_url()}/lifecycle/why/{company.id}/{self.id}/{token}"
