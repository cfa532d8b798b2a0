from odoo import api, models


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    @api.model
    def _get_shipped_refs(self):
        """Why they left is asked with the survey."""
        return {
            **super()._get_shipped_refs(),
            "lifecycle_play.mail_template_ask_why": (
                "lifecycle_play_survey.mail_template_ask_why_survey"
            ),
        }
