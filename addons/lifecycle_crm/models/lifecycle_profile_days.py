from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_CENTURY = 36_525  # days


class LifecycleProfile(models.Model):
    """What changes every day for everyone: derived from dates, never stored.

    The rules of stages are easier said in days, and Odoo's rule editor offers no
    relative dates for "before" and "after".
    """

    _inherit = "lifecycle.profile"

    days_since_order = fields.Integer(
        string="Days Since Last Order",
        compute="_compute_days",
        search="_search_days_since_order",
        help="Days from the last purchase to today.",
    )
    days_at_risk = fields.Integer(
        compute="_compute_days",
        search="_search_days_at_risk",
        help="Days since the customer is at risk: 0 on the first day. Below 0: "
        "days that are left until then.",
    )
    days_lapsed = fields.Integer(
        compute="_compute_days",
        search="_search_days_lapsed",
        help="Days since the customer has lapsed: 0 on the first day. Below 0: "
        "days that are left until then.",
    )
    days_since_comeback = fields.Integer(
        compute="_compute_days",
        search="_search_days_since_comeback",
        help="Days since the purchase that came after the customer had lapsed.",
    )

    @api.model
    def _get_days_fields(self):
        """{field in days: the date that it counts from}"""
        return {
            "days_since_order": "last_order_date",
            "days_at_risk": "at_risk_date",
            "days_lapsed": "lapse_date",
            "days_since_comeback": "won_back_date",
        }

    @api.model
    def _get_days_base(self):
        """The day that counts as today; a run for a past day puts it in place."""
        day = self.env.context.get("lifecycle_as_of")
        if isinstance(day, date):  # what a client says is text
            return day
        return self.env.company._get_lifecycle_today()

    @api.depends("last_order_date", "at_risk_date", "lapse_date", "won_back_date")
    @api.depends_context("lifecycle_as_of", "company")
    def _compute_days(self):
        today = self._get_days_base()
        for profile in self:
            for name, date_name in self._get_days_fields().items():
                day = profile[date_name]
                profile[name] = (today - day).days if day else 0

    @api.model
    def _search_days_since_order(self, operator, value):
        return self._search_days("last_order_date", operator, value)

    @api.model
    def _search_days_at_risk(self, operator, value):
        return self._search_days("at_risk_date", operator, value)

    @api.model
    def _search_days_lapsed(self, operator, value):
        return self._search_days("lapse_date", operator, value)

    @api.model
    def _search_days_since_comeback(self, operator, value):
        return self._search_days("won_back_date", operator, value)

    @api.model
    def _search_days(self, date_name, operator, value):
        """``today - date OP days`` as a condition on the date.

        Who has no such date never matches.
        """
        today = self._get_days_base()

        def day(number):
            # a century is as good as any time beyond
            return today - timedelta(days=max(-_CENTURY, min(int(number), _CENTURY)))

        if operator == "in":
            return Domain(date_name, "in", [day(number) for number in value])
        mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator)
        if not mirrored:
            return NotImplemented
        return Domain(date_name, mirrored, day(value))
