from odoo import api, fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_play_count = fields.Integer(
        string="Plays",
        compute="_compute_lifecycle_play_count",
        groups=LIFECYCLE_GROUPS,
        help="How often this customer entered a play of the current companies.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_lifecycle_play_count(self):
        groups = self.env["lifecycle.play.enrollment"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)],
            ["partner_id"],
            ["__count"],
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.lifecycle_play_count = counts.get(partner.commercial_partner_id.id)

    def action_view_lifecycle_plays(self):
        self.ensure_one()
        self.env["lifecycle.play.enrollment"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_play.action_lifecycle_play_enrollment"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {}}
