from odoo import models
from odoo.exceptions import UserError


class SmsTemplate(models.Model):
    _inherit = "sms.template"

    def write(self, vals):
        """A template of a running play must stay one that can be filled in.

        Templates of mails are tried by Odoo when they are saved.
        """
        result = super().write(vals)
        # whether a play needs it, not which customers
        steps = self.env["lifecycle.play.step"].sudo()
        for step in steps.search(
            [("sms_template_id", "in", self.ids), ("play_id.state", "=", "running")]
        ):
            if problems := step._find_template_problems():
                raise UserError(
                    self.env._("The play “%s” is running.", step.play_id.name)
                    + "".join(f"\n• {problem}" for problem in problems)
                )
        return result
