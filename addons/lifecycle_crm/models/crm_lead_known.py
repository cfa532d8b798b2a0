"""A lead without a contact whose email or phone belongs to a known customer."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .lifecycle_mixin import LIFECYCLE_GROUPS


class CrmLead(models.Model):
    _inherit = "crm.lead"

    lifecycle_known_partner_id = fields.Many2one(
        "res.partner",
        string="Known Customer",
        compute="_compute_lifecycle_known_partner_id",
        groups=LIFECYCLE_GROUPS,
        help="Contact with the same email or phone, of which the one who bought most "
        "comes first.",
    )
    lifecycle_known_stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Stage of the Known Customer",
        compute="_compute_lifecycle_known_partner_id",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_known_color = fields.Integer(
        string="Colour of the Known Stage",
        compute="_compute_lifecycle_known_partner_id",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_known_value = fields.Monetary(
        string="Value of the Known Customer",
        compute="_compute_lifecycle_known_partner_id",
        currency_field="lifecycle_currency_id",
        groups=LIFECYCLE_GROUPS,
    )

    @api.depends("partner_id", "email_normalized", "phone_sanitized", "company_id")
    @api.depends_context("uid", "company")
    def _compute_lifecycle_known_partner_id(self):
        for lead, known in self._find_known_customers().items():
            lead.lifecycle_known_partner_id = known
            lead.lifecycle_known_stage_id = known.lifecycle_stage_id
            lead.lifecycle_known_color = known.lifecycle_stage_color
            lead.lifecycle_known_value = known.clv_historic

    def _find_known_customers(self):
        """``{lead: contact with its email or phone, or empty}``"""
        nobody = self.env["res.partner"]
        found = dict.fromkeys(self, nobody)
        unknown = self.filtered(lambda lead: not lead.partner_id)
        emails = {lead.email_normalized for lead in unknown} - {False}
        phones = {lead.phone_sanitized for lead in unknown} - {False}
        if not emails and not phones:
            return found
        # with the rights of who looks: contacts they may not see are not told
        partners = self.env["res.partner"].search(
            [
                "|",
                ("email_normalized", "in", list(emails)),
                ("phone_sanitized", "in", list(phones)),
            ]
        )
        partners -= self._get_own_partners(partners)
        ranked = partners.sorted(lambda p: (-(p.clv_historic or 0), p.id))
        for lead in unknown:
            found[lead] = ranked.filtered(
                lambda partner, lead=lead: (
                    lead._is_known_partner(partner)
                    and partner.company_id.id in (False, lead.company_id.id)
                )
            )[:1]
        return found

    def _is_known_partner(self, partner):
        """Whether a contact has the address or the number of the lead."""
        self.ensure_one()
        return bool(
            (
                self.email_normalized
                and partner.email_normalized == self.email_normalized
            )
            or (
                self.phone_sanitized and partner.phone_sanitized == self.phone_sanitized
            )
        )

    @api.model
    def _get_own_partners(self, partners):
        """Those of some contacts who are colleagues, or the companies themselves."""
        return partners.filtered(
            lambda partner: (
                partner.sudo().commercial_partner_id.ref_company_ids  # only whether
                or any(not user.share for user in partner.sudo().user_ids)
            )
        )

    def action_set_known_customer(self):
        """Make the known customer the customer of the lead."""
        for lead in self:
            if not lead.lifecycle_known_partner_id:
                raise UserError(
                    self.env._(
                        "No contact has the email or the phone of “%s” any more.",
                        lead.display_name,
                    )
                )
            lead.partner_id = lead.lifecycle_known_partner_id
        return True
