"""How long what was computed of customers is kept."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

_PREFETCH = "lifecycle"  # as in res_company


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_snapshot_months = fields.Integer(
        string="Keep Snapshots (months)",
        default=36,
        required=True,
        help="How each customer stood is kept for this many months. The monthly "
        "figures of the company are kept for good.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_transition_months = fields.Integer(
        string="Keep Changes (months)",
        default=60,
        required=True,
        help="Changes of stage, segment, risk and tier are deleted when they are "
        "older. 0: they are kept for good. Reports of changes reach back no farther; "
        "where customers stand now does not depend on it.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )

    @api.model
    def _get_retention_limits(self):
        """Months for which something may be kept: ``{field: (lowest, highest)}``.

        Where the lowest is 0, 0 keeps it for good.  An addon adds its own.
        """
        return {
            "lifecycle_snapshot_months": (1, 120),
            "lifecycle_transition_months": (0, 240),
        }

    @api.constrains(lambda self: list(self._get_retention_limits()))
    def _check_lifecycle_retention(self):
        for company in self:
            for name, (low, high) in self._get_retention_limits().items():
                value = company[name]
                if low <= value <= high:
                    continue
                label = self._fields[name]._description_string(self.env)
                values = {"field": label, "value": value, "low": low, "high": high}
                if low:
                    text = self.env._(
                        "%(field)s is %(value)s. Enter a whole number from %(low)s to "
                        "%(high)s.",
                        **values,
                    )
                else:
                    text = self.env._(
                        "%(field)s is %(value)s. Enter a whole number from 0 to "
                        "%(high)s; 0 keeps it for good.",
                        **values,
                    )
                raise ValidationError(text)
