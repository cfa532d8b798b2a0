"""Models of churn and lifetime value: one row per training, the model card of it.

A training never disturbs the scores: until it has ended well the model before it goes
on.  One that fails, or that the company's own past speaks against, is kept with what
was found, and the last good model stays.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .churn_fields import UnknownFloat, UnknownMonetary

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
        readonly=True, groups=MANAGERS, help="Parameters of the models."
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

    # -- the backtest: what it would have said one horizon ago -----------------

    judged_count = fields.Integer(
        string="Customers in the Backtest",
        readonly=True,
        aggregator=False,
        help="Customers of one horizon before the training, who were scored with what "
        "was known then.",
    )
    left_count = fields.Integer(
        string="Left",
        readonly=True,
        aggregator=False,
        help="Of these, who ordered nothing within the horizon.",
    )
    auc = UnknownFloat(
        string="AUC",
        readonly=True,
        aggregator="avg",
        digits=(5, 3),
        help="Of two customers, one who left and one who stayed: how often the one who "
        "left had the higher probability. 0.5 is chance, 1 is perfect.",
    )
    auc_low = UnknownFloat(
        string="AUC, at Least",
        readonly=True,
        aggregator=False,
        digits=(5, 3),
        help="Lower end of the 95 % interval (DeLong).",
    )
    auc_high = UnknownFloat(
        string="AUC, at Most",
        readonly=True,
        aggregator=False,
        digits=(5, 3),
        help="Upper end of the 95 % interval (DeLong).",
    )
    brier = UnknownFloat(
        string="Brier Score",
        readonly=True,
        aggregator="avg",
        digits=(6, 4),
        help="Mean squared error of the probabilities: smaller is better.",
    )
    brier_base = UnknownFloat(
        string="Brier of the Average",
        readonly=True,
        aggregator="avg",
        digits=(6, 4),
        help="The same for a model that gives everybody the average.",
    )
    brier_recency = UnknownFloat(
        string="Brier of the Last Order",
        readonly=True,
        aggregator="avg",
        digits=(6, 4),
        help="The same for a model that knows only the days since the last order.",
    )
    ece = UnknownFloat(
        string="Calibration Error",
        readonly=True,
        aggregator="avg",
        digits=(5, 3),
        help="Mean distance between what was said and what happened, in ten groups.",
    )
    calibration = fields.Json(
        readonly=True,
        help="Ten groups from the lowest probability to the highest: what was said, "
        "what happened, number of customers.",
    )
    predicted_share = UnknownFloat(
        string="Said to Leave",
        readonly=True,
        aggregator="avg",
        digits=(5, 4),
        help="Share of the customers who would leave, by the probabilities.",
    )
    observed_share = UnknownFloat(
        string="Did Leave",
        readonly=True,
        aggregator="avg",
        digits=(5, 4),
        help="Share of the customers who did.",
    )
    clv_bias = UnknownFloat(
        string="Value Said / Came",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="Revenue that was expected within the horizon, divided by what came: 1.10 "
        "is a tenth too much.",
    )
    clv_mae = UnknownMonetary(
        string="Error of the Value",
        readonly=True,
        aggregator="avg",
        help="Mean absolute error of the value expected of a customer.",
    )
    clv_mae_last = UnknownMonetary(
        string="Error of “As Last Time”",
        readonly=True,
        aggregator="avg",
        help="The same for the guess that each customer spends what it spent in the "
        "period before.",
    )
    lift = UnknownFloat(
        string="Top Tenth",
        readonly=True,
        aggregator="avg",
        digits=(6, 2),
        help="How many times the average the tenth of the customers brought that was "
        "expected to bring most.",
    )
    has_backtest = fields.Boolean(
        readonly=True, help="Whether there was enough history to judge it."
    )
    vetoed = fields.Boolean(
        string="Fell Back",
        readonly=True,
        help="A higher level was reached, but the backtest spoke against it.",
    )
    reasons = fields.Json(
        readonly=True,
        help="What is missing for the next level, and what spoke against.",
    )
    judgement_ids = fields.One2many("churn.judgement", "model_id", readonly=True)

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

    # -- asking ----------------------------------------------------------------

    @api.model
    def _request(self, companies, reason):
        """Ask for a training of companies; the scheduled action does it soon.

        What waits already is joined.

        :param reason: a value of the field ``reason``
        """
        if not companies or self.env.context.get("lifecycle_no_recompute"):
            return self.browse()
        # settings, runs and imports ask as well, whoever changes or began them
        trainings = self.sudo()
        waiting = trainings.search(
            [("state", "=", "pending"), ("company_id", "in", companies.ids)]
        )
        created = trainings.create(
            [
                {"company_id": company.id, "reason": reason, "user_id": self.env.uid}
                for company in companies - waiting.company_id
            ]
        )
        cron = self.env.ref("churn_scoring.ir_cron_train", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # whoever asks; it runs as superuser anyway
        return self.browse((waiting + created).ids)

    def action_train(self):
        """Button: train the companies of these models, else of the switcher."""
        if not self.env.user.has_group(MANAGERS):
            raise UserError(
                self.env._("Only a lifecycle manager can ask for a training.")
            )
        companies = self.company_id or self.env.companies
        self._request(companies, reason="manual")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The training starts within a minute. The scores follow when it "
                    "is done; until then the present ones stay."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def action_open_card(self):
        """The model by which the customers of the current company are scored.

        Without one: the list, which says what to do.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "churn_scoring.action_churn_model"
        )
        active = self._get_active(self.env.company)
        if active:
            action.update(
                res_id=active.id, view_mode="form", views=[(False, "form")], path=False
            )
        return action

    def action_view_history(self):
        """All trainings of this company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "churn_scoring.action_churn_model"
        )
        return {**action, "domain": [("company_id", "=", self.company_id.id)]}

    @api.autovacuum
    def _gc_models(self):
        """Two years of trainings, and what is in use."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=2)
        ended = [("state", "in", ("superseded", "vetoed", "failed"))]
        self.search([*ended, ("create_date", "<", limit)]).unlink()
        # of what scores nobody any more, the figures are enough
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=1)
        self.search(
            [*ended, ("trees_churn", "!=", False), ("create_date", "<", limit)]
        ).write({"trees_churn": False, "trees_spend": False})
