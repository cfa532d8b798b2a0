from odoo import api, models


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    @api.model
    def _get_shipped_refs(self):
        """The offer to win back comes with a coupon."""
        return {
            **super()._get_shipped_refs(),
            "lifecycle_play.mail_template_win_back_offer": (
                "lifecycle_play_loyalty.mail_template_win_back_coupon"
            ),
        }
