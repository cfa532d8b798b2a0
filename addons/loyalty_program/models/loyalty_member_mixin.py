"""The membership of a document's customer, to be read on its form."""

from odoo import api, fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class LoyaltyMemberMixin(models.AbstractModel):
    """For a model with the contact in ``partner_id``, and for contacts themselves.

    Filters and groups go by the tier of the profile, which is joined in SQL.
    """

    _name = "loyalty.member.mixin"
    _description = "Shows the Customer's Membership"

    loyalty_membership_id = fields.Many2one(
        "loyalty.membership",
        compute="_compute_loyalty_membership_id",
        groups=LIFECYCLE_GROUPS,
        help="Membership of the customer in the first programme with tiers.",
    )
    loyalty_progress = fields.Float(
        string="Progress to the Next Tier",
        compute="_compute_loyalty_words",
        digits=(6, 2),
        groups=LIFECYCLE_GROUPS,
        help="How far the customer has come to the next tier, in percent.",
    )
    loyalty_next_summary = fields.Char(
        string="Next Tier",
        compute="_compute_loyalty_words",
        groups=LIFECYCLE_GROUPS,
        help="What is missing to the next tier, and until when it counts.",
    )
    loyalty_keep_summary = fields.Char(
        string="To Keep the Tier",
        compute="_compute_loyalty_words",
        groups=LIFECYCLE_GROUPS,
        help="What must still be bought so that the tier is not lost.",
    )

    loyalty_points_text = fields.Char(
        string="Points",
        compute="_compute_loyalty_points_text",
        compute_sudo=True,
        groups=LIFECYCLE_GROUPS,
        help="Points on the card of the first programme with tiers, and how many of "
        "them are lost next.",
    )

    def _get_member_contact(self):
        return self.partner_id

    @api.depends_context("company")
    def _compute_loyalty_membership_id(self):
        company = self.env.company
        program = self.env["loyalty.engine"]._get_programs(company)[:1]
        contacts = self._get_member_contact().commercial_partner_id
        members = self.env["loyalty.membership"].search_fetch(
            [
                ("partner_id", "in", contacts.ids),
                ("program_id", "=", program.id),
                ("company_id", "=", company.id),
            ],
            ["partner_id"],
        )
        by_partner = {member.partner_id.id: member for member in members}
        for record in self:
            customer = record._get_member_contact().commercial_partner_id
            record.loyalty_membership_id = by_partner.get(customer.id)

    @api.depends("loyalty_membership_id")
    @api.depends_context("company", "lang")
    def _compute_loyalty_points_text(self):
        for record in self:
            contact = record._get_member_contact()
            program = record.loyalty_membership_id.program_id
            record.loyalty_points_text = program._get_points_text(contact)

    @api.depends("loyalty_membership_id")
    @api.depends_context("company", "lang")
    def _compute_loyalty_words(self):
        for record in self:
            member = record.loyalty_membership_id
            record.loyalty_progress = member.progress
            record.loyalty_next_summary = member.next_summary
            record.loyalty_keep_summary = member.keep_summary
