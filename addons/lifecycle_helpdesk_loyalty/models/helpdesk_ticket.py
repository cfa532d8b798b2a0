from odoo import fields, models

from odoo.addons.lifecycle_helpdesk.models.helpdesk_ticket import TICKET_GROUPS


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    loyalty_tier_id = fields.Many2one(
        related="lifecycle_profile_id.tier_id",
        string="Customer's Tier",
        groups=TICKET_GROUPS,
    )
    loyalty_tier_color = fields.Integer(
        related="lifecycle_profile_id.tier_color",
        string="Colour of the Customer's Tier",
        aggregator=None,
        groups=TICKET_GROUPS,
    )
