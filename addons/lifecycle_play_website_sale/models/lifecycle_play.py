"""Plays that a cart lets customers in to: how they begin and when they stop."""

from odoo import api, fields, models
from odoo.tools import SQL


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    entry_kind = fields.Selection(
        selection_add=[("cart", "When a cart was left in the web shop"), ("hand",)],
        ondelete={"cart": lambda plays: plays._leave_carts_to_hand()},
    )

    def _leave_carts_to_hand(self):
        """The addon goes: nothing lets customers in by itself any more."""
        self.write({"entry_kind": "hand", "state": "paused"})

    @api.model
    def _get_shipped_files(self):
        return [
            *super()._get_shipped_files(),
            ("lifecycle_play_website_sale", "data/lifecycle_play_data.xml"),
        ]

    def _count_reach(self):
        # who will leave a cart, nobody knows
        return 0 if self.entry_kind == "cart" else super()._count_reach()

    def _get_start_warnings(self):
        warnings = super()._get_start_warnings()
        if self.entry_kind != "cart":
            return warnings
        # settings of the web shop, for who starts a play
        websites = self.env["website"].sudo().search(self._get_website_domain())
        if mailing := websites.filtered("send_abandoned_cart_email"):
            warnings.append(
                self.env._(
                    "%s: Odoo's own mail about carts is on, too. Customers in this "
                    "play do not get it; all others do.",
                    ", ".join(mailing.mapped("name")),
                )
            )
        if not websites:
            warnings.append(
                self.env._(
                    "%s has no website: nobody can leave a cart there.",
                    self.company_id.name,
                )
            )
        return warnings

    def _get_website_domain(self):
        self.ensure_one()
        return [("company_id", "=", self.company_id.id)]

    def _get_stops(self):
        """Also when the cart is bought, whatever else was; or waits no more."""
        stops = super()._get_stops()
        if self.entry_kind != "cart":
            return stops
        bought = SQL(
            """EXISTS (SELECT FROM sale_order cart
                WHERE cart.id = e.cart_id AND cart.state = 'sale')"""
        )
        known = stops.get("purchase", SQL("FALSE"))
        stops["purchase"] = SQL("(%s) OR (%s)", known, bought)
        # one that is being paid is not to be reminded of
        stops["cart"] = SQL(
            """NOT EXISTS (SELECT FROM sale_order cart
                WHERE cart.id = e.cart_id AND cart.state = 'draft'
                AND EXISTS (SELECT FROM sale_order_line line
                    WHERE line.order_id = cart.id)
                AND NOT EXISTS (SELECT FROM sale_order_transaction_rel paid
                    JOIN payment_transaction payment
                        ON payment.id = paid.transaction_id
                    WHERE paid.sale_order_id = cart.id
                    AND payment.state IN ('pending', 'authorized', 'done')))"""
        )
        return stops
