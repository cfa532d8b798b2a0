from odoo import fields, models


class MailActivity(models.Model):
    """Activities of one company on a contact that several companies share."""

    _inherit = "mail.activity"

    lifecycle_company_id = fields.Many2one(
        "res.company",
        string="Activity of",
        readonly=True,
        ondelete="cascade",
        help="Only who works for this company, or is to do it, sees the activity. "
        "Empty: whoever sees the record does.",
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        """What was done stays as hidden from other companies as it was planned."""
        by_company = self.sudo().grouped("lifecycle_company_id")
        if not any(by_company):
            return super()._action_done(feedback, attachment_ids)
        messages, planned = self.env["mail.message"], self.browse()
        for company, activities in by_company.items():
            done, following = super(
                MailActivity, activities.sudo(self.env.su)
            )._action_done(feedback, attachment_ids)
            messages, planned = messages | done, planned | following
            if company:  # of the note that was just made
                done.sudo().lifecycle_company_id = company
                done.flush_recordset(["lifecycle_company_id"])
                following.sudo().lifecycle_company_id = company
        return messages, planned
