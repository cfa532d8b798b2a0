from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

OPEN_STATES = ("todo", "contacted", "opportunity")
# A customer who is skipped by hand comes back on the list after so many weeks.
REST_WEEKS = 4


class ChurnSave(models.Model):
    """A customer worth saving, on the list of a salesperson for one week.

    What was known when the list was made is kept with it, so that the list stands
    still in the week and its outcome can be measured against what was expected.
    """

    _name = "churn.save"
    _description = "Customer to Save"
    _order = "week desc, rank, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        ondelete="set null",
        help="Salesperson of the customer, or of its last order where the contact has "
        "none.",
    )
    week = fields.Date(
        required=True, readonly=True, help="Monday of the week of the list."
    )
    list_date = fields.Date(
        string="Listed On", required=True, readonly=True, help="Day it was listed."
    )
    rank = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Place on the list: 1 is worth most.",
    )
    state = fields.Selection(
        [
            ("todo", "To Contact"),
            ("contacted", "Contacted"),
            ("opportunity", "Opportunity"),
            ("saved", "Saved"),
            ("lost", "Lost"),
            ("skipped", "Skipped"),
        ],
        required=True,
        readonly=True,
        default="todo",
        group_expand=True,
        help="Saved as soon as the customer buys, lost when it lapses or is recorded "
        "as lost: both set themselves.",
    )

    # as known when it was listed
    churn_probability = fields.Float(
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Churn probability when the list was made.",
    )
    revenue_at_risk = fields.Monetary(
        string="Value at Risk",
        readonly=True,
        help="Churn probability times what the customer would bring in a year, when "
        "the list was made.",
    )
    clv_expected = fields.Monetary(
        string="Expected Value",
        readonly=True,
        help="What the customer was expected to bring when the list was made.",
    )
    save_rate = fields.Float(
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Share of the customers who would leave that a contact keeps: measured, "
        "or assumed while there are too few outcomes.",
    )
    save_rate_measured = fields.Boolean(
        readonly=True, help="Measured on at least 30 outcomes of the last 12 months."
    )
    expected_saved = fields.Monetary(
        string="Worth Saving",
        readonly=True,
        help="Value at risk times the save rate: what a contact is expected to save. "
        "The list is ordered by it.",
    )
    last_order_date = fields.Date(
        string="Last Order",
        readonly=True,
        help="Last order when the list was made.",
    )
    revenue_before = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="Revenue of the customer when the list was made.",
    )

    # what came of it
    contact_date = fields.Date(
        string="Contacted On",
        readonly=True,
        help="Day on which the customer was contacted or an opportunity was made.",
    )
    outcome_date = fields.Date(
        string="Settled On",
        readonly=True,
        help="Day of the order that saved the customer, or on which it was lost.",
    )
    saved_revenue = fields.Monetary(
        string="Money Saved",
        readonly=True,
        help="Net revenue in the year after the listing, of customers who bought after "
        "they were contacted. Who bought without a contact counts 0.",
    )
    rest_until = fields.Date(
        readonly=True,
        help="Skipped by hand: not listed again before this day.",
    )
    note = fields.Char(readonly=True, help="Why it was skipped.")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Win-Back Opportunity",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    activity_id = fields.Many2one(
        "mail.activity",
        string="Planned Call",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    call_date = fields.Date(related="activity_id.date_deadline", string="Call On")

    # of the customer now
    profile_id = fields.Many2one(
        "lifecycle.profile", compute="_compute_profile", string="Customer Profile"
    )
    reason = fields.Char(
        compute="_compute_profile",
        string="Why",
        help="What speaks most for the customer leaving.",
    )
    stage_id = fields.Many2one("lifecycle.stage", compute="_compute_profile")
    stage_color = fields.Integer(compute="_compute_profile", string="Stage Colour")
    category_id = fields.Many2many(related="partner_id.category_id", string="Tags")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")

    _customer_week_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id, week)",
        "A customer is on the save lists of a week once.",
    )
    _company_state_idx = models.Index("(company_id, state)")
    _user_week_idx = models.Index("(user_id, week)")

    @api.depends("partner_id", "company_id")
    def _compute_profile(self):
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        found = profiles.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        by_key = {(p.partner_id.id, p.company_id.id): p for p in found}
        for item in self:
            profile = by_key.get((item.partner_id.id, item.company_id.id), profiles)
            item.profile_id = profile
            item.stage_id = profile.stage_id
            item.stage_color = profile.stage_color
            item.reason = profile._get_churn_words() if profile else False

    # -- work ------------------------------------------------------------------

    def _check_open(self):
        """Whoever may see an item may work on it, while it is not settled.

        :return: the items as superuser: nobody may write them past these methods
        """
        self.check_access("read")
        settled = self.filtered(lambda item: item.state not in OPEN_STATES)[:1]
        if settled:
            raise UserError(
                self.env._(
                    "%(customer)s is settled: %(state)s. Nothing is left to do for it "
                    "on this list.",
                    customer=settled.partner_id.display_name,
                    state=dict(
                        settled._fields["state"]._description_selection(self.env)
                    )[settled.state],
                )
            )
        # the caller changes states only, of items that the user works on
        return self.sudo()

    def action_contacted(self):
        """The customer was called, written to or met."""
        self._check_open()._mark_contacted()

    def _mark_contacted(self):
        for company, items in self.grouped("company_id").items():
            today = company._get_lifecycle_today()
            items.filtered(lambda i: not i.contact_date).contact_date = today
            items.filtered(lambda i: i.state == "todo").state = "contacted"

    def action_skip(self):
        """Not worth it: the place is free for the next customer."""
        for company, items in self._check_open().grouped("company_id").items():
            today = company._get_lifecycle_today()
            items.write(
                {
                    "state": "skipped",
                    "rest_until": fields.Date.add(today, weeks=REST_WEEKS),
                    "note": self.env._("Skipped by %s", self.env.user.name),
                }
            )

    def action_reopen(self):
        """Take back that a customer was skipped or contacted."""
        self.check_access("read")
        allowed = self.filtered(lambda i: i.state in ("skipped", "contacted"))
        for item in self - allowed:
            item._check_open()
        # as in _check_open
        allowed.sudo().write(
            {"state": "todo", "rest_until": False, "note": False, "contact_date": False}
        )

    def action_schedule_call(self):
        self._check_open()
        return self._get_profiles()._schedule_calls()

    def action_win_back(self):
        self._check_open()
        return self._get_profiles()._open_win_backs()

    def action_record_loss(self):
        self._check_open()
        return self._get_profiles().action_record_loss()

    def _get_profiles(self):
        profiles = self.profile_id
        if len(profiles) < len(self):
            gone = self.filtered(lambda item: not item.profile_id)[:1]
            raise UserError(
                self.env._(
                    "%s has no purchases in this company any more.",
                    gone.partner_id.display_name,
                )
            )
        return profiles

    def action_open_profile(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": "lifecycle.profile",
            "res_id": self._get_profiles().id,
            "views": [(False, "form")],
        }

    def action_open_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [(False, "form")],
        }

    @api.depends("partner_id", "week")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for item in self:
            item.display_name = self.env._(
                "%(customer)s, week of %(day)s",
                customer=item.partner_id.display_name,
                day=format_date(self.env, item.week),
            )
