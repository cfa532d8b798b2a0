from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    delivery_waived = fields.Float(
        digits="Product Price",
        readonly=True,
        copy=False,
        aggregator=None,
        groups="lifecycle_crm.group_lifecycle_user",
        help="What the delivery would have cost without the tier of the customer, in "
        "the currency of the order.",
    )
