"""Memberships in words: what is missing, what would be lost, and when."""

from odoo import api, fields, models
from odoo.tools import format_date, formatLang


class LoyaltyMembership(models.Model):
    _inherit = "loyalty.membership"

    # as superuser: the terms of the programme, for all who may read the membership
    next_summary = fields.Char(
        string="To the Next Tier",
        compute="_compute_summaries",
        compute_sudo=True,
        help="What is missing to the next tier, and until when it counts.",
    )
    keep_summary = fields.Char(
        string="To Keep the Tier",
        compute="_compute_summaries",
        compute_sudo=True,
        help="What must still be bought so that the tier is not lost.",
    )

    amount_summary = fields.Char(
        string="Counted So Far",
        compute="_compute_amount_summary",
        compute_sudo=True,
        help="What counts up to today, and over which time.",
    )
    perk_summary = fields.Char(
        string="Gets",
        compute="_compute_perk_summary",
        compute_sudo=True,
        help="What members of the tier get.",
    )

    @api.depends_context("lang")
    @api.depends("amount")
    def _compute_amount_summary(self):
        for member in self:
            program = member.program_id
            values = {
                "amount": member._say(member.amount),
                "months": program.tier_months,
            }
            match program.tier_period:
                case "rolling":
                    text = self.env._(
                        "%(amount)s in the last %(months)s months", **values
                    )
                case "calendar":
                    text = self.env._("%(amount)s this calendar year", **values)
                case "anniversary":
                    text = self.env._("%(amount)s in this year of membership", **values)
                case _:
                    text = self.env._("%(amount)s in all", **values)
            member.amount_summary = text

    points_text = fields.Char(
        string="Points",
        compute="_compute_points_text",
        compute_sudo=True,
        groups="sales_team.group_sale_salesman",
        help="On the card of the customer, and how many of them are lost next.",
    )

    @api.depends_context("lang")
    @api.depends("partner_id", "program_id")
    def _compute_points_text(self):
        for member in self:
            member.points_text = member.program_id._get_points_text(
                member.partner_id
            ) or self.env._("No card")

    @api.depends_context("lang")
    @api.depends("tier_id")
    def _compute_perk_summary(self):
        for member in self:
            member.perk_summary = ", ".join(member.tier_id._get_perk_words())

    @api.depends_context("lang")
    @api.depends(
        "tier_id", "next_tier_id", "missing", "keep_missing", "valid_until",
        "pinned_tier_id", "pinned_until",
    )  # fmt: skip
    def _compute_summaries(self):
        for member in self:
            member.next_summary = member._get_next_summary()
            member.keep_summary = member._get_keep_summary()

    def _get_next_summary(self):
        if not self.next_tier_id:
            return self.tier_id and self.env._("The highest tier")
        values = {"tier": self.next_tier_id.name, "amount": self._say(self.missing)}
        if not self.missing:
            return self.env._("%(tier)s needs more than its threshold", **values)
        if last := self._get_last_day():
            day = format_date(self.env, last)
            return self.env._("%(amount)s to %(tier)s by %(day)s", day=day, **values)
        return self.env._("%(amount)s to %(tier)s", **values)

    def _get_keep_summary(self):
        values = {"tier": self.tier_id.name}
        if self.pinned_tier_id and self.pinned_tier_id == self.tier_id:
            if not self.pinned_until:
                return self.env._("%(tier)s is pinned", **values)
            day = format_date(self.env, self.pinned_until)
            return self.env._("%(tier)s is pinned until %(day)s", day=day, **values)
        if not self.valid_until:
            return self.tier_id and self.env._("%(tier)s has no end", **values)
        values["day"] = format_date(self.env, self.valid_until)
        if not self.keep_missing:
            return self.env._("%(tier)s is already earned beyond %(day)s", **values)
        values["amount"] = self._say(self.keep_missing)
        return self.env._("%(amount)s by %(day)s to keep %(tier)s", **values)

    def _get_last_day(self):
        """Last day on which purchases of this period count for the next tier."""
        program = self.program_id
        if program.tier_period not in ("calendar", "anniversary"):
            return None
        today = self.company_id._get_lifecycle_today()
        if program.tier_period == "calendar":
            return today.replace(month=12, day=31)
        from ..scoring.periods import anniversary, membership_year

        joined = (self.joined_date - fields.Date.to_date("1970-01-01")).days
        now = (today - fields.Date.to_date("1970-01-01")).days
        end = int(anniversary(joined, membership_year(joined, now) + 1)) - 1
        return fields.Date.add(fields.Date.to_date("1970-01-01"), days=end)

    def _say(self, amount):
        """An amount with its unit."""
        program = self.program_id
        if program.tier_measure in ("net_spend", "margin"):
            return formatLang(self.env, amount, currency_obj=program.currency_id)
        digits = 2 if program.tier_measure == "points" and amount % 1 else 0
        number = formatLang(self.env, amount, digits=digits)
        return f"{number} {program._get_tier_unit()}"
