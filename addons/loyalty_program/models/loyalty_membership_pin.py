from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class LoyaltyMembership(models.Model):
    """Pins: a manager gives a member a tier, whatever the rules say."""

    _inherit = "loyalty.membership"

    def action_pin_tier(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pin the Tier"),
            "res_model": "loyalty.pin.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_membership_id": self.id,
                "default_tier_id": self.tier_id.id,
            },
        }

    def action_unpin_tier(self):
        self._pin_tier(self.env["loyalty.tier"])

    def _pin_tier(self, tier, until=False, reason=False):
        """Pin members to a tier, or with an empty one leave it to the rules.

        :param until: last day of the pin, empty for without end
        """
        if not self:
            return
        self._check_pin(tier, until)
        # nobody may write memberships, or tiers could be made up; a manager whom
        # _check_pin let through changes the pin and the tier, nothing else
        for member in self.sudo():
            before, after = member.tier_id, tier or member.earned_tier_id
            member.write(
                {
                    "pinned_tier_id": tier.id,
                    "pinned_until": until,
                    "pin_reason": reason if tier else False,
                    "tier_id": after.id,
                }
            )
            if before == after:
                continue
            member._record_pin(before, after, reason)
            member.flush_recordset()  # what follows is SQL
            self.env["loyalty.engine"].sudo()._change_tags(
                member.program_id, member.company_id, member.partner_id.ids
            )
        self.flush_recordset()
        self.env["loyalty.tier"]._forget_held()
        for company, members in self.sudo().grouped("company_id").items():
            self.env["loyalty.engine"].sudo()._show_on_profiles(
                company, members.partner_id.ids
            )
            self.env["lifecycle.dirty"]._mark(members.partner_id.ids, company.ids)

    def _record_pin(self, before, after, reason):
        """This transition says truly who moved the member, and to where."""
        profile = self.env["lifecycle.profile"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        self.env["lifecycle.transition"].create(
            {
                "profile_id": profile.id,
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "kind": "tier",
                "date": self.company_id._get_lifecycle_today(),
                "from_tier_id": before.id,
                "to_tier_id": after.id,
                "loyalty_program_id": self.program_id.id,
                "cause": "manual",
                "revenue_total": profile.revenue_total,
                "note": reason,
                "user_id": self.env.uid,
            }
        )

    def _check_pin(self, tier, until):
        """Refuse who may not pin, and a pin that would make no sense."""
        manager = "lifecycle_crm.group_lifecycle_manager"
        if not self.env.su and not self.env.user.has_group(manager):
            raise AccessError(
                self.env._("Only a lifecycle manager can pin members to a tier.")
            )
        self.check_access("read")
        # the day of the members' companies: read just before with the user's rights
        days = self.sudo().company_id.mapped(lambda c: c._get_lifecycle_today())
        if until and until < max(days, default=fields.Date.today()):
            raise UserError(
                self.env._(
                    "Last Day: %s has passed. Choose today or a later day, or none "
                    "for a pin without end.",
                    format_date(self.env, until),
                )
            )
        if not tier:
            return
        if self.sudo().program_id != tier.sudo().program_id:  # only compared
            raise UserError(
                self.env._(
                    "Tier: it belongs to another programme than the membership. Choose "
                    "a tier of the same programme."
                )
            )
        if not tier.active:
            raise UserError(
                self.env._(
                    "Tier: “%s” is archived. Choose another one, or unarchive it "
                    "first.",
                    tier.name,
                )
            )
