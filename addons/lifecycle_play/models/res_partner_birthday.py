from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_birthday = fields.Date(
        string="Birthday",
        groups="base.group_user",
        help="Of a customer who is a person. Plays can greet on it.",
    )
