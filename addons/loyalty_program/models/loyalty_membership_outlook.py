"""Where a member is heading: what lists are filtered by, and the bar of the board."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Of the way to the next tier, in percent; days before the end of a tier.
_NEAR = 80
_ENDING_DAYS = 60


class LoyaltyMembership(models.Model):
    _inherit = "loyalty.membership"

    outlook = fields.Selection(
        [
            ("near", "Nearly at the next tier"),
            ("steady", "Steady"),
            ("ending", "About to lose the tier"),
        ],
        compute="_compute_outlook",
        search="_search_outlook",
        help="Nearly at the next tier: at least 80 % of the way. About to lose the "
        "tier: it ends within 60 days and is not earned again yet. Steady: neither.",
    )

    @api.depends(
        "valid_until", "keep_missing", "progress", "missing", "pinned_tier_id"
    )  # fmt: skip
    def _compute_outlook(self):
        ending = self.filtered_domain(self._get_outlook_domain("ending"))
        near = self.filtered_domain(self._get_outlook_domain("near"))
        self.outlook = "steady"
        near.outlook = "near"
        ending.outlook = "ending"

    def _search_outlook(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._get_outlook_domain(kind) for kind in value)

    @api.model
    def _get_outlook_domain(self, kind):
        """Each member is of exactly one kind; who loses a tier is not nearly there."""
        last = fields.Date.context_today(self) + timedelta(days=_ENDING_DAYS)
        ending = Domain(
            [
                ("valid_until", "<=", last),
                ("keep_missing", ">", 0),
                ("pinned_tier_id", "=", False),
            ]
        )
        near = Domain([("progress", ">=", _NEAR), ("missing", ">", 0)])
        match kind:
            case "ending":
                return ending
            case "near":
                return near & ~ending
            case "steady":
                return ~near & ~ending
        return Domain.FALSE

    def _field_to_sql(self, alias, field_expr, query=None):
        """The board counts the members of each kind, column by column."""
        if field_expr != "outlook":
            return super()._field_to_sql(alias, field_expr, query)
        last = fields.Date.context_today(self) + timedelta(days=_ENDING_DAYS)

        def column(name):
            return self._field_to_sql(alias, name, query)

        return SQL(
            """CASE WHEN %s <= %s AND %s > 0 AND %s IS NULL THEN 'ending'
                WHEN %s >= %s AND %s > 0 THEN 'near' ELSE 'steady' END""",
            column("valid_until"),
            last,
            column("keep_missing"),
            column("pinned_tier_id"),
            column("progress"),
            _NEAR,
            column("missing"),
        )
