from odoo import fields, models


class LifecycleProfile(models.Model):
    """What is expected of a customer.  The engine writes it, as the other scores."""

    _inherit = "lifecycle.profile"

    churn_probability = fields.Float(
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Probability that the customer orders nothing within the churn horizon "
        "of the company, counted from today. Empty for who never bought, and while "
        "the company has too little history for probabilities.",
    )
    churn_risk = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        readonly=True,
        help="Band of the churn probability, by the cut points of the company. Empty "
        "for customers who have lapsed already: they are not at risk, they are gone.",
    )
    expected_orders = fields.Float(
        readonly=True,
        digits=(10, 2),
        help="Number of order days to expect in the next 12 months.",
    )
    clv_expected = fields.Monetary(
        string="Expected Value",
        readonly=True,
        help="Expected customer lifetime value: what the customer will bring in the "
        "next months (12 by default), untaxed, in the currency of the company.",
    )
    clv_low = fields.Monetary(
        string="Expected Value, at Least",
        readonly=True,
        aggregator=None,
        help="Lower end of the 80 % interval: one customer in ten brings less.",
    )
    clv_high = fields.Monetary(
        string="Expected Value, at Most",
        readonly=True,
        aggregator=None,
        help="Upper end of the 80 % interval: one customer in ten brings more.",
    )
    revenue_at_risk = fields.Monetary(
        string="Value at Risk",
        readonly=True,
        help="Churn probability times what the customer would bring in a year if it "
        "went on as before. Empty for who has lapsed already.",
    )
    churn_method = fields.Selection(
        [
            ("rule", "Rule: longer silent than twice the usual gap"),
            ("prior", "Model, not yet proven here"),
            ("avg2", "Average of two models"),
            ("avg4", "Average of four models"),
        ],
        readonly=True,
        help="What the churn probability was made by.",
    )
    churn_confidence = fields.Selection(
        [
            ("too_early", "Too early: younger than a usual gap"),
            ("one_order", "1 order: mostly an average of all customers"),
            ("unproven", "Model not yet proven here"),
            ("proven", "Proven on the past of the company"),
        ],
        readonly=True,
        help="How far the churn probability and the expected value can be trusted.",
    )
