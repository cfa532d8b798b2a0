from odoo import fields, models


class LifecycleImportWizardColumn(models.TransientModel):
    _name = "lifecycle.import.wizard.column"
    _description = "Import Purchases: Column of the File"
    _order = "position"

    wizard_id = fields.Many2one(
        "lifecycle.import.wizard", required=True, ondelete="cascade", index=True
    )
    position = fields.Integer(required=True)
    name = fields.Char(string="Column of the File", readonly=True)
    sample = fields.Char(string="First Values", readonly=True)
    role = fields.Selection(
        [
            ("customer", "Customer"),
            ("date", "Date"),
            ("amount", "Amount (untaxed)"),
            ("currency", "Currency"),
            ("reference", "Reference of the order"),
        ],
        string="Holds",
        help="Customer, date and amount are needed. Empty: the column is not used.",
    )
