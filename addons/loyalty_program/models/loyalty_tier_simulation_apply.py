"""A draft becomes the rules: protected members, the promise, notices."""

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LoyaltyTierSimulation(models.Model):
    _inherit = "loyalty.tier.simulation"

    def action_apply(self):
        """Button: make the draft the rules; members move with the run that follows."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(
                self.env._("Compute the draft first: its rules changed since.")
            )
        program = self.program_id
        program.check_access("write")
        lines = self.line_ids.sorted("threshold")
        gone = program.tier_ids - lines.tier_id
        self._check_protected(gone)
        self._protect()
        if self.landing == "now":
            self._release()
        program.write(
            {
                "tier_period": self.tier_period,
                "tier_months": self.tier_months,
            }
        )
        gone.active = False
        # thresholds may change places: moved out of each other's way first
        top = max(*program.tier_ids.mapped("threshold"), *lines.mapped("threshold"))
        for place, line in enumerate(lines.filtered("tier_id")):
            line.tier_id.threshold = round(top) + place + 1
        for line in lines:
            values = {
                "name": line.name,
                "threshold": line.threshold,
                "point_multiplier": line.point_multiplier,
                "cashback_percent": line.cashback_percent,
            }
            if line.tier_id:
                line.tier_id.write(values)
            else:
                program.tier_ids = [Command.create(values)]
        self.state = "applied"
        self._send_notices()

    def _check_protected(self, gone):
        """Nobody keeps a tier that is no more."""
        promised = self.env["loyalty.tier.simulation.move"]._read_group(
            [
                ("simulation_id", "=", self.id),
                ("protected", "=", True),
                ("from_tier_id", "in", gone.ids),
            ],
            ["from_tier_id"],
            ["__count"],
        )
        for tier, count in promised:
            raise UserError(
                self.env._(
                    "Protected: %(count)s members are to keep tier “%(tier)s”, which "
                    "the draft drops. Put the tier back into the draft, or protect "
                    "them no more.",
                    count=count,
                    tier=tier.name,
                )
            )

    def _protect(self):
        """Pin the protected members to the tiers they have."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_membership m SET pinned_tier_id = m.tier_id,
                    pinned_until = %s, pin_reason = %s
                FROM loyalty_tier_simulation_move s
                WHERE s.simulation_id = %s AND s.protected AND m.tier_id IS NOT NULL
                  AND m.partner_id = s.partner_id AND m.program_id = %s
                  AND m.company_id = %s""",
                self.protect_until or None,
                self.env._("Protected when the rules changed"),
                self.id,
                self.program_id.id,
                self.company_id.id,
            )
        )
        self.env["loyalty.membership"].invalidate_model(flush=False)

    def _release(self):
        """Members who would move down hold nothing any more, but for protected ones.

        The run that follows gives them what they have earned by the new rules.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_membership m SET earned_tier_id = NULL, since = NULL,
                    valid_until = NULL, period_start = NULL, hold_start = NULL,
                    hold_threshold = 0, prior_tier_id = NULL, prior_until = NULL
                FROM loyalty_tier_simulation_move s
                WHERE s.simulation_id = %s AND NOT s.rises AND NOT s.protected
                  AND m.partner_id = s.partner_id AND m.program_id = %s
                  AND m.company_id = %s""",
                self.id,
                self.program_id.id,
                self.company_id.id,
            )
        )
        self.env["loyalty.membership"].invalidate_model(flush=False)

    def _send_notices(self):
        """Mail the members who were chosen, through the gate."""
        if not self.notice_template_id:
            return
        domain = [("simulation_id", "=", self.id), ("protected", "=", False)]
        if self.notice_to != "both":
            domain.append(("rises", "=", self.notice_to == "up"))
        moves = self.env["loyalty.tier.simulation.move"].search(domain)
        members = self.env["loyalty.membership"].search(
            [
                ("program_id", "=", self.program_id.id),
                ("company_id", "=", self.company_id.id),
                ("partner_id", "in", moves.partner_id.ids),
            ]
        )
        members._send_mail(self.notice_template_id, source="hand")
