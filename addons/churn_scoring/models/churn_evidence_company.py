from odoo import api, fields, models
from odoo.exceptions import ValidationError

_LIMIT = 120


class ResCompany(models.Model):
    _inherit = "res.company"

    churn_evidence_months = fields.Integer(
        string="Keep Evidence (months)",
        default=24,
        required=True,
        help="What happened to a customer is shown for this many months: credit notes, "
        "overdue payments, price rises and the like. The documents stay, of course.",
        groups="base.group_user",
        tracking=True,
    )

    @api.constrains("churn_evidence_months")
    def _check_churn_evidence_months(self):
        for company in self:
            if not 1 <= company.churn_evidence_months <= _LIMIT:
                raise ValidationError(
                    self.env._(
                        "%(field)s is %(value)s. Enter a whole number from 1 to "
                        "%(limit)s.",
                        field=self._fields["churn_evidence_months"]._description_string(
                            self.env
                        ),
                        value=company.churn_evidence_months,
                        limit=_LIMIT,
                    )
                )
