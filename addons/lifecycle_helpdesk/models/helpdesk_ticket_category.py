from odoo import fields, models


class HelpdeskTicketCategory(models.Model):
    _inherit = "helpdesk.ticket.category"

    lifecycle_complaint = fields.Boolean(
        string="Complaints",
        groups="base.group_user",
        help="Tickets of this category are complaints: while one is open, the customer "
        "gets no messages of plays and rules.",
    )
