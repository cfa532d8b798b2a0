"""5. The dashboard: a sum over customers, and a part of its own."""

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

# Months ahead that are shown.
_AHEAD = 3


class LifecycleDashboard(models.AbstractModel):
    _inherit = "lifecycle.dashboard"

    @api.model
    def _get_sums(self):
        """Added up with the other amounts, in the same one pass over the profiles."""
        described = self.env["lifecycle.profile"].fields_get(
            ["contract_revenue"], ["string", "help"]
        )
        return {**super()._get_sums(), **described}

    @api.model
    def _get_parts(self, scope):
        parts = super()._get_parts(scope)
        return {**parts, "contracts": self._get_contracts(scope)}

    @api.model
    def _get_contracts(self, scope):
        """Contracts that end in this month and the next ones, by customer.

        :return: list of ``{name, count, value, domain}``
        """
        company = self.env.company
        first = company._get_lifecycle_today()
        last = first.replace(day=1) + relativedelta(months=_AHEAD)
        domain = Domain("company_id", "=", company.id) & scope["owned"]
        domain &= Domain("contract_end_date", ">=", first)
        domain &= Domain("contract_end_date", "<", last)
        groups = self.env["lifecycle.profile"]._read_group(
            domain,
            ["contract_end_date:month"],
            ["__count", "contract_revenue:sum"],
            order="contract_end_date:month",
        )
        return [
            {
                "name": format_date(self.env, month, date_format="LLLL y"),
                "count": count,
                "value": value or 0,
                "domain": [
                    ["contract_end_date", ">=", max(month, first).isoformat()],
                    [
                        "contract_end_date",
                        "<",
                        (month + relativedelta(months=1)).isoformat(),
                    ],
                ],
            }
            for month, count, value in groups
        ]
