from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_KEPT_TYPES = ("loyalty", "ewallet", "gift_card")


class LoyaltyProgram(models.Model):
    """How long points live, who shares a card, and what comes back of a payment."""

    _inherit = "loyalty.program"

    point_life_months = fields.Integer(
        string="Points Live (months)",
        help="Points expire so many months after they were given, the oldest first; "
        "they can be spent until the end of that day. 0: they do not expire by age.",
    )
    point_idle_months = fields.Integer(
        string="Points Live Without Purchase (months)",
        help="All points of a card expire when its customer has bought nothing for so "
        "many months. 0: a pause costs no points.",
    )
    point_expiry_start = fields.Date(
        string="No Points Expire Before",
        help="Set when expiry is switched on or shortened, so that members can be "
        "told first: the first day on which points may be gone.",
    )
    point_reminder_days = fields.Integer(
        string="Remind Before (days)",
        default=30,
        help="So many days before points expire, their owner gets the reminder. "
        "0: no reminder.",
    )
    point_reminder_template_id = fields.Many2one(
        "mail.template",
        string="Expiry Reminder",
        domain=[("model", "=", "loyalty.card")],
        default=lambda self: self._get_reminder_template(),
        ondelete="set null",
        help="What the reminder says. Empty: no reminder.",
    )
    card_per_company = fields.Boolean(
        string="One Card per Company",
        help="All contacts of a company collect on, and spend from, one card, that of "
        "the company. Cards that its contacts have now are joined when you save.",
    )
    cashback_program_id = fields.Many2one(
        "loyalty.program",
        string="Cashback Goes To",
        domain=[("program_type", "=", "ewallet")],
        ondelete="restrict",
        help="eWallet that is credited with the cashback of the tiers when an invoice "
        "is paid.",
    )
    cashback_percent = fields.Float(
        string="Cashback for Everybody (%)",
        digits=(5, 2),
        help="Share of the untaxed amount of each paid invoice that is credited to "
        "this eWallet. Members of a tier with a higher cashback get that instead.",
    )

    _point_life_months_positive = models.Constraint(
        "CHECK (point_life_months BETWEEN 0 AND 1200)",
        "“Points Live” must be between 0 (for ever) and 1200 months.",
    )
    _point_idle_months_positive = models.Constraint(
        "CHECK (point_idle_months BETWEEN 0 AND 1200)",
        "“Points Live Without Purchase” must be between 0 (off) and 1200 months.",
    )
    _point_reminder_days_positive = models.Constraint(
        "CHECK (point_reminder_days BETWEEN 0 AND 365)",
        "“Remind Before” must be between 0 (never) and 365 days.",
    )
    _cashback_percent_range = models.Constraint(
        "CHECK (cashback_percent BETWEEN 0 AND 100)",
        "“Cashback for Everybody” must be between 0 and 100 percent.",
    )

    @api.constrains("cashback_program_id", "company_id")
    def _check_cashback_program(self):
        for program in self:
            wallet = program.cashback_program_id
            if not wallet:
                continue
            if wallet.program_type != "ewallet":
                raise ValidationError(
                    self.env._(
                        "“Cashback Goes To”: %s is no eWallet. Choose a programme of "
                        "the type eWallet.",
                        wallet.display_name,
                    )
                )
            if wallet.company_id and wallet.company_id != program.company_id:
                raise ValidationError(
                    self.env._(
                        "“Cashback Goes To”: %(wallet)s belongs to %(company)s. "
                        "Choose an eWallet of the same company, or one that all "
                        "companies share.",
                        wallet=wallet.display_name,
                        company=wallet.company_id.display_name,
                    )
                )

    @api.model
    def _get_reminder_template(self):
        return self.env.ref(
            "loyalty_program.mail_template_points_expiring", raise_if_not_found=False
        )

    def _is_in_ledger(self):
        """Whether cards of this programme keep points from order to order."""
        self.ensure_one()
        return self.program_type in _KEPT_TYPES or self.applies_on == "both"

    def _get_points_today(self):
        """Today where the programme is."""
        self.ensure_one()
        return (self.company_id or self.env.company)._get_lifecycle_today()

    # -- settings that act ---------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs._start_expiry({})
        return programs

    def write(self, vals):
        kept = self.filtered(lambda program: program._is_in_ledger())
        lives = {program: program._get_lives() for program in self}
        shared = self.filtered("card_per_company")
        result = super().write(vals)
        if "program_type" in vals or "applies_on" in vals:
            new = (self - kept).filtered(lambda program: program._is_in_ledger())
            # the record of points that exist already begins, nothing else
            new.env["loyalty.ledger"].sudo()._open_accounts(new.ids)
        if "point_life_months" in vals or "point_idle_months" in vals:
            self._start_expiry(lives)
        if vals.get("card_per_company"):
            (self - shared)._join_company_cards()
        return result

    def _get_lives(self):
        """Lives of points by age and without purchase; infinite where off."""
        self.ensure_one()
        return (
            self.point_life_months or float("inf"),
            self.point_idle_months or float("inf"),
        )

    def _start_expiry(self, before):
        """A soft landing: nothing expires at once where a life got shorter."""
        never = (float("inf"), float("inf"))
        for program in self:
            was = before.get(program, never)
            pairs = zip(program._get_lives(), was, strict=True)
            if any(now < then for now, then in pairs):
                first = program._get_points_today() + timedelta(
                    days=max(program.point_reminder_days, 1)
                )
                program.point_expiry_start = max(
                    program.point_expiry_start or first, first
                )

    # -- cards and cashback --------------------------------------------------------

    def _is_used_by(self, company):
        """Whether a company works with this programme: a branch does with those of the
        companies it belongs to.
        """
        self.ensure_one()
        return not self.company_id or self.company_id in company | company.parent_ids

    def _get_card_owner(self, partner):
        """Who has the card for a contact's purchases."""
        self.ensure_one()
        return partner.commercial_partner_id if self.card_per_company else partner

    def _get_member_card(self, partner):
        """The card of a contact, created without a message where there is none."""
        self.ensure_one()
        owner = self._get_card_owner(partner)
        cards = self.env["loyalty.card"]
        domain = [("program_id", "=", self.id), ("partner_id", "=", owner.id)]
        return cards.search(domain, limit=1) or cards.with_context(
            loyalty_no_mail=True
        ).create({"program_id": self.id, "partner_id": owner.id, "points": 0})

    @api.model
    def _get_cashback_programs(self):
        """eWallets that cashback may go to."""
        tiers = self.search([("cashback_program_id.active", "=", True)])
        own = [("program_type", "=", "ewallet"), ("cashback_percent", ">", 0)]
        return tiers.cashback_program_id | self.search(own)

    def _get_cashback_rate(self, partner, company):
        """Percentage of this eWallet for a customer, as of now, and the tier that gives
        it; no tier where everybody gets as much.
        """
        self.ensure_one()
        members = self.env["loyalty.membership"].search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("program_id.active", "=", True),
                ("program_id.cashback_program_id", "=", self.id),
            ]
        )
        tier = members.tier_id.sorted("cashback_percent", reverse=True)[:1]
        if tier.cashback_percent > self.cashback_percent:
            return tier.cashback_percent, tier
        return self.cashback_percent, tier.browse()
