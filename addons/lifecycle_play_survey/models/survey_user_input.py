from odoo import fields, models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    lifecycle_company_id = fields.Many2one(
        "res.company",
        string="Asked by",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Company that asked why the customer left.",
    )

    def _mark_done(self):
        result = super()._mark_done()
        for sheet in self.filtered("lifecycle_company_id"):
            sheet._record_churn_reason()
        return result

    def _record_churn_reason(self):
        """What the customer answered is the reason of the loss.

        Who has bought since was not lost, and who never bought was no customer.
        """
        self.ensure_one()
        # the customer answers; what follows is the company's own record
        sheet = self.sudo()
        company = sheet.lifecycle_company_id
        lines = sheet.user_input_line_ids.filtered(lambda line: not line.skipped)
        reason = lines.suggested_answer_id.churn_reason_id.filtered("active")[:1]
        profile = (
            self.env["lifecycle.profile"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "=", sheet.partner_id.commercial_partner_id.id),
                    ("company_id", "=", company.id),
                    ("order_count", ">", 0),
                    ("days_at_risk", ">=", 0),
                ]
            )
        )
        if not reason or not profile:
            return
        texts = (line.value_text_box or line.value_char_box for line in lines)
        note = "\n".join(filter(None, texts))
        self.env["churn.loss"].sudo().with_company(company)._record(
            profile, reason, source="survey", note=note[:2000] or None
        )
