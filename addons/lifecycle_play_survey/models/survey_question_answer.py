from odoo import fields, models


class SurveyQuestionAnswer(models.Model):
    _inherit = "survey.question.answer"

    churn_reason_id = fields.Many2one(
        "churn.reason",
        ondelete="set null",
        index="btree_not_null",
        help="A customer who chooses this answer is recorded as lost for this reason.",
    )
