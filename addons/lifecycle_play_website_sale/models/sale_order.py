"""A customer hears of a cart from one side: a play, Odoo's own mail, or a colleague."""

from odoo import models
from odoo.tools import SQL

from .lifecycle_play_cart import FOR_PLAY


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _filter_can_send_abandoned_cart_mail(self):
        """Not to customers to whom a play writes about a cart."""
        carts = super()._filter_can_send_abandoned_cart_mail()
        if not carts or self.env.context.get(FOR_PLAY):
            return carts
        customers = self.env["lifecycle.play"]._find_cart_customers(
            carts.partner_id.commercial_partner_id, self.website_id.company_id
        )
        return carts.filtered(
            lambda cart: cart.partner_id.commercial_partner_id not in customers
        )

    def _leave_plays(self):
        """Somebody writes about these carts: plays need not any more."""
        # whoever writes, the play ends for the customer
        self.env["lifecycle.play"].sudo()._end_ways(
            SQL("e.cart_id = ANY(%s)", self.ids), "cart"
        )

    def _cart_recovery_email_send(self):
        result = super()._cart_recovery_email_send()
        self.filtered("cart_recovery_email_sent")._leave_plays()
        return result

    def _message_mail_after_hook(self, mails):
        if self.env.context.get("website_sale_send_recovery_email"):
            self._leave_plays()
        return super()._message_mail_after_hook(mails)

    def _message_post_after_hook(self, message, msg_vals):
        if self.env.context.get("website_sale_send_recovery_email"):
            self._leave_plays()
        return super()._message_post_after_hook(message, msg_vals)
