from odoo import api, fields, models


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    ticket_count = fields.Integer(
        string="All Tickets",
        compute="_compute_ticket_counts",
        aggregator=None,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
        help="Tickets of the customer and its contacts that you may see.",
    )
    ticket_open_count = fields.Integer(
        string="Open Tickets",
        compute="_compute_ticket_counts",
        aggregator=None,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
        help="Those that are not closed.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_counts(self):
        groups = self.env["helpdesk.ticket"]._read_group(
            [
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            ["commercial_partner_id", "company_id", "stage_id"],
            ["__count"],
        )
        counts, opened = {}, {}
        for partner, company, stage, count in groups:
            key = partner.id, company.id
            counts[key] = counts.get(key, 0) + count
            if not stage.closed:
                opened[key] = opened.get(key, 0) + count
        for profile in self:
            key = profile.partner_id.id, profile.company_id.id
            profile.ticket_count = counts.get(key, 0)
            profile.ticket_open_count = opened.get(key, 0)

    def action_view_tickets(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tickets of %s", self.partner_id.display_name),
            "res_model": "helpdesk.ticket",
            "view_mode": "list,kanban,form",
            "domain": [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {
                "search_default_open": 1,
                "default_partner_id": self.partner_id.id,
            },
        }
