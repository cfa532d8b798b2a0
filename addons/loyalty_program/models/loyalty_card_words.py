"""Points in words: the balance, until when it is good, and what it can be had for."""

from odoo import models
from odoo.tools import format_date, formatLang


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _say_points(self, points):
        """Points with the marks of thousands of the reader; money where they are."""
        self.ensure_one()
        currency = self.program_id.currency_id
        if currency and self.point_name == currency.symbol:
            return formatLang(self.env, points, currency_obj=currency)
        digits = 2 if round(points, 2) % 1 else 0
        number = formatLang(self.env, points, digits=digits)
        return f"{number} {self.point_name or ''}".strip()

    def _say_change(self, points):
        """The same with its sign, which stays before the number right to left, too."""
        sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
        return f"\N{LEFT-TO-RIGHT MARK}{sign}{self._say_points(abs(points))}"

    def _get_balance_text(self):
        """Points, and how many of them are lost next."""
        self.ensure_one()
        text = self._say_points(self.points)
        for day, points in self._get_points_by_expiry():
            if day:
                return self.env._(
                    "%(points)s, %(part)s of them until %(day)s",
                    points=text,
                    part=self._say_points(points),
                    day=format_date(self.env, day),
                )
        return text

    def _get_club_rewards(self):
        """What the points of a card can be spent on, for its owner, cheapest first.

        :return: dicts of ``reward``, ``cost``, ``missing`` (points) and ``tier``, the
            tier that the owner does not have and would need
        """
        self.ensure_one()
        program = self.program_id
        if program.program_type != "loyalty":
            return []
        company = program.company_id or self.env.company
        opened = self.env["loyalty.tier"]._get_open_tiers(self.partner_id, company)
        return [
            {
                "reward": reward,
                "cost": reward.required_points,
                "missing": max(0, reward.required_points - self.points),
                "tier": reward.min_tier_id.filtered(lambda t: t.id not in opened),
            }
            for reward in program.reward_ids.sorted("required_points")
        ]


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _get_points_text(self, contact):
        """Points of a contact in this programme, in words; False without a card."""
        if not self or not contact:
            return False
        # the balance of one customer, beside the tier that the reader may see
        card = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [
                    ("program_id", "=", self.id),
                    ("partner_id", "=", self._get_card_owner(contact).id),
                ],
                limit=1,
            )
        )
        return card._get_balance_text() if card else False

    def _get_earning_words(self):
        """How points are earned, in words for members."""
        self.ensure_one()
        words = []
        for rule in self.rule_ids:
            values = {
                "points": formatLang(
                    self.env,
                    rule.reward_point_amount,
                    digits=2 if rule.reward_point_amount % 1 else 0,
                ),
                "unit": self.portal_point_name,
                "currency": self.currency_id.symbol,
            }
            match rule.reward_point_mode:
                case "money":
                    text = self.env._("%(points)s %(unit)s per %(currency)s", **values)
                case "order":
                    text = self.env._("%(points)s %(unit)s per order", **values)
                case _:
                    text = self.env._("%(points)s %(unit)s per piece", **values)
            words.append(text)
        return words
