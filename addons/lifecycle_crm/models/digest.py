from odoo import fields, models
from odoo.exceptions import AccessError

_GROUP = "lifecycle_crm.group_lifecycle_user"
# KPI of the digest: day of the profile that falls into its period.
_DAYS = {
    "kpi_lifecycle_new": "first_order_date",
    "kpi_lifecycle_lapsed": "lapse_date",
    "kpi_lifecycle_won_back": "won_back_date",
}


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_lifecycle_new = fields.Boolean(
        "New Customers", help="Customers whose first purchase was in the period."
    )
    kpi_lifecycle_new_value = fields.Integer(
        "Number of New Customers", compute="_compute_kpi_lifecycle_new_value"
    )
    kpi_lifecycle_lapsed = fields.Boolean(
        "Customers Lapsed",
        help="Customers who came to count as lapsed in the period, and have not "
        "bought since.",
    )
    kpi_lifecycle_lapsed_value = fields.Integer(
        "Number of Customers Lapsed", compute="_compute_kpi_lifecycle_lapsed_value"
    )
    kpi_lifecycle_won_back = fields.Boolean(
        "Customers Won Back",
        help="Customers who bought in the period after they had lapsed.",
    )
    kpi_lifecycle_won_back_value = fields.Integer(
        "Number of Customers Won Back", compute="_compute_kpi_lifecycle_won_back_value"
    )

    def _compute_kpi_lifecycle_new_value(self):
        self._compute_lifecycle_kpi("kpi_lifecycle_new")

    def _compute_kpi_lifecycle_lapsed_value(self):
        self._compute_lifecycle_kpi("kpi_lifecycle_lapsed")

    def _compute_kpi_lifecycle_won_back_value(self):
        self._compute_lifecycle_kpi("kpi_lifecycle_won_back")

    def _compute_lifecycle_kpi(self, name):
        """Count the customers of a KPI.

        :raise AccessError: for who may not read the scores; the digest then leaves
            the figure out of the mail to this user
        """
        if not self.env.user.has_group(_GROUP):
            raise AccessError(
                self.env._("Do not have access, skip this data for user's digest email")
            )
        self._calculate_company_based_kpi(
            "lifecycle.profile", f"{name}_value", date_field=_DAYS[name]
        )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("lifecycle_crm.menu_lifecycle_root").id
        action = f"lifecycle_crm.action_lifecycle_profile?menu_id={menu}"
        return {**actions, **dict.fromkeys(_DAYS, action)}
