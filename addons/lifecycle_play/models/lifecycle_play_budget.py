"""What the messages of a play may cost."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    spent = fields.Monetary(
        compute="_compute_spent",
        help="Messages that were sent, at what one costs now.",
    )

    @api.constrains("budget", "cost_per_contact")
    def _check_budget(self):
        for play in self:
            for name in ("budget", "cost_per_contact"):
                if play[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: it is %(value)s. Enter an amount from 0.",
                            field=self._fields[name]._description_string(self.env),
                            value=play[name],
                        )
                    )

    @api.depends("cost_per_contact")
    def _compute_spent(self):
        groups = self.env["lifecycle.play.execution"]._read_group(
            [
                ("play_id", "in", self.ids),
                ("state", "=", "done"),
                ("step_id.is_message", "=", True),
            ],
            ["play_id"],
            ["__count"],
        )
        counts = {play.id: count for play, count in groups}
        for play in self:
            play.spent = counts.get(play.id, 0) * play.cost_per_contact

    def _count_affordable(self):
        """Messages that the budget still allows, None for any number."""
        self.ensure_one()
        if not self.budget or not self.cost_per_contact:
            return None
        self.invalidate_recordset(["spent"])
        left = self.budget - self.spent
        # a whole number of messages, whatever floats make of their price
        return max(0, int(left / self.cost_per_contact + 1e-6))
