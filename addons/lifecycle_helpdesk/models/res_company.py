from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_complaint_tickets = fields.Selection(
        [
            ("all", "Every open ticket of a customer"),
            ("marked", "Open tickets marked as complaint"),
        ],
        string="What Counts as a Complaint",
        default="all",
        required=True,
        help="Which open tickets hold back messages of plays and rules. Tickets that a "
        "play opened never do.",
        groups="base.group_user",
        prefetch="lifecycle_gate",
    )
