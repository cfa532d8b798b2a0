from odoo import fields, models


class LifecyclePlayStart(models.TransientModel):
    """What somebody should have read before a play starts."""

    _name = "lifecycle.play.start"
    _description = "Start a Play"

    play_id = fields.Many2one("lifecycle.play", required=True, readonly=True)
    warning = fields.Text(readonly=True)

    def action_start(self):
        self.ensure_one()
        self.play_id.check_access("write")
        self.play_id._start()
        return {"type": "ir.actions.act_window_close"}
