from odoo import api, fields, models
from odoo.exceptions import UserError


class ChurnLossWizard(models.TransientModel):
    _name = "churn.loss.wizard"
    _description = "Record the Loss of Customers"

    profile_ids = fields.Many2many(
        "lifecycle.profile", string="Customers", required=True
    )
    date = fields.Date(
        string="Lost On",
        required=True,
        default=lambda self: self.env.company._get_lifecycle_today(),
        help="Day on which you learned that the customer has left.",
    )
    reason_id = fields.Many2one(
        "churn.reason",
        required=True,
        help="The main reason. If there are several, the one without which the "
        "customer would have stayed.",
    )
    reason_description = fields.Text(related="reason_id.description")
    note = fields.Text(help="What the customer said, in a few words.")

    @api.constrains("profile_ids", "reason_id")
    def _check_choice(self):
        """What is out of reach is not shown either: names are read as superuser."""
        for wizard in self.sudo(False):  # constraints run as superuser
            wizard.profile_ids.check_access("read")
            wizard.reason_id.check_access("read")

    def action_record(self):
        self.ensure_one()
        if not self.profile_ids:
            raise UserError(self.env._("Customers: choose at least one."))
        # who may see the customers may record their loss, and nothing else of it
        self.profile_ids.check_access("read")
        self.env["churn.loss"]._record(
            self.profile_ids, self.reason_id, date=self.date, note=self.note
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._get_notice(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_notice(self):
        if len(self.profile_ids) == 1:
            return self.env._(
                "%(customer)s is recorded as lost: %(reason)s.",
                customer=self.profile_ids.display_name,
                reason=self.reason_id.name,
            )
        return self.env._(
            "%(count)s customers are recorded as lost: %(reason)s.",
            count=len(self.profile_ids),
            reason=self.reason_id.name,
        )
