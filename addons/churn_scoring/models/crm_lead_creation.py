"""Risk of the customer when the lead was made; leads of lapsed customers."""

from odoo import api, fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS

from .lifecycle_profile import RISKS


class CrmLead(models.Model):
    _inherit = "crm.lead"

    churn_risk_at_creation = fields.Selection(
        RISKS,
        string="Customer's Churn Risk at Creation",
        readonly=True,
        copy=False,
        groups=LIFECYCLE_GROUPS,
        help="Churn risk of the customer when the lead was created. It stays, and "
        "can be used by predictive lead scoring.",
    )

    @api.model
    def _get_creation_values(self, profile):
        return {
            **super()._get_creation_values(profile),
            "churn_risk_at_creation": profile.churn_risk,
        }

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._recognise_win_backs()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partner_id"):
            self._recognise_win_backs()
        return result

    def _recognise_win_backs(self):
        """A lead of a customer who has lapsed is one to win back: it gets the tag."""
        tag = self._get_win_back_tag()
        leads = self.filtered(
            lambda lead: lead.partner_id and not lead.win_back and lead.active
        )
        if not tag or not leads:
            return
        # facts of the customer, of which only the tag is told
        leads = leads.sudo()
        profiles = self.env["lifecycle.profile"].sudo().with_context(active_test=False)
        lapsed = {
            (profile.partner_id, profile.company_id)
            for profile in profiles.search(
                [
                    ("partner_id", "in", leads.partner_id.commercial_partner_id.ids),
                    ("order_count", ">", 0),
                    ("lapse_date", "!=", False),
                ]
            )
            if profile.lapse_date <= profile.company_id._get_lifecycle_today()
        }
        for lead in leads:
            company = lead._find_creation_company(
                {
                    "company_id": lead.company_id.id,
                    "team_id": lead.team_id.id,
                    "user_id": lead.user_id.id,
                }
            )
            if (lead.partner_id.commercial_partner_id, company) in lapsed:
                lead.tag_ids = [fields.Command.link(tag.id)]
