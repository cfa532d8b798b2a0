from odoo import api, fields, models
from odoo.tools import SQL

from .keyless_many2one import KeylessMany2one

# Name of the temporary table of a run that has the columns of the profile.
STAGING_TABLE = "lifecycle_profile_new"
# In the context: ask the staging table.  An object, so no client can say it.
STAGING = object()


class LifecycleProfile(models.Model):
    """One row per customer and company: facts, scores, stage.

    The engine writes it with SQL, changed rows only.  It is apart from
    ``res_partner`` so that the nightly run never meets a user who edits a
    contact, and so that each company has its own values.
    """

    _name = "lifecycle.profile"
    _description = "Customer Profile"
    _order = "clv_historic desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="The company or the person who buys; purchases of its contacts count.",
    )
    # three without a foreign key: see lifecycle_profile_keys
    company_id = KeylessMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # facts
    first_contact_date = fields.Date(
        string="First Contact",
        readonly=True,
        help="Day of the first lead, quotation or purchase.",
    )
    first_order_date = fields.Date(
        string="First Order",
        readonly=True,
        help="Day of the first purchase that was not returned in full.",
    )
    last_order_date = fields.Date(
        string="Last Order",
        readonly=True,
        help="Day of the latest purchase that was not returned in full.",
    )
    order_count = fields.Integer(
        string="Orders",
        readonly=True,
        aggregator="sum",
        help="Purchases ever, without those of no value and those returned in full.",
    )
    order_days = fields.Integer(
        readonly=True, help="Number of different days with a purchase."
    )
    revenue_total = fields.Monetary(
        string="Revenue",
        readonly=True,
        help="Untaxed purchases less returns, ever, in the currency of the "
        "company at the rate of each purchase.",
    )
    average_order_value = fields.Monetary(
        string="Average Order",
        readonly=True,
        aggregator="avg",
        help="Revenue divided by the number of orders. Empty for who never bought.",
    )
    won_back_date = fields.Date(
        string="Came Back On",
        readonly=True,
        help="Day of the latest purchase that came after the customer had lapsed.",
    )

    # rhythm
    gap_days = fields.Float(
        string="Usual Gap (days)",
        readonly=True,
        digits=(8, 1),
        aggregator="avg",
        help="Mean number of days between two purchases of this customer. Empty "
        "until the second purchase.",
    )
    next_order_date = fields.Date(
        string="Next Order Expected",
        readonly=True,
        help="Last order plus the usual gap of this customer, or the typical gap "
        "of the company while there is one purchase only.",
    )
    at_risk_date = fields.Date(
        string="At Risk From",
        readonly=True,
        help="Last order plus one and a half usual gaps, or two typical gaps of "
        "the company while there is one purchase only.",
    )
    lapse_date = fields.Date(
        string="Lapsed From",
        readonly=True,
        help="Last order plus the lapse period of the company; never before the "
        "customer is at risk.",
    )

    # scores
    rfm_recency = fields.Integer(
        string="R",
        readonly=True,
        aggregator="avg",
        help="Recency, 1 to 5: how recent the last purchase is, beside the other "
        "customers. 5 is best.",
    )
    rfm_frequency = fields.Integer(
        string="F",
        readonly=True,
        aggregator="avg",
        help="Frequency, 1 to 5: number of purchases in the RFM window. 5 is best.",
    )
    rfm_monetary = fields.Integer(
        string="M",
        readonly=True,
        aggregator="avg",
        help="Monetary value, 1 to 5: net revenue in the RFM window, beside the "
        "other customers. 5 is best.",
    )
    rfm_code = fields.Char(
        string="RFM",
        readonly=True,
        size=3,
        help="Recency, frequency and monetary score, 1 to 5 each: 555 is best. "
        "Empty for who never bought.",
    )
    rfm_value = fields.Float(
        string="FM",
        readonly=True,
        digits=(2, 1),
        aggregator="avg",
        help="Mean of the frequency and the monetary score.",
    )
    rfm_order_count = fields.Integer(
        string="Orders in Window",
        readonly=True,
        help="Purchases in the RFM window: what the frequency score is made of.",
    )
    rfm_revenue = fields.Monetary(
        string="Revenue in Window",
        readonly=True,
        help="Net revenue in the RFM window: what the monetary score is made of.",
    )
    segment_id = KeylessMany2one(
        "lifecycle.segment",
        readonly=True,
        ondelete="set null",
        help="Group by recency and by the mean of frequency and monetary value.",
    )
    clv_historic = fields.Monetary(
        string="Historic Value",
        readonly=True,
        help="Historic customer lifetime value: what the customer has brought "
        "since the first purchase, untaxed and net of returns.",
    )

    # stage
    stage_id = KeylessMany2one(
        "lifecycle.stage",
        readonly=True,
        ondelete="set null",
        group_expand="_read_group_expand",
        help="Where the customer stands: the last stage whose rule holds, or the "
        "one it is pinned to.",
    )
    stage_date = fields.Date(
        string="In Stage Since",
        readonly=True,
        help="Day on which the customer came into this stage, or on which it was "
        "first computed.",
    )
    stage_color = fields.Integer(
        related="stage_id.color", string="Stage Colour", aggregator=None
    )
    segment_color = fields.Integer(
        related="segment_id.color", string="Segment Colour", aggregator=None
    )
    phase = fields.Selection(related="stage_id.phase")
    pinned_stage_id = fields.Many2one(
        "lifecycle.stage",
        readonly=True,
        ondelete="set null",
        help="Set by hand: the customer stays in this stage whatever the rules say.",
    )
    pinned_until = fields.Date(
        readonly=True, help="Last day of the pin. Empty: until it is taken away."
    )
    pinned_date = fields.Date(
        string="Pinned On",
        readonly=True,
        help="Day on which it was pinned. On earlier days the rules decided.",
    )
    pin_reason = fields.Char(readonly=True)

    # of the contact, to group and filter by
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    country_id = fields.Many2one(related="partner_id.country_id")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    is_company = fields.Boolean(related="partner_id.is_company")
    active = fields.Boolean(related="partner_id.active", string="Contact is Active")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")

    transition_ids = fields.One2many(
        "lifecycle.transition", "profile_id", string="Changes"
    )

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "There is one profile per customer and company.",
    )
    _company_stage_idx = models.Index("(company_id, stage_id)")
    # lists of contacts and of customers sort by value; it changes with purchases only
    _company_value_idx = models.Index(
        "(company_id, clv_historic DESC NULLS LAST, id DESC)"
    )

    def init(self):
        # room on each page, so that the nightly changes need no new index entries
        self.env.cr.execute("ALTER TABLE lifecycle_profile SET (fillfactor = 80)")
        return super().init()

    @property
    def _table_sql(self):
        """While a run sorts customers, the rules are asked of its new rows."""
        if self.env.context.get("lifecycle_staging") is STAGING:
            return SQL.identifier(STAGING_TABLE)
        return super()._table_sql

    @api.depends("partner_id")
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = profile.partner_id.display_name

    @api.model
    def _get_stored_terms(self):
        """Fields in which an addon has the engine keep on what terms customers buy.

        :return: name of the stored field, by ``discount_share`` and ``margin_recent``
        """
        return {}

    @api.model
    def _read_group_expand(self, stages, domain):
        """All stages as columns of a kanban view, also the empty ones."""
        companies = [False, *self.env.companies.ids]
        return stages.search([("company_id", "in", companies)])

    # -- actions -----------------------------------------------------------

    def action_open_partner(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_view_transactions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_transaction"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
