from odoo import api, fields, models
from odoo.exceptions import ValidationError

_MAX_HORIZON = 365
# A change of one of these needs another model.
_TRAINING_FIELDS = (
    "churn_horizon_auto",
    "churn_horizon_days",
    "churn_clv_months",
    "churn_discount_rate",
)
# A change of one of these moves customers to another band.
_BAND_FIELDS = ("churn_bands_auto", "churn_cut_medium", "churn_cut_high")


class ResCompany(models.Model):
    _inherit = "res.company"

    churn_horizon_auto = fields.Boolean(
        string="Find the churn horizon from purchase history",
        default=True,
        help="On: the time within which nine of ten repeat purchases come, rounded to "
        "30, 60, 90, 180 or 365 days.",
        groups="base.group_user",
        tracking=True,
    )
    churn_horizon_days = fields.Integer(
        string="Churn Horizon (days)",
        default=90,
        required=True,
        help="The churn probability is the probability of no order within so many "
        "days from today.",
        groups="base.group_user",
        tracking=True,
    )
    churn_clv_months = fields.Selection(
        [("12", "12 months"), ("24", "24 months"), ("36", "36 months")],
        string="Expected Value Of",
        default="12",
        required=True,
        help="The expected value of a customer is what it will bring within these "
        "months. The ranking of the customers is nearly the same for all of them; the "
        "farther ahead, the wider the interval.",
        groups="base.group_user",
        tracking=True,
    )
    churn_discount_rate = fields.Float(
        string="Discount Rate (% a year)",
        default=0.0,
        help="By how much money that comes in a year is worth less than money today. "
        "0: what will come is added up as it is, which can be compared with the "
        "revenue that came.",
        groups="base.group_user",
        tracking=True,
    )
    churn_bands_auto = fields.Boolean(
        string="Find the risk bands from the customers themselves",
        default=True,
        help="On: of the customers who have not lapsed, the fifth with the highest "
        "churn probability is at high risk, the next three tenths at medium risk. "
        "Found with each training.",
        groups="base.group_user",
        tracking=True,
    )
    churn_cut_medium = fields.Float(
        string="Medium Risk From (%)",
        default=50.0,
        help="Churn probability in percent from which the risk is medium.",
        groups="base.group_user",
        tracking=True,
    )
    churn_cut_high = fields.Float(
        string="High Risk From (%)",
        default=80.0,
        help="Churn probability in percent from which the risk is high.",
        groups="base.group_user",
        tracking=True,
    )
    churn_retrain_weekly = fields.Boolean(
        string="Train the churn model every week",
        default=True,
        help="Off: the model stays as it is until somebody presses “Train Now”. The "
        "scores are computed every night in either case.",
        groups="base.group_user",
        tracking=True,
    )

    @api.constrains("churn_horizon_days")
    def _check_churn_horizon(self):
        for company in self:
            if not 1 <= company.churn_horizon_days <= _MAX_HORIZON:
                raise ValidationError(
                    self.env._(
                        "%(field)s is %(value)s. Enter a whole number from 1 to "
                        "%(limit)s.",
                        field=self._get_churn_label("churn_horizon_days"),
                        value=company.churn_horizon_days,
                        limit=_MAX_HORIZON,
                    )
                )

    @api.constrains("churn_discount_rate")
    def _check_churn_discount_rate(self):
        for company in self:
            if not 0 <= company.churn_discount_rate <= 100:
                raise ValidationError(
                    self.env._(
                        "%(field)s is %(value)s. Enter a percentage from 0 to 100.",
                        field=self._get_churn_label("churn_discount_rate"),
                        value=company.churn_discount_rate,
                    )
                )

    @api.constrains("churn_cut_medium", "churn_cut_high")
    def _check_churn_cuts(self):
        for company in self:
            for name in ("churn_cut_medium", "churn_cut_high"):
                if not 0 < company[name] < 100:
                    raise ValidationError(
                        self.env._(
                            "%(field)s is %(value)s. Enter a percentage between 0 and "
                            "100.",
                            field=self._get_churn_label(name),
                            value=company[name],
                        )
                    )
            if company.churn_cut_medium >= company.churn_cut_high:
                raise ValidationError(
                    self.env._(
                        "%(medium)s is %(low)s, %(high)s is %(top)s. The risk must "
                        "become high later than it becomes medium: enter a smaller "
                        "number for the first, or a larger one for the second.",
                        medium=self._get_churn_label("churn_cut_medium"),
                        low=company.churn_cut_medium,
                        high=self._get_churn_label("churn_cut_high"),
                        top=company.churn_cut_high,
                    )
                )

    @api.model
    def _get_churn_label(self, name):
        return self._fields[name]._description_string(self.env)

    def write(self, vals):
        changed = {
            names: self.filtered(
                lambda company, names=names: any(
                    name in vals and company[name] != vals[name] for name in names
                )
            )
            for names in (_TRAINING_FIELDS, _BAND_FIELDS)
        }
        result = super().write(vals)
        self.env["churn.model"]._request(changed[_TRAINING_FIELDS], "settings")
        self.env["lifecycle.run"]._request(
            changed[_BAND_FIELDS], reason="rules", quiet=True, full=False
        )
        return result

    def unlink(self):
        company_ids = self.ids
        result = super().unlink()
        # the kept predictions have no foreign keys
        self.env["churn.prediction"]._forget_companies(company_ids)
        return result
