from odoo import fields, models


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
