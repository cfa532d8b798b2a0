from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_delivery_line_vals(self, carrier, price_unit):
        """The line of the delivery, at no price for members whose tier says so."""
        values = super()._prepare_delivery_line_vals(carrier, price_unit)
        tiers = self.env["loyalty.tier"]
        found = tiers._find_tiers(self.partner_id.ids, self.company_id)
        # terms of trade, given to whoever is served
        held = tiers.sudo().browse(found.get(self.partner_id.id, ()))
        if price_unit and (free := held.filtered("free_delivery")[:1]):
            name = self.env._("Free for members of tier %s", free.name)
            values["delivery_waived"] = values.get("price_unit", price_unit)
            values["price_unit"] = 0
            values["name"] = "\n".join([values.get("name") or "", name]).strip()
        return values
