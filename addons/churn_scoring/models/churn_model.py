"""Models of churn and lifetime value: one row per training, the model card of it.

A training never disturbs the scores: until it has ended well the model before it goes
on.  One that fails, or that the company's own past speaks against, is kept with what
was found, and the last good model stays.
"""

from odoo import api, fields, models
from odoo.fields import Domain

MANAGERS = "lifecycle_crm.group_lifecycle_manager"
OPEN = ("pending", "running")


class ChurnModel(models.Model):
    _name = "churn.model"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Churn Model"
    _order = "id desc"
    _rec_name = "as_of"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "Training"),
            ("active", "Active"),
            ("superseded", "Replaced"),
            ("vetoed", "Not Used"),
            ("failed", "Failed"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
        help="Active: customers are scored by it. Replaced: a later training took its "
        "place. Not used: the company's own past speaks against it, so the model "
        "before it stays. Failed: it ended with an error.",
    )
    reason = fields.Selection(
        [
            ("week", "Weekly"),
            ("install", "After the first run"),
            ("import", "Imported history"),
            ("settings", "Change of settings"),
            ("manual", "By hand"),
        ],
        required=True,
        readonly=True,
        help="Why it was trained.",
    )
    user_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, ondelete="set null"
    )
    as_of = fields.Date(
        string="Trained On",
        readonly=True,
        help="Purchases up to this day are in it, in the time zone of the company.",
    )
    start = fields.Datetime(readonly=True, help="When the training began.")
    alive = fields.Datetime(
        string="Last Sign of Life",
        readonly=True,
        help="A training that was stopped begins anew when the scheduled action is "
        "called again.",
    )
    attempt_count = fields.Integer(
        string="Attempts", readonly=True, aggregator=False, help="How often it began."
    )
    duration = fields.Float(
        string="Duration (s)",
        readonly=True,
        digits=(10, 2),
        aggregator="avg",
        help="Seconds for reading, training and the backtest.",
    )
    error = fields.Text(readonly=True, groups=MANAGERS, help="What went wrong.")

    # -- what it is ----------------------------------------------------------

    rung = fields.Selection(
        [
            ("0", "0: a rule"),
            ("1", "1: a model, not yet proven here"),
            ("2", "2: proven, average of two models"),
            ("3", "3: proven, average of four models"),
        ],
        string="Level",
        readonly=True,
        help="How far the history of the company carries. With more customers and a "
        "longer history, and as long as the backtest speaks for it, it rises by "
        "itself.",
    )
    method = fields.Selection(
        [
            ("rule", "Rule: no order for twice the usual gap"),
            ("prior", "MBG/NBD with a weak prior"),
            ("avg2", "Average of MBG/NBD and a logistic regression"),
            ("avg4", "Average of MBG/NBD, two logistic regressions and boosted trees"),
        ],
        readonly=True,
        help="What the churn probability is made by. Averages are taken of the logits.",
    )
    horizon_days = fields.Integer(
        string="Horizon (days)",
        readonly=True,
        aggregator=False,
        help="The probability is that of no order within so many days.",
    )
    clv_months = fields.Integer(
        string="Value Of (months)",
        readonly=True,
        aggregator=False,
        help="The expected value is that of so many months.",
    )
    discount_rate = fields.Float(
        string="Discount Rate (%)", readonly=True, aggregator=False, digits=(6, 2)
    )
    value_basis = fields.Char(
        readonly=True, help="What the value of a purchase is: revenue, or margin."
    )
    customer_count = fields.Integer(
        string="Customers",
        readonly=True,
        aggregator=False,
        help="Customers with at least one order that it was trained on.",
    )
    repeater_count = fields.Integer(
        string="Repeat Customers",
        readonly=True,
        aggregator=False,
        help="Customers with orders on at least two days.",
    )
    history_days = fields.Integer(
        string="History (days)",
        readonly=True,
        aggregator=False,
        help="Days from the first order to the day of the training.",
    )
    top_share = fields.Float(
        string="Largest Customer (%)",
        readonly=True,
        aggregator=False,
        digits=(5, 1),
        help="Share of the largest customer in the revenue.",
    )
    params = fields.Json(
        string="Parameters",
        readonly=True,
        groups=MANAGERS,
        help="Parameters of the models.",
    )
    cut_medium = fields.Float(
        string="Medium Risk From",
        readonly=True,
        aggregator=False,
        digits=(5, 4),
        help="Churn probability from which the risk is medium, found from the "
        "customers who had not lapsed.",
    )
    cut_high = fields.Float(
        string="High Risk From",
        readonly=True,
        aggregator=False,
        digits=(5, 4),
        help="Churn probability from which the risk is high.",
    )

    value_scale = fields.Float(
        readonly=True,
        aggregator=False,
        groups=MANAGERS,
        help="Mean value of a day with an order, which amounts are measured by.",
    )

    reasons = fields.Json(
        readonly=True,
        help="What is missing for the next level, and what spoke against.",
    )
    judgement_ids = fields.One2many(
        "churn.judgement", "model_id", string="Judgements", readonly=True
    )

    _company_active_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'active'",
        "There is one active churn model per company.",
    )

    # -- which one -------------------------------------------------------------

    @api.model
    def _get_active(self, company):
        """The model by which customers of a company are scored; may be empty."""
        return self._get_last_of(company, [("state", "=", "active")])[company]

    @api.model
    def _get_last_of(self, companies, domain):
        """The last row of each company that fits: ``{company: row, may be empty}``."""
        of_companies = Domain("company_id", "in", companies.ids) & Domain(domain)
        found = dict(self._read_group(of_companies, ["company_id"], ["id:max"]))
        return {company: self.browse(found.get(company)) for company in companies}
