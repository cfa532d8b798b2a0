"""Who changed a step, stands in the chatter of its play."""

from odoo import api, models

# What changes nothing of what customers get.
_NOT_TOLD = {"play_id", "sequence", "is_message", "action_id"}


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        for play, own in steps.grouped("play_id").items():
            if play.create_date and play.create_date < self.env.cr.now():
                play._log_steps(self.env._("Steps added: %s", own._get_names()))
        return steps

    def write(self, vals):
        names = [n for n in vals if n in self._fields and n not in _NOT_TOLD]
        before = {step: [step[name] for name in names] for step in self}
        result = super().write(vals)
        for step in self:
            changed = [
                name
                for name, old in zip(names, before[step], strict=True)
                if step[name] != old
            ]
            if changed:
                labels = [
                    self._fields[name]._description_string(self.env) for name in changed
                ]
                step.play_id._log_steps(
                    self.env._(
                        "Step “%(step)s” was changed: %(fields)s",
                        step=step.name,
                        fields=", ".join(labels),
                    )
                )
        return result

    def unlink(self):
        texts = {
            play: self.env._("Steps deleted: %s", own._get_names())
            for play, own in self.grouped("play_id").items()
        }
        result = super().unlink()
        for play, text in texts.items():
            if play.exists():
                play._log_steps(text)
        return result

    def _get_names(self):
        return ", ".join(self.mapped("name"))


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    def _log_steps(self, text):
        """Tell on the play what became of its steps, and by whom."""
        if self.env.context.get("tracking_disable"):
            return
        for play in self:
            play._message_log(body=text)
