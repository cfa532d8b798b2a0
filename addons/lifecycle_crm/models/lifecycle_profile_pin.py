from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class LifecycleProfile(models.Model):
    """Pins: a manager puts a customer into a stage, whatever the rules say."""

    _inherit = "lifecycle.profile"

    def action_pin_stage(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pin the Stage"),
            "res_model": "lifecycle.pin.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_profile_id": self.id,
                "default_stage_id": self.stage_id.id,
            },
        }

    def action_unpin_stage(self):
        self._pin_stage(self.env["lifecycle.stage"])

    def _pin_stage(self, stage, until=False, reason=False):
        """Pin customers to a stage, or with an empty one leave it to the rules.

        :param until: last day of the pin, empty for without end
        """
        if not self:
            return
        self._check_pin(stage, until)
        # nobody may write profiles, or scores could be made up; a manager whom
        # _check_pin let through changes the pin and the stage, nothing else
        for profile in self.sudo():
            today = profile.company_id._get_lifecycle_today()
            before = profile.stage_id
            moved = bool(stage) and stage != before
            profile.write(
                {
                    "pinned_stage_id": stage.id,
                    "pinned_until": until,
                    "pinned_date": today if stage else False,
                    "pin_reason": reason,
                    **({"stage_id": stage.id, "stage_date": today} if moved else {}),
                }
            )
            if moved:
                # nor may they create transitions: this one says truly who moved
                # the customer, and to where
                self.env["lifecycle.transition"].sudo().create(
                    {
                        "profile_id": profile.id,
                        "partner_id": profile.partner_id.id,
                        "company_id": profile.company_id.id,
                        "kind": "stage",
                        "date": today,
                        "from_stage_id": before.id,
                        "to_stage_id": stage.id,
                        "cause": "manual",
                        "revenue_total": profile.revenue_total,
                        "note": reason,
                        "user_id": self.env.uid,
                    }
                )
        if not stage:
            # back to where the rules put them
            for company, profiles in self.grouped("company_id").items():
                self.env["lifecycle.dirty"]._mark(profiles.partner_id.ids, company.ids)

    def _check_pin(self, stage, until):
        """Refuse who may not pin, and a pin that would make no sense."""
        manager = "lifecycle_crm.group_lifecycle_manager"
        if not self.env.su and not self.env.user.has_group(manager):
            raise AccessError(
                self.env._("Only a lifecycle manager can pin customers to a stage.")
            )
        self.check_access("read")
        # the day of the customers' companies: read just before with the user's rights
        days = self.sudo().company_id.mapped(lambda c: c._get_lifecycle_today())
        if until and until < max(days):
            raise UserError(
                self.env._(
                    "Last Day: %s has passed. Choose today or a later day, or none "
                    "for a pin without end.",
                    format_date(self.env, until),
                )
            )
        # only compared: a stage of another company is not even named
        stage_company = stage.sudo().company_id
        if stage_company and self.company_id != stage_company:
            raise UserError(
                self.env._(
                    "Stage: it belongs to another company than the customer's "
                    "profile. Choose a stage of the same company or a shared one."
                )
            )
        if stage and not stage.active:
            raise UserError(
                self.env._(
                    "Stage: “%s” is archived. Choose another one, or unarchive it "
                    "first.",
                    stage.name,
                )
            )
