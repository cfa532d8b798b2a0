"""The model in use says on its card what became of the trainings after it."""

from odoo import api, fields, models
from odoo.tools import format_date


class ChurnModel(models.Model):
    _inherit = "churn.model"

    later_id = fields.Many2one(
        "churn.model",
        string="Later Training",
        compute="_compute_later",
        help="The last training of the company, where this model stays in use.",
    )
    later_text = fields.Char(
        string="What Became of It",
        compute="_compute_later",
        help="Whether the later training waits, failed, or is not used.",
    )

    @api.depends("state", "company_id")
    @api.depends_context("lang")
    def _compute_later(self):
        in_use = self.filtered(lambda model: model.state == "active")
        last = self._get_last_of(in_use.company_id, [])
        for model in self:
            later = last[model.company_id] if model in in_use else self.browse()
            model.later_text = later != model and later._say_outcome()
            model.later_id = later if model.later_text else False

    def _say_outcome(self):
        """What a training that put no model into use came to; False for others."""
        day = format_date(self.env, self.as_of) if self.as_of else ""
        return {
            "pending": self.env._(
                "A new training waits. These figures stay until it is done."
            ),
            "running": self.env._(
                "A new training is under way. These figures stay until it is done."
            ),
            "failed": self.env._(
                "The training of %(day)s failed. This model goes on.", day=day
            ),
            "vetoed": self.env._(
                "The model trained on %(day)s is not used: the past of the company "
                "speaks against it. This one goes on.",
                day=day,
            ),
        }.get(self.state, False)

    def action_open_later(self):
        """Open the later training, with what went wrong."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "churn.model",
            "res_id": self.later_id.id,
            "views": [(False, "form")],
        }
