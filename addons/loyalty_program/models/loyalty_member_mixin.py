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
        related="loyalty_membership_id.progress",
        string="Progress to the Next Tier",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )
    loyalty_next_summary = fields.Char(
        related="loyalty_membership_id.next_summary",
        string="Next Tier",
        groups=LIFECYCLE_GROUPS,
    )
    loyalty_keep_summary = fields.Char(
        related="loyalty_membership_id.keep_summary",
        string="Current Tier",
        groups=LIFECYCLE_GROUPS,
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
