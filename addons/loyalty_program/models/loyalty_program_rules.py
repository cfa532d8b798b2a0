"""Changes of what counts for tiers, and what they ask for."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

_RULE_FIELDS = {
    "tier_measure",
    "tier_period",
    "tier_months",
    "tier_event",
    "tier_join",
    "tier_grace_days",
    "tier_downgrade",
    "active",
    "company_id",
    "currency_id",
    "sequence",
    "program_type",
}


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    tier_error = fields.Char(
        string="What Is Wrong With the Tiers",
        readonly=True,
        copy=False,
        help="Why the tiers of this programme are not evaluated.",
    )

    @api.constrains("tier_months", "tier_grace_days", "tier_warn_days")
    def _check_tier_numbers(self):
        limits = {
            "tier_months": (1, 120),
            "tier_grace_days": (0, 366),
            "tier_warn_days": (0, 366),
        }
        for program in self:
            for name, (low, high) in limits.items():
                if not low <= program[name] <= high:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(value)s is out of range. Enter a number from "
                            "%(low)s to %(high)s.",
                            field=self._fields[name]._description_string(self.env),
                            value=program[name],
                            low=low,
                            high=high,
                        )
                    )

    @api.constrains("program_type", "tier_ids")
    def _check_tier_type(self):
        for program in self:
            if program.tier_ids and program.program_type != "loyalty":
                raise ValidationError(
                    self.env._(
                        "Program Type: “%s” has tiers, which only “Loyalty Cards” can "
                        "have. Keep that type, or archive the tiers first.",
                        program.name,
                    )
                )

    def _get_tier_unit(self):
        """Unit of what is counted, in words."""
        if self.tier_measure in ("net_spend", "margin"):
            return self.currency_id.symbol or self.currency_id.name
        if self.tier_measure == "points":
            return self.portal_point_name or self.env._("points")
        return self.env._("orders")

    def write(self, vals):
        moves = bool(vals.keys() & _RULE_FIELDS)
        before = self._get_tier_companies() if moves else self.env["res.company"]
        result = super().write(vals)
        if moves:
            self._request_tier_run(before)
        if "active" in vals:
            self._show_tags()
        return result

    def _show_tags(self):
        """Tags of tiers go with a programme that is archived, and come back with it."""
        self.flush_recordset(["active"])
        self.env["loyalty.membership"].flush_model(["tier_id"])
        engine = self.env["loyalty.engine"]
        for program in self.with_context(active_test=False):
            if not program.sudo().tier_ids.tag_id:  # as the engine: rules of the house
                continue
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT partner_id FROM loyalty_membership
                    WHERE program_id = %s AND tier_id IS NOT NULL""",
                    program.id,
                )
            )
            engine._change_tags(program.sudo(), None, [row[0] for row in rows])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_members(self):
        # whether, not whose: also in companies out of reach
        moves = self.env["lifecycle.transition"].sudo()
        for program in self:
            if moves.search_count([("loyalty_program_id", "=", program.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Programme “%s”: its members changed tiers, and the history "
                        "says so. Archive it instead of deleting it.",
                        program.name,
                    )
                )

    def unlink(self):
        # nobody moved there: who only stands in a tier leaves with the programme
        members = self.env["loyalty.membership"].sudo()
        members.search([("program_id", "in", self.ids)]).unlink()
        return super().unlink()

    def _get_tier_companies(self):
        """Companies whose customers are members of these programmes."""
        # a shared programme concerns every company, also those out of reach
        tiered = self.sudo().filtered(
            lambda p: p.with_context(active_test=False).tier_ids
        )
        companies = self.env["res.company"].sudo()
        if any(not program.company_id for program in tiered):
            # pylint: disable-next=no-search-all
            return companies.search([])
        return companies.search([("id", "child_of", tiered.company_id.ids)])

    def _request_tier_run(self, companies=None):
        """Ask for a quiet run: who moves by a rule did nothing."""
        if self.env.context.get("install_mode"):
            return  # demo data asks for a run itself
        concerned = self._get_tier_companies() | (companies or self.env["res.company"])
        if concerned:
            self.env["lifecycle.run"]._request(
                concerned, reason="rules", quiet=True, full=False
            )
