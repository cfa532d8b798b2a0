from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyTier(models.Model):
    """What members of a tier get."""

    _inherit = "loyalty.tier"

    point_multiplier = fields.Float(
        default=1.0,
        digits=(6, 3),
        required=True,
        help="Points of this programme are multiplied by this on orders of members of "
        "the tier. 1: as everybody.",
        tracking=True,
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        help="Proposed on new quotations for members of the tier, before that of their "
        "country. A pricelist set on the contact itself goes first.",
        tracking=True,
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        ondelete="restrict",
        help="Proposed on new quotations for members of the tier whose contact has no "
        "payment terms of its own.",
        tracking=True,
    )
    welcome_program_id = fields.Many2one(
        "loyalty.program",
        string="Welcome Coupon",
        domain="[('program_type', '=', 'coupons')]",
        ondelete="restrict",
        help="Coupon programme of which a member gets one coupon on reaching the tier "
        "for the first time.",
        tracking=True,
    )
    tag_id = fields.Many2one(
        "res.partner.category",
        string="Contact Tag",
        ondelete="restrict",
        help="Tag that members carry while they are in the tier.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity on Entry",
        ondelete="restrict",
        help="Activity planned for the salesperson of a customer who reaches the tier.",
    )
    activity_user_id = fields.Many2one(
        "res.users",
        string="Activity For",
        help="Whose activity it is where the customer has no salesperson.",
    )
    entry_action_id = fields.Many2one(
        "ir.actions.server",
        string="Action on Entry",
        ondelete="restrict",
        help="Run for members who come into the tier by what they did.",
    )
    exit_action_id = fields.Many2one(
        "ir.actions.server",
        string="Action on Exit",
        ondelete="restrict",
        help="Run for members who leave the tier, upwards or downwards.",
    )
    cashback_percent = fields.Float(
        string="Cashback (%)",
        digits=(5, 2),
        help="Share of the paid untaxed amount that comes back as eWallet credit.",
    )

    def _get_perk_words(self):
        """What members of the tier get, in words for them; a list of short texts."""
        if not self:
            return []
        self.ensure_one()
        tier = self.sudo()  # terms that its members are told of
        words = []
        if tier.point_multiplier not in (0, 1):
            words.append(self.env._("%g times the points", tier.point_multiplier))
        if tier.cashback_percent and tier.program_id.cashback_program_id:
            words.append(
                self.env._("%g%% of what you pay comes back", tier.cashback_percent)
            )
        if tier.pricelist_id:
            words.append(self.env._("special prices"))
        if tier.payment_term_id:
            words.append(self.env._("payment terms: %s", tier.payment_term_id.name))
        if tier.welcome_program_id:
            words.append(self.env._("a coupon on reaching it"))
        return words

    @api.constrains("point_multiplier", "cashback_percent")
    def _check_perks(self):
        for tier in self:
            if tier.point_multiplier < 0:
                raise ValidationError(
                    self.env._(
                        "Point Multiplier of tier “%s”: it is below 0. Enter 1 for the "
                        "points that everybody gets, or more.",
                        tier.name,
                    )
                )
            if not 0 <= tier.cashback_percent <= 100:
                raise ValidationError(
                    self.env._(
                        "Cashback of tier “%(name)s”: %(value)g%% is out of range. "
                        "Enter a number from 0 to 100.",
                        name=tier.name,
                        value=tier.cashback_percent,
                    )
                )

    @api.constrains("entry_action_id", "exit_action_id")
    def _check_actions(self):
        """The engine runs them with all rights: who chooses one must be allowed to."""
        user = self.env.user
        for tier in self.sudo():  # settings of actions are for administrators only
            for action in tier.entry_action_id | tier.exit_action_id:
                if action.model_name not in ("res.partner", "loyalty.membership"):
                    raise ValidationError(
                        self.env._(
                            "Action of tier “%(name)s”: “%(action)s” is not for "
                            "contacts or memberships. Choose another one.",
                            name=tier.name,
                            action=action.name,
                        )
                    )
                # one without groups asks for rights on the contacts it is run for,
                # which the engine has: as in plays, an administrator offers it
                allowed = (
                    action.group_ids & user.all_group_ids
                    or (action.lifecycle_play_step and not action.group_ids)
                    or action.with_user(user).has_access("write")
                )
                if not allowed and not user._is_superuser():
                    raise ValidationError(
                        self.env._(
                            "Action of tier “%(name)s”: you are not allowed to have "
                            "“%(action)s” run. Ask an administrator to choose it, or "
                            "to tick “Offer in Plays” on it.",
                            name=tier.name,
                            action=action.name,
                        )
                    )
