from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_CAPACITY = 200


class ResUsers(models.Model):
    _inherit = "res.users"

    churn_capacity = fields.Integer(
        string="Save List: Customers per Week",
        default=10,
        help="How many customers the save list of this salesperson has each week: as "
        "many as can really be called. 0 for no list, at most 200.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802
        return [*super().SELF_READABLE_FIELDS, "churn_capacity"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802
        return [*super().SELF_WRITEABLE_FIELDS, "churn_capacity"]

    @api.constrains("churn_capacity")
    def _check_churn_capacity(self):
        for user in self:
            if not 0 <= user.churn_capacity <= MAX_CAPACITY:
                raise ValidationError(
                    self.env._(
                        "Save List: Customers per Week of %(user)s is %(number)s. "
                        "Enter a number from 0 (no list) to %(most)s.",
                        user=user.name,
                        number=user.churn_capacity,
                        most=MAX_CAPACITY,
                    )
                )
