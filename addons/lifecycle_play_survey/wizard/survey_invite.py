from odoo import models
from odoo.tools import email_split

from odoo.addons.lifecycle_play.models.lifecycle_gate import GateToken


class SurveyInvite(models.TransientModel):
    _inherit = "survey.invite"

    def action_invite(self):
        """An invitation of many is a mass message, one of a single contact a letter."""
        count = len(self.partner_ids) + len(email_split(self.emails or ""))
        if count < 2 or self.env["lifecycle.gate"]._get_token():
            return super().action_invite()
        # each survey is a message of its own
        token = GateToken(source="hand", key=f"survey.survey,{self.survey_id.id}")
        wizard = self.with_context(lifecycle_gate=token)
        return super(SurveyInvite, wizard).action_invite()
