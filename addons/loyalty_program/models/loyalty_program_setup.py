"""Setting up tiers without a manual."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# What share of the customers of the last period each tier is meant to have, from the
# top; the rest is in the lowest.
_SHARES = (0.40, 0.15, 0.04)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    cashback_lost = fields.Boolean(
        compute="_compute_cashback_lost",
        help="A tier promises cashback, but no eWallet receives it.",
    )

    @api.depends("cashback_program_id", "tier_ids.cashback_percent")
    def _compute_cashback_lost(self):
        for program in self:
            promised = any(program.tier_ids.mapped("cashback_percent"))
            program.cashback_lost = promised and not program.cashback_program_id

    def action_view_members(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.action_loyalty_membership"
        )
        return {
            **action,
            "domain": [("program_id", "=", self.id)],
            "context": {"search_default_group_tier": 1},
        }

    def action_add_usual_tiers(self):
        """Four tiers with thresholds that suit the customers there are."""
        self.ensure_one()
        if self.with_context(active_test=False).tier_ids:
            raise UserError(
                self.env._(
                    "Tiers: there are some already. Change them, or archive them first."
                )
            )
        names = (
            self.env._("Bronze"),
            self.env._("Silver"),
            self.env._("Gold"),
            self.env._("Platinum"),
        )
        colors, multipliers = (2, 8, 3, 4), (1, 1.25, 1.5, 2)
        thresholds = (0, *self._suggest_thresholds())
        self.tier_ids = [
            Command.create(
                {
                    "name": name,
                    "threshold": threshold,
                    "color": color,
                    "point_multiplier": multiplier,
                }
            )
            for name, threshold, color, multiplier in zip(
                names, thresholds, colors, multipliers, strict=True
            )
        ]

    def _suggest_thresholds(self):
        """Round thresholds that some of the customers of the last period reach."""
        import numpy as np

        company = self.company_id or self.env.company
        engine = self.env["loyalty.engine"].sudo()  # sums only, of the own company
        engine = engine.with_company(company)
        digits = engine._get_digits(self)
        _customers, amounts = engine._read_totals(
            self,
            company,
            company._get_lifecycle_today(),
            engine._get_ladder(self).rules,
        )
        amounts = amounts[amounts > 0] / 10**digits
        if len(amounts) < 20:
            return (3, 6, 12) if self.tier_measure == "orders" else (500, 2000, 5000)
        found = []
        for share in _SHARES:
            value = self._round(float(np.quantile(amounts, 1 - share)))
            # each above the one before
            found.append(max(value, 2 * found[-1] if found else 1))
        return tuple(found)

    @staticmethod
    def _round(value):
        """One that people remember: 1, 2 or 5 with zeros."""
        import math

        unit = 10 ** math.floor(math.log10(max(value, 1)))
        return max(step * unit for step in (1, 2, 5) if step * unit <= max(value, 1))
