"""Which of our own failures cost us customers: one row per company and kind."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .churn_fields import UnknownFloat

# Fewer customers on one side say nothing.
LEAST = 20
# Two shares differ when chance would do it in fewer than 5 of 100 cases.
_Z = 1.96
# Months of the past in which a kind of evidence counts.
MONTHS = 12


class ChurnEvidenceReport(models.Model):
    """Customers with one kind of evidence, and what became of those who had it before.

    **Now**: customers with evidence of the last 12 months, and their value at risk.

    **Then**: what was known on ``cut``, one churn horizon ago, about the customers who
    had bought in the 12 months before it.  Who bought nothing from then to now has
    churned.  Those with evidence of the 12 months before the cut are set beside those
    without who bought on as many days, see :mod:`..scoring.comparison`: customers who
    buy more also have more chances of a late delivery.  It stays an association.
    """

    _name = "churn.evidence.report"
    _description = "What Costs Us Customers"
    _order = "revenue_at_risk desc, id"
    _rec_name = "kind"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection="_selection_kind", required=True, readonly=True, help="What happened."
    )
    customer_count = fields.Integer(
        string="Customers Now",
        readonly=True,
        help="Customers to whom it happened in the last 12 months. Who had several "
        "things happen counts in each line, so the lines do not add up.",
    )
    revenue_at_risk = fields.Monetary(
        string="Value at Risk",
        readonly=True,
        help="Value at risk of these customers. A customer to whom several things "
        "happened counts in each line, so the lines do not add up.",
    )
    cut_date = fields.Date(
        string="Looked Back To",
        readonly=True,
        help="One churn horizon before the day of the measurement. What was known on "
        "this day is set beside what the customers did after it.",
    )
    horizon_days = fields.Integer(
        string="Horizon (days)",
        readonly=True,
        aggregator=None,
        help="Who bought nothing for so many days after that has churned.",
    )
    measured_on = fields.Date(readonly=True, help="Day of the measurement.")
    with_count = fields.Integer(
        string="Had It",
        readonly=True,
        help="Customers to whom it happened in the 12 months before, of those who had "
        "bought in them.",
    )
    with_churned = fields.Integer(
        string="Had It and Left", readonly=True, help="Of those, who has churned."
    )
    without_count = fields.Integer(
        string="Had It Not",
        readonly=True,
        help="Customers who had bought in the 12 months before, without it.",
    )
    without_churned = fields.Integer(
        string="Had It Not and Left", readonly=True, help="Of those, who has churned."
    )
    with_share = UnknownFloat(
        string="Left, with It",
        readonly=True,
        digits=(5, 4),
        aggregator=None,
        help="Churned share of the customers to whom it had happened. Empty: nobody.",
    )
    without_share = UnknownFloat(
        string="Left, without It",
        readonly=True,
        digits=(5, 4),
        aggregator=None,
        help="Churned share of the customers to whom it had not happened, if they "
        "bought as often as those to whom it had. Empty: nobody.",
    )
    matched_count = fields.Integer(
        string="Set Beside Others",
        readonly=True,
        aggregator=False,
        help="Customers to whom it had happened and who have others without it, who "
        "bought as often, to be set beside.",
    )
    deviation = fields.Float(
        readonly=True,
        aggregator=False,
        digits=(8, 2),
        help="By how many standard deviations more of them left than of those others "
        "(Mantel and Haenszel). Beyond 1.96 chance alone would do it in fewer than 5 "
        "of 100 cases.",
    )
    verdict = fields.Selection(
        [
            ("more", "Leave more often"),
            ("same", "No clear difference"),
            ("less", "Leave less often"),
            ("few", "Too few to tell"),
        ],
        compute="_compute_verdict",
        help="More or less often only where chance alone would make such a difference "
        "in fewer than 5 of 100 cases; too few below 20 customers on either side.",
    )
    sentence = fields.Char(
        string="In Words",
        compute="_compute_verdict",
        help="The comparison in words, with the numbers of customers behind it.",
    )

    _kind_uniq = models.Constraint(
        "UNIQUE(company_id, kind)", "There is one line per company and kind."
    )

    @api.model
    def _selection_kind(self):
        return self.env["churn.evidence"]._selection_kind()

    @api.depends(
        "with_count",
        "with_churned",
        "without_count",
        "without_churned",
        "without_share",
        "matched_count",
        "deviation",
    )
    @api.depends_context("lang")
    def _compute_verdict(self):
        for report in self:
            report.verdict = report._get_verdict()
            report.sentence = report._say()

    def _get_verdict(self):
        if min(self.matched_count, self.without_count) < LEAST:
            return "few"
        if abs(self.deviation) <= _Z:
            return "same"
        return "more" if self.deviation > 0 else "less"

    def _say(self):
        values = {
            "with_count": self.with_count,
            "with_churned": self.with_churned,
            "without_count": self.without_count,
            "without_churned": self.without_churned,
        }
        if not self.with_count and not self.without_count:
            return self.env._("Nobody had bought in the year that is looked back to.")
        if not self.with_count:
            return self.env._(
                "It had happened to none of the %(without_count)s customers of then.",
                **values,
            )
        if self.verdict == "few":
            return self.env._(
                "%(with_churned)s of %(with_count)s left with it, %(without_churned)s "
                "of %(without_count)s without it: too few to tell.",
                **values,
            )
        return self.env._(
            "%(with_churned)s of %(with_count)s left with it (%(with_share)s %%); of "
            "others who buy as often, %(without_share)s %%.",
            with_share=round(100 * self.with_churned / self.with_count),
            without_share=round(100 * self.without_share),
            **values,
        )

    # -- actions -------------------------------------------------------------------

    def action_view_evidence(self):
        """The lines behind the number of customers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "churn_scoring.action_churn_evidence"
        )
        since = self.company_id._get_lifecycle_today() - relativedelta(months=MONTHS)
        return {
            **action,
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
                ("date", ">", since),
            ],
        }
