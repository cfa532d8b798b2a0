from odoo import api, fields, models


class LifecycleProfile(models.Model):
    """What customers bring after costs; found by the engine in its runs."""

    _inherit = "lifecycle.profile"

    margin_total = fields.Monetary(
        string="Margin",
        readonly=True,
        help="Revenue less what was sold cost, ever. What has no known cost counts in "
        "full. Costs of orders are those on their lines; of invoices without an order "
        "those of the product today.",
    )
    rfm_margin = fields.Monetary(
        string="Margin in Window",
        readonly=True,
        help="Margin in the RFM window: what the monetary score is made of where the "
        "company counts by margin.",
    )
    margin_months = fields.Monetary(
        string="Margin, Last 24 Months",
        readonly=True,
        help="Revenue less what was sold cost, of the last 24 months, returns taken "
        "off. Empty for who bought nothing in them. Below 0: the customer costs more "
        "than he brings.",
    )
    order_discount_share = fields.Float(
        string="Orders under Discount",
        readonly=True,
        digits=(4, 3),
        aggregator="avg",
        help="Share of the orders of the last 24 months with a discount, a reward or a "
        "coupon. 1: bought only with one.",
    )
    margin_discount_share = fields.Float(
        string="Margin under Discount",
        readonly=True,
        digits=(6, 3),
        aggregator=None,
        help="Share of the margin of the last 24 months that came from orders with a "
        "discount. Empty where there was no margin.",
    )
    return_amount = fields.Monetary(
        string="Returned",
        readonly=True,
        help="Untaxed value of what came back in the last 24 months.",
    )
    return_margin = fields.Monetary(
        string="Margin Lost by Returns",
        readonly=True,
        help="Margin that went with what came back in the last 24 months. What the "
        "return itself cost (transport, work) is not in it.",
    )
    return_share = fields.Float(
        string="Share Returned",
        readonly=True,
        digits=(4, 3),
        aggregator="avg",
        help="What came back as a share of what was sold, in the last 24 months.",
    )
    sold_recent = fields.Monetary(
        string="Sold, 24 Months",
        readonly=True,
        help="Untaxed value of what was sold in the last 24 months, before returns.",
    )
    uncosted_recent = fields.Monetary(
        string="Sold Without Known Cost",
        readonly=True,
        help="Part of what was sold in the last 24 months whose cost is not known: it "
        "counts in full as margin. Enter the cost on the products.",
    )

    @api.model
    def _get_stored_terms(self):
        """For the plays, where they are there: they ask for the same."""
        return {
            "discount_share": "order_discount_share",
            "margin_recent": "margin_months",
        }
