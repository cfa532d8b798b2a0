from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Changes of these move members.
_RULE_FIELDS = {"threshold", "domain", "active", "program_id"}


class LoyaltyTier(models.Model):
    """A level of a loyalty programme; the threshold orders the levels."""

    _name = "loyalty.tier"
    _inherit = "mail.thread"  # who changed it
    _description = "Loyalty Tier"
    _order = "program_id, threshold, id"

    program_id = fields.Many2one(
        "loyalty.program",
        string="Programme",
        required=True,
        ondelete="cascade",
        index=True,
    )
    # stored for the record rules
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    threshold = fields.Float(
        digits=(16, 3),
        required=True,
        help="What a member must at least have in the period: exactly this is enough. "
        "0: every member has this tier.",
        tracking=True,
    )
    domain = fields.Char(
        string="Only For",
        help="Filter over the customer's profile that must hold, too, to reach or to "
        "renew the tier. Empty: no condition.",
        tracking=True,
    )
    color = fields.Integer(help="Colour of the badge.")
    image = fields.Image(max_width=256, max_height=256)
    description = fields.Text(
        translate=True, help="What members are told of this tier."
    )
    threshold_unit = fields.Char(
        string="Unit",
        compute="_compute_threshold_unit",
        help="What the threshold is counted in.",
    )
    member_count = fields.Integer(
        string="Members",
        compute="_compute_member_count",
        help="Members of the current company in this tier.",
    )

    @api.depends("program_id.tier_measure", "program_id.currency_id")
    def _compute_threshold_unit(self):
        for tier in self:
            tier.threshold_unit = tier.program_id._get_tier_unit()

    @api.depends_context("loyalty_tier_program", "lang")
    @api.depends("name", "program_id.name")
    def _compute_display_name(self):
        """In lists of members, with the programme where there are several."""
        several = self.env.context.get("loyalty_tier_program") and (
            len(self.env["loyalty.tier"]._read_group([], ["program_id"])) > 1
        )
        for tier in self:
            tier.display_name = tier.name
            program = tier.sudo().program_id  # its name, for who sees the tier
            if several and program:
                tier.display_name = f"{tier.name} ({program.name})"

    @api.depends_context("company")
    def _compute_member_count(self):
        groups = self.env["loyalty.membership"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("tier_id", "in", self.ids),
            ],
            ["tier_id"],
            ["__count"],
        )
        counts = {tier.id: count for tier, count in groups}
        for tier in self:
            tier.member_count = counts.get(tier.id, 0)

    # -- rules -----------------------------------------------------------------

    @api.constrains("threshold", "program_id", "active")
    def _check_threshold(self):
        for tier in self:
            others = tier.program_id.tier_ids - tier
            if tier.threshold < 0:
                raise ValidationError(
                    self.env._(
                        "Threshold of tier “%s”: it is below 0. Enter 0 for a tier "
                        "that every member has, or more.",
                        tier.name,
                    )
                )
            digits = self.env["loyalty.engine"]._get_digits(tier.program_id)
            if round(tier.threshold, digits) != tier.threshold:
                raise ValidationError(
                    self.env._(
                        "Threshold of tier “%(name)s”: %(value)s has more decimals "
                        "than what is counted. Use at most %(digits)s.",
                        name=tier.name,
                        value=tier.threshold,
                        digits=digits,
                    )
                )
            same = others.filtered(lambda o, tier=tier: o.threshold == tier.threshold)
            if tier.active and same:
                raise ValidationError(
                    self.env._(
                        "Threshold of tier “%(name)s”: “%(other)s” has the same one. "
                        "Give each tier of a programme a threshold of its own.",
                        name=tier.name,
                        other=same[0].name,
                    )
                )

    @api.constrains("program_id")
    def _check_program(self):
        for tier in self:
            if tier.program_id.program_type != "loyalty":
                raise ValidationError(
                    self.env._(
                        "Programme of tier “%s”: only programmes of the type “Loyalty "
                        "Cards” have tiers. Choose another one.",
                        tier.name,
                    )
                )

    # -- changes of the rules ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.program_id._request_tier_run()
        return tiers

    def write(self, vals):
        programs = self.program_id
        result = super().write(vals)
        if vals.keys() & _RULE_FIELDS:
            (programs | self.program_id)._request_tier_run()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        """Members would lose what they hold, and the history its words."""
        for tier in self:
            # whether, not whose: also in companies out of reach
            members = self.env["loyalty.membership"].sudo()
            count = members.search_count(
                ["|", ("tier_id", "=", tier.id), ("earned_tier_id", "=", tier.id)]
            )
            moves = self.env["lifecycle.transition"].sudo()
            moved = moves.search_count(
                ["|", ("from_tier_id", "=", tier.id), ("to_tier_id", "=", tier.id)],
                limit=1,
            )
            if count or moved:
                raise UserError(
                    self.env._(
                        "Tier “%(name)s”: %(count)s members are in it, or were. "
                        "Archive it instead: they move to the tier below, which they "
                        "keep until the end of their period, and the history stays.",
                        name=tier.name,
                        count=count,
                    )
                )

    def unlink(self):
        programs = self.program_id
        result = super().unlink()
        programs.exists()._request_tier_run()
        return result

    def action_view_members(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.action_loyalty_membership"
        )
        return {**action, "domain": [("tier_id", "=", self.id)], "context": {}}
