"""Asking for a training, opening what it found, and forgetting old ones."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .churn_model import MANAGERS


class ChurnModel(models.Model):
    _inherit = "churn.model"

    @api.model
    def _request(self, companies, reason):
        """Ask for a training of companies; the scheduled action does it soon.

        What waits already is joined.

        :param reason: a value of the field ``reason``
        """
        if not companies or self.env.context.get("lifecycle_no_recompute"):
            return self.browse()
        # settings, runs and imports ask as well, whoever changes or began them
        trainings = self.sudo()
        waiting = trainings.search(
            [("state", "=", "pending"), ("company_id", "in", companies.ids)]
        )
        created = trainings.create(
            [
                {"company_id": company.id, "reason": reason, "user_id": self.env.uid}
                for company in companies - waiting.company_id
            ]
        )
        cron = self.env.ref("churn_scoring.ir_cron_train", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # whoever asks; it runs as superuser anyway
        return self.browse((waiting + created).ids)

    def action_train(self):
        """Button: train the companies of these models, else of the switcher."""
        if not self.env.user.has_group(MANAGERS):
            raise UserError(
                self.env._("Only a lifecycle manager can ask for a training.")
            )
        companies = self.company_id or self.env.companies
        self._request(companies, reason="manual")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The training starts within a minute. The scores follow when it "
                    "is done; until then the present ones stay."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def action_open_card(self):
        """The model by which the customers of the current company are scored.

        Without one: the list, which says what to do.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "churn_scoring.action_churn_model"
        )
        active = self._get_active(self.env.company)
        if active:
            action.update(
                res_id=active.id, view_mode="form", views=[(False, "form")], path=False
            )
        return action

    def action_view_history(self):
        """All trainings of this company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "churn_scoring.action_churn_model"
        )
        return {**action, "domain": [("company_id", "=", self.company_id.id)]}

    @api.autovacuum
    def _gc_models(self):
        """Two years of trainings, and what is in use."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=2)
        ended = [("state", "in", ("superseded", "vetoed", "failed"))]
        self.search([*ended, ("create_date", "<", limit)]).unlink()
        # of what scores nobody any more, the figures are enough
        limit = fields.Datetime.subtract(fields.Datetime.now(), months=1)
        self.search(
            [*ended, ("trees_churn", "!=", False), ("create_date", "<", limit)]
        ).write({"trees_churn": False, "trees_spend": False})
