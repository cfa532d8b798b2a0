from odoo import models
from odoo.tools import SQL


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    def _make_ways(self, partners):
        """The messages of a dry run are about the carts that there are."""
        ids = super()._make_ways(partners)
        if self.play_id.entry_kind == "cart":
            self.env.cr.execute(
                SQL(
                    """UPDATE lifecycle_play_enrollment way SET cart_id = cart.cart_id
                    FROM (%s) cart
                    WHERE way.id = ANY(%s) AND way.partner_id = cart.partner_id""",
                    self.play_id._select_carts(),
                    ids,
                )
            )
            self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)
        return ids

    def _settle_held(self, rows, reasons):
        """A message to the contact that filled the cart is one to its customer."""
        contacts = self.env["res.partner"].browse(
            {partner_id for _channel, partner_id in reasons}
        )
        customers = {row["partner_id"] for row in rows}
        owners = {
            contact.id: contact.commercial_partner_id.id
            for contact in contacts.exists()
            if contact.id not in customers
        }
        said = {}
        for (channel, partner_id), answers in reasons.items():
            owner = owners.get(partner_id, partner_id)
            said.setdefault((channel, owner), []).extend(answers)
        return super()._settle_held(rows, said)
