from odoo import fields, models


class MailMessage(models.Model):
    """Notes of one company on a contact that several companies share."""

    _inherit = "mail.message"

    lifecycle_company_id = fields.Many2one(
        "res.company",
        string="Note of",
        readonly=True,
        ondelete="cascade",
        help="Only who works for this company sees the note: it tells what the company "
        "knows of the customer. Empty: whoever sees the record does.",
    )
