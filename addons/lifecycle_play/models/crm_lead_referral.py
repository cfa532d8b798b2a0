"""Leads that somebody recommended."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    referral_id = fields.Many2one(
        "lifecycle.referral",
        string="Recommended By",
        ondelete="set null",
        index="btree_not_null",
        tracking=True,
        groups="lifecycle_crm.group_lifecycle_user",
        help="Customer whose link or code brought this lead.",
    )
    referral_state = fields.Selection(
        [
            ("open", "First order not paid yet"),
            ("earned", "Rewarded"),
            ("refused", "Was a customer before"),
        ],
        string="Referral",
        compute="_compute_referral_state",
        store=True,
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="lifecycle_crm.group_lifecycle_user",
        help="Both are rewarded once the first order of the new customer is paid.",
    )
    referral_date = fields.Date(
        string="Rewarded On",
        readonly=True,
        copy=False,
        groups="lifecycle_crm.group_lifecycle_user",
    )

    @api.depends("referral_id")
    def _compute_referral_state(self):
        for lead in self:
            if not lead.referral_id:
                lead.referral_state = False
            elif not lead.referral_state:
                lead.referral_state = "open"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        # whatever a client says, or its defaults say
        if not self.env.su and any(
            lead.referral_state not in (False, "open") or lead.referral_date
            for lead in leads.sudo()
        ):
            raise self._get_referral_error()
        leads._name_referrer()
        return leads

    def write(self, vals):
        if not self.env.su:
            self._check_referral_write(vals)
        result = super().write(vals)
        if vals.get("referral_id"):
            self._name_referrer()
        return result

    def _check_referral_write(self, vals):
        """Whoever could open a referral again would be rewarded again."""
        earned = "referral_id" in vals and self.sudo().filtered(
            lambda lead: (
                lead.referral_state == "earned"
                and lead.referral_id.id != vals["referral_id"]
            )
        )
        if earned or vals.keys() & {"referral_state", "referral_date"}:
            raise self._get_referral_error()

    def _get_referral_error(self):
        return UserError(
            self.env._(
                "Referral: whether it is rewarded, the payment of the first order "
                "decides. Once it is, Recommended By stays as it is."
            )
        )

    def _merge_dependences(self, opportunities):
        """Who recommended one of the leads recommended what they become.

        A reward that was given once stays given.
        """
        result = super()._merge_dependences(opportunities)
        # whether it is rewarded is carried on as it is
        lead, others = self.sudo(), opportunities.sudo().filtered("referral_id")
        others = others.filtered(
            lambda other: (
                not other.referral_id._is_own(
                    lead.partner_id or other.partner_id,
                    [lead.email_normalized],
                    [lead.phone_sanitized],
                )
            )
        )
        ranks = {"earned": 0, "open": 1, "refused": 2}
        first = others.sorted(lambda other: ranks.get(other.referral_state, 3))[:1]
        if first and (
            not lead.referral_id
            or (first.referral_state == "earned" and lead.referral_state != "earned")
        ):
            lead.write(
                {
                    "referral_id": first.referral_id.id,
                    "referral_state": first.referral_state,
                    "referral_date": first.referral_date,
                }
            )
        return result

    def _name_referrer(self):
        """Odoo's own field says who recommended, too."""
        for lead in self.sudo().filtered("referral_id"):  # the name, nothing else
            if not lead.referred:
                lead.referred = lead.referral_id.partner_id.display_name

    @api.constrains("referral_id", "partner_id", "email_from", "phone")
    def _check_referral(self):
        """Nobody recommends themselves."""
        for lead in self.sudo().filtered("referral_id"):  # only whether it is the same
            if lead.referral_state == "open" and lead.referral_id._is_own(
                lead.partner_id,
                [lead.email_normalized],
                [lead.phone_sanitized],
            ):
                raise ValidationError(
                    self.env._(
                        "Recommended By: %s cannot recommend itself. Choose somebody "
                        "else, or leave it empty.",
                        lead.referral_id.partner_id.display_name,
                    )
                )

    def _reward_referral(self):
        """Reward who recommended and who was recommended; each lead comes once.

        Without anything else installed, the salesperson of each is asked to thank
        them.  An addon that knows rewards extends it.
        """
        for lead in self:
            referrer = lead.referral_id.partner_id
            lead.message_post(
                body=self.env._(
                    "Recommended by %s: the first order is paid, both are rewarded.",
                    referrer.display_name,
                )
            )
            for partner, other in (
                (referrer, lead.partner_id),
                (lead.partner_id.commercial_partner_id, referrer),
            ):
                self._plan_thanks(lead, partner, other)

    @api.model
    def _plan_thanks(self, lead, partner, other):
        """Ask the salesperson of one of the two to thank and reward.

        Of a contact that companies share, only who works for this one reads it; the
        salesperson of the contact may be another company's.
        """
        company = lead.referral_id.company_id
        users = (partner.user_id | lead.user_id).filtered(
            lambda user: company in user.company_ids
        )
        user = users[:1] or self.env.user
        if partner == lead.referral_id.partner_id:
            summary = self.env._("Thank for the referral of %s", other.display_name)
        else:
            summary = self.env._("Reward: came by referral of %s", other.display_name)
        partner.with_context(default_lifecycle_company_id=company.id).activity_schedule(
            "mail.mail_activity_data_todo", summary=summary, user_id=user.id
        )
