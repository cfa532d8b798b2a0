from odoo import api, fields, models
from odoo.tools import SQL


class LifecyclePlayEnrollment(models.Model):
    _inherit = "lifecycle.play.enrollment"

    source = fields.Selection(
        selection_add=[("cart", "Cart"), ("hand",)],
        ondelete={"cart": lambda ways: ways._leave_carts_to_hand()},
    )
    cart_id = fields.Many2one(
        "sale.order",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The cart in the web shop that let the customer in.",
    )

    @api.model
    def _selection_stop_reason(self):
        return [
            *super()._selection_stop_reason(),
            ("cart", self.env._("No cart waits any more")),
        ]

    def _leave_carts_to_hand(self):
        """The addon goes; the ways of customers stay told."""
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_play_enrollment SET source = 'hand'
                WHERE id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_model(["source"], flush=False)

    # -- for templates ---------------------------------------------------------------

    def _get_cart_contact(self):
        """Who filled the cart, else the customer."""
        self.ensure_one()
        # the play writes to its customers, whoever may see the order
        return self.cart_id.sudo().partner_id or self.partner_id

    def _get_cart_url(self):
        """The way back to the cart, also for who is not logged in."""
        self.ensure_one()
        cart = self.cart_id.sudo()  # as above
        if not cart:
            return f"{self.get_base_url()}/shop"
        token = cart._portal_ensure_token()
        return f"{cart.get_base_url()}/shop/cart?id={cart.id}&access_token={token}"
