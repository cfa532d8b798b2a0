from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_mixin import LIFECYCLE_GROUPS, ProfileMany2one, search_profile


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "lifecycle.mixin"]

    lifecycle_profile_ids = fields.One2many(
        "lifecycle.profile",
        "partner_id",
        string="Profiles",
        # a search for the id of a profile does not ask its record rule
        domain=lambda self: [("company_id", "in", self.env.companies.ids)],
        groups=LIFECYCLE_GROUPS,
        help="Profiles of this customer, one per company.",
    )
    lifecycle_profile_id = ProfileMany2one(
        "lifecycle.profile",
        string="Customer Profile",
        compute="_compute_lifecycle_profile_id",
        search="_search_lifecycle_profile_id",
        compute_sudo=True,
        groups=LIFECYCLE_GROUPS,
        help="Profile of the customer in the current company.",
    )
    lifecycle_stage_id = fields.Many2one(
        related="lifecycle_profile_id.stage_id", groups=LIFECYCLE_GROUPS
    )
    lifecycle_stage_date = fields.Date(
        related="lifecycle_profile_id.stage_date", groups=LIFECYCLE_GROUPS
    )
    lifecycle_segment_id = fields.Many2one(
        related="lifecycle_profile_id.segment_id", groups=LIFECYCLE_GROUPS
    )
    lifecycle_stage_color = fields.Integer(
        related="lifecycle_profile_id.stage_color",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_segment_color = fields.Integer(
        related="lifecycle_profile_id.segment_color",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )
    rfm_code = fields.Char(
        related="lifecycle_profile_id.rfm_code", groups=LIFECYCLE_GROUPS
    )
    clv_historic = fields.Monetary(
        related="lifecycle_profile_id.clv_historic",
        currency_field="lifecycle_currency_id",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
        help="Historic customer lifetime value: what the customer has brought since "
        "the first purchase, untaxed and net of returns. The contacts of a company "
        "show its value; totals count it once.",
    )
    lifecycle_order_count = fields.Integer(
        related="lifecycle_profile_id.order_count",
        string="Lifetime Orders",
        aggregator="sum",
        groups=LIFECYCLE_GROUPS,
    )
    last_order_date = fields.Date(
        related="lifecycle_profile_id.last_order_date", groups=LIFECYCLE_GROUPS
    )
    next_order_date = fields.Date(
        related="lifecycle_profile_id.next_order_date", groups=LIFECYCLE_GROUPS
    )
    at_risk_date = fields.Date(
        related="lifecycle_profile_id.at_risk_date", groups=LIFECYCLE_GROUPS
    )
    lapse_date = fields.Date(
        related="lifecycle_profile_id.lapse_date", groups=LIFECYCLE_GROUPS
    )
    lifecycle_gap_days = fields.Float(
        related="lifecycle_profile_id.gap_days", groups=LIFECYCLE_GROUPS
    )
    lifecycle_average_order = fields.Monetary(
        related="lifecycle_profile_id.average_order_value",
        currency_field="lifecycle_currency_id",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_pinned_stage_id = fields.Many2one(
        related="lifecycle_profile_id.pinned_stage_id", groups=LIFECYCLE_GROUPS
    )

    # few among many: counts of customers leave them out
    _lifecycle_archived_idx = models.Index("(id) WHERE NOT active")

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_lifecycle_profile_id(self):
        # an archived customer has a profile as well
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        profiles = profiles.search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            # whoever asks wants something of it: all of its row, in this one query
            [
                name
                for name, field in profiles._fields.items()
                if field.prefetch is True
            ],
        )
        by_partner = {profile.partner_id.id: profile for profile in profiles}
        for partner in self:
            partner.lifecycle_profile_id = by_partner.get(
                partner.commercial_partner_id.id
            )

    @api.model
    def _search_lifecycle_profile_id(self, operator, value):
        return search_profile(self, operator, value)

    def _aggregate_customers(self, aggregate, value, query):
        # contacts show the value of their company; it counts at the company itself
        return SQL(
            "%s(%s) FILTER (WHERE %s = %s)",
            aggregate,
            value,
            SQL.identifier(self._table, "id"),
            self._field_to_sql(self._table, "commercial_partner_id", query),
        )

    # -- whose customer a contact is -------------------------------------------

    def _create(self, data_list):
        partners = super()._create(data_list)
        # nothing happened yet to whom they belong to
        created = self.env.cr.precommit.data.setdefault("lifecycle.created", set())
        created.update(partners.ids)
        return partners

    def _write_multi(self, vals_list):
        """A contact that gets another parent takes its purchases along.

        Here, for the customer is a stored computed field: it is never written by hand.
        """
        created = self.env.cr.precommit.data.get("lifecycle.created", ())
        moved = {
            partner.id: vals["commercial_partner_id"]
            for partner, vals in zip(self, vals_list, strict=True)
            if "commercial_partner_id" in vals and partner.id not in created
        }
        if moved:
            dirty = self.env["lifecycle.dirty"]
            dirty._mark_former_customers(self.browse(moved))
            dirty._mark(moved.values())
        return super()._write_multi(vals_list)

    def write(self, vals):
        """The days of a company may be those of its own contact."""
        if "tz" not in vals:
            return super().write(vals)
        # whose contact this is, is no secret; the run is asked for whoever writes
        companies = self.env["res.company"].sudo()
        companies = companies.search([("partner_id", "in", self.ids)])
        before = {company: company._get_lifecycle_tz() for company in companies}
        result = super().write(vals)
        moved = companies.filtered(lambda c: c._get_lifecycle_tz() != before[c])
        self.env["lifecycle.run"]._request(moved, reason="rules", quiet=True)
        return result

    def unlink(self):
        # their leads stay behind, without a customer
        partner_ids = self.ids
        self.env["lifecycle.dirty"]._mark_former_customers(self, gone=partner_ids)
        result = super().unlink()
        # no foreign keys; whoever may delete a contact, deletes its past
        self.env["lifecycle.snapshot"]._forget_partners(partner_ids)
        return result

    def action_view_lifecycle_profile(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "lifecycle.profile",
            "res_id": self.lifecycle_profile_id.id,
            "views": [(False, "form")],
        }
