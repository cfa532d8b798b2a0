from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _plan_thanks(self, lead, partner, other):
        """A coupon for each of the two, where the company gives one.

        Who may not be written to has a salesperson who can say it.
        """
        company = lead.referral_id.company_id
        template = company.lifecycle_referral_template_id
        if not template.coupon_program_id:
            return super()._plan_thanks(lead, partner, other)
        gate = self.env["lifecycle.gate"]
        token = gate._open(company, source="automation")
        mails = template.with_company(company).with_context(lifecycle_gate=token)
        if not mails.send_mail_batch(partner.ids):
            return super()._plan_thanks(lead, partner, other)
        return None
