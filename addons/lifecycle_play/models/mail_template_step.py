from odoo import models
from odoo.exceptions import UserError


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def write(self, vals):
        """A template of a running play must stay one that can be filled in."""
        result = super().write(vals)
        # whether a play needs it, not which customers
        steps = self.env["lifecycle.play.step"].sudo()
        for step in steps.search(
            [("template_id", "in", self.ids), ("play_id.state", "=", "running")]
        ):
            if problems := step._find_template_problems():
                raise UserError(
                    self.env._("The play “%s” is running.", step.play_id.name)
                    + "".join(f"\n• {problem}" for problem in problems)
                )
        return result
