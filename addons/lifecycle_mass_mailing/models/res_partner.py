from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_audience_ids = fields.Many2many(
        "lifecycle.audience",
        string="Audiences",
        compute="_compute_lifecycle_audience_ids",
        search="_search_lifecycle_audience_ids",
        groups=LIFECYCLE_GROUPS,
        exportable=False,
        help="Audiences that the customer is in now.",
    )

    def _compute_lifecycle_audience_ids(self):
        self.lifecycle_audience_ids = False
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        # made by hand, so they are few
        audiences = self.env["lifecycle.audience"]
        for audience in audiences.search([]):  # pylint: disable=no-search-all
            domain = audience._get_domain(profiles) & Domain(
                "partner_id", "in", self.ids
            )
            for partner in profiles.search(domain).partner_id & self:
                partner.lifecycle_audience_ids |= audience

    @api.model
    def _search_lifecycle_audience_ids(self, operator, value):
        if operator != "in" or not all(isinstance(item, int) for item in value):
            return NotImplemented
        # an AccessError would be swallowed and asked again as superuser
        name = "lifecycle_audience_ids"
        if not self._has_field_access(self._fields[name], "read"):
            return Domain.FALSE
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        audiences = self.env["lifecycle.audience"].with_context(active_test=False)
        found = Domain.FALSE
        for audience in audiences.search([("id", "in", list(value))]):
            query = profiles._search(audience._get_domain(profiles))
            found |= Domain("id", "in", query.subselect("partner_id"))
        return found
