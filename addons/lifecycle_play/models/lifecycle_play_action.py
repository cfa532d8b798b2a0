"""The server action of a step: chosen, or made from a template."""

from odoo import Command, api, models
from odoo.exceptions import ValidationError

_MAKING = ("kind", "template_id", "sms_template_id", "play_id", "name")
_ACTIVITY = (
    "activity_type_id",
    "activity_summary",
    "activity_user_id",
    "activity_days",
)


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._make_action()
        steps._check_running()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {*_MAKING, *_ACTIVITY, "action_id"}:
            self._make_action()
        self._check_running()
        return result

    def copy_data(self, default=None):
        """The copy of a step makes a server action of its own."""
        return [
            {**vals, "action_id": False} if step.kind != "action" else vals
            for step, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.constrains("action_id", "kind")
    def _check_action(self):
        """Steps run as superuser: nobody may choose what they could not run."""
        for step in self.sudo(False):  # constraints run as superuser
            action = step.action_id
            # a step of another kind makes its own, whatever it is given
            if step.kind != "action" or not action or step.env.su:
                continue
            if not action.sudo().lifecycle_play_step and not action.has_access("write"):
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: the server action “%(action)s” is not "
                        "offered to plays. Ask your administrator to tick “Offer in "
                        "Plays” on it.",
                        step=step.name,
                        action=action.sudo().name,
                    )
                )

    def _make_action(self):
        """Keep the server action of a step equal to what the step says."""
        for step in self:
            if step.kind == "action":
                continue
            values = step._get_action_values()
            # it only does what the step says, and the gate stands before it
            action = step.action_id.sudo()
            if not values:
                if action:
                    step.action_id = False
            elif action and action.lifecycle_step_id == step:
                action.write(values)
            else:
                step.action_id = action.create({**values, "lifecycle_step_id": step.id})

    def _get_action_values(self):
        """Values of the server action that a step makes, None where it cannot yet."""
        self.ensure_one()
        template = self.template_id if self.kind == "mail" else self.sms_template_id
        if self.kind == "mail" and template:
            values = {
                "state": "mail_post",
                "mail_post_method": "email",
                "template_id": template.id,
            }
        elif self.kind == "sms" and template:
            values = {
                "state": "sms",
                "sms_method": "sms",
                "sms_template_id": template.id,
            }
        elif self.kind == "activity" and self.activity_type_id:
            return self._get_activity_values()
        else:
            return None
        return {**self._get_common_values(template.model), **values}

    def _get_common_values(self, model):
        managers = self.env.ref("lifecycle_crm.group_lifecycle_manager").sudo()
        return {
            "name": f"{self.play_id.name}: {self.name}",
            # which model it is, is no secret
            "model_id": self.env["ir.model"].sudo()._get_id(model),
            "usage": "ir_actions_server",
            # the scheduled action runs it; else whoever may change a contact could,
            # and Odoo writes a message as superuser
            "group_ids": [Command.set(managers.ids)],
        }

    def _get_activity_values(self):
        """An activity on the contact: for the salesperson, or a certain user."""
        # run by the play for the responsible of each customer
        code = "env['lifecycle.play.step'].browse(%d)._plan_activities(records)"
        return {
            **self._get_common_values("res.partner"),
            "state": "code",
            "code": code % self.id,
        }
