from odoo import fields, models


class LifecycleMessage(models.Model):
    _inherit = "lifecycle.message"

    source = fields.Selection(
        selection_add=[("mailing", "Mailing")],
        # what was sent stays told
        ondelete={"mailing": lambda messages: messages._forget_mailings()},
    )

    def _forget_mailings(self):
        """Mailings were sent by somebody: the log says so when this addon is gone."""
        self.env.cr.execute(
            "UPDATE lifecycle_message SET source = 'hand' WHERE source = 'mailing'"
        )
        self.invalidate_model(["source"], flush=False)
