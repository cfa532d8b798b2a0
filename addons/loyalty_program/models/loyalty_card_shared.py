"""One card per company: contacts of a company collect on, and spend from, its card."""

from odoo import api, models
from odoo.fields import Domain

OWNER_KEY = "loyalty_card_owner"


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._set_owner(vals, vals.get("program_id"))
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("partner_id"):
            shared = self.filtered("program_id.card_per_company")
            if shared and shared != self:
                super(LoyaltyCard, self - shared).write(vals)
                return super(LoyaltyCard, shared).write(
                    self._set_owner(dict(vals), shared[:1].program_id.id)
                )
            if shared:
                vals = self._set_owner(dict(vals), shared[:1].program_id.id)
        return super().write(vals)

    @api.model
    def _set_owner(self, vals, program_id):
        """The company of a contact owns its card where the programme says so."""
        program = self.env["loyalty.program"].browse(program_id)
        if vals.get("partner_id") and program.sudo().card_per_company:
            partner = self.env["res.partner"].browse(vals["partner_id"])
            # whose card it is, whether or not the user may open the company
            vals["partner_id"] = partner.sudo().commercial_partner_id.id
        return vals

    @api.model
    def _search(self, domain, *args, **kwargs):
        """While an order of a contact is worked on, the card of its company stands
        for its own, in programmes with one card per company.
        """
        partner_id, owner_id = self.env.context.get(OWNER_KEY) or (None, None)
        if partner_id:
            own = Domain("partner_id", "=", partner_id) & Domain(
                "program_id.card_per_company", "=", False
            )
            shared = Domain("partner_id", "=", owner_id) & Domain(
                "program_id.card_per_company", "=", True
            )

            def widen(condition):
                if condition.field_expr == "partner_id" and condition.operator in (
                    "=",
                    "in",
                ):
                    value = condition.value
                    ids = [value] if isinstance(value, int) else list(value or ())
                    if ids == [partner_id]:
                        return own | shared
                return condition

            domain = Domain(domain).map_conditions(widen)
        return super()._search(domain, *args, **kwargs)
