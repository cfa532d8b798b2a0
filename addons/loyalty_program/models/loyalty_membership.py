from odoo import api, fields, models


class LoyaltyMembership(models.Model):
    """Where one customer stands in one programme, in one company.

    Written by :mod:`loyalty_engine` with SQL, changed rows only.  What a member holds
    (``earned_tier_id`` until ``valid_until``) is a promise: it ends by time, or where
    what earned it is returned, never because a rule changed.
    """

    _name = "loyalty.membership"
    _description = "Loyalty Membership"
    _order = "amount desc, id desc"
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
    program_id = fields.Many2one(
        "loyalty.program",
        string="Programme",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="restrict",
        group_expand="_read_group_tiers",
        help="The tier that counts: the pinned one while a pin lasts, else the one "
        "that was earned.",
    )
    earned_tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="restrict",
        help="The tier by the rules of the programme, whatever is pinned.",
    )
    joined_date = fields.Date(
        string="Member Since",
        readonly=True,
        help="Day of the first purchase that counts, or of the first evaluation where "
        "there is none.",
    )
    since = fields.Date(
        string="In Tier Since", readonly=True, help="Day on which the tier was reached."
    )
    valid_until = fields.Date(
        readonly=True,
        help="Last day of the tier, before grace. Empty: it has no end.",
    )
    amount = fields.Float(
        string="Counted",
        readonly=True,
        digits=(16, 3),
        aggregator="sum",
        help="What counts in the period up to today, in the unit of the programme: "
        "money in its currency, points or orders.",
    )
    next_tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="set null",
        help="The tier above.",
    )
    missing = fields.Float(
        string="Missing to the Next",
        readonly=True,
        digits=(16, 3),
        aggregator="avg",
        help="What is still missing to the next tier.",
    )
    progress = fields.Float(
        readonly=True,
        digits=(6, 2),
        aggregator="avg",
        help="How far the member has come to the next tier, in percent.",
    )
    keep_missing = fields.Float(
        string="Missing to Keep",
        readonly=True,
        digits=(16, 3),
        aggregator="avg",
        help="What must still be bought in this period to keep the tier after it.",
    )
    period_start = fields.Date(
        readonly=True,
        help="First day of the purchases that count for keeping the tier after its "
        "end.",
    )
    hold_start = fields.Date(
        readonly=True,
        help="First day of the purchases that the tier was reached with.",
    )
    hold_threshold = fields.Float(
        readonly=True,
        digits=(16, 3),
        aggregator=None,
        help="Threshold when the tier was reached: a later change of the rules does "
        "not take it away. Empty: it is kept until its end whatever is returned.",
    )
    prior_tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="set null",
        help="Tier held before this one, where its own period is not over: the member "
        "falls back to it if what earned this one is returned.",
    )
    prior_until = fields.Date(readonly=True)
    prior_start = fields.Date(readonly=True)
    prior_threshold = fields.Float(readonly=True, digits=(16, 3), aggregator=None)
    pinned_tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="restrict",
        help="Set by hand: the member has this tier whatever the rules say.",
    )
    pinned_until = fields.Date(
        readonly=True, help="Last day of the pin. Empty: until it is taken away."
    )
    pin_reason = fields.Char(readonly=True)
    warned_date = fields.Date(
        string="Warned On",
        readonly=True,
        help="Day on which the member was warned that the tier is about to end.",
    )
    tier_color = fields.Integer(
        related="tier_id.color", string="Colour of the Tier", aggregator=None
    )

    _partner_program_company_uniq = models.Constraint(
        "UNIQUE(partner_id, program_id, company_id)",
        "There is one membership per customer, programme and company.",
    )
    _program_company_idx = models.Index("(program_id, company_id, tier_id)")
    _tier_idx = models.Index("(tier_id)")

    def init(self):
        # room on each page, so that the nightly changes need no new index entries
        self.env.cr.execute("ALTER TABLE loyalty_membership SET (fillfactor = 80)")
        return super().init()

    @api.depends_context("loyalty_for_member")
    @api.depends("partner_id", "tier_id")
    def _compute_display_name(self):
        # members are told of the club, those who serve them of the member
        own = self.env.context.get("loyalty_for_member")
        for member in self:
            who = member.program_id.name if own else member.partner_id.display_name
            names = (who, member.tier_id.name)
            member.display_name = " · ".join(filter(None, names))

    @api.model
    def _read_group_tiers(self, tiers, domain):
        """All tiers as columns of a kanban view, also the empty ones."""
        return tiers.search([("program_id.active", "=", True)])

    def action_view_points(self):
        """What moved the points of the customer and its contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.action_loyalty_ledger"
        )
        return {
            **action,
            "domain": [
                ("program_id", "=", self.program_id.id),
                ("partner_id", "child_of", self.partner_id.id),
            ],
            "context": {},
        }

    def action_view_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_transition"
        )
        return {
            **action,
            "domain": [
                ("kind", "=", "tier"),
                ("partner_id", "=", self.partner_id.id),
                ("loyalty_program_id", "=", self.program_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }
