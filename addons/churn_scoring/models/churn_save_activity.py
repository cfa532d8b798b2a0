from odoo import api, fields, models
from odoo.exceptions import AccessError


class MailActivity(models.Model):
    """Planned calls of save lists: seen by who may see the scores, in their company."""

    _inherit = "mail.activity"

    churn_company_id = fields.Many2one(
        "res.company",
        string="Save Call of",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Company whose figures the note carries. Only its salespersons see it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        # after it: a default in the context is no way round
        if not self.env.su and activities.filtered("churn_company_id"):
            self._refuse_churn_company()
        return activities

    def write(self, vals):
        if "churn_company_id" in vals and not self.env.su:
            self._refuse_churn_company()
        return super().write(vals)

    @api.model
    def _refuse_churn_company(self):
        """It decides who sees the note, and keeps customers off the save lists."""
        raise AccessError(
            self.env._(
                "Save Call of: it is set by “Schedule a Call” of a customer, and by "
                "nobody else."
            )
        )

    def _action_done(self, feedback=False, attachment_ids=None):
        calls = self.filtered("churn_company_id")
        if calls:
            # whoever may do the call moves its items, which nobody writes by hand
            items = (
                self.env["churn.save"]
                .sudo()
                .search(
                    [
                        ("activity_id", "in", calls.ids),
                        ("state", "in", ("todo", "contacted", "opportunity")),
                    ]
                )
            )
            items._mark_contacted()
            # the chatter of the contact quotes the note to everybody who sees it
            calls.sudo().note = False
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
