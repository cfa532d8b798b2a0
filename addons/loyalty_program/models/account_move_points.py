from odoo import models


class AccountMove(models.Model):
    """Credit notes take points back; invoices that are paid give cashback."""

    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._settle_loyalty()
        return result

    def _settle_loyalty(self):
        """Bring points to what was returned, after documents were posted or taken back.

        An invoice matters where something of its orders was credited before: it may
        make up for that.
        """
        # who keeps the books has no rights on loyalty, and needs none: what a credit
        # note does to points follows from the note alone
        ledger = self.env["loyalty.ledger"].sudo()
        for move in self.sudo():
            if not move.is_sale_document(include_receipts=True):
                continue
            if move.move_type == "out_invoice":
                # put back to draft or cancelled it is not paid any more; posted again
                # it may be so at once, its payment was kept
                ledger._settle_cashback(move)
            billed = move | move.reversed_entry_id
            orders = billed.line_ids.sale_line_ids.order_id
            if not orders and move.move_type != "out_refund":
                continue
            if move.move_type == "out_refund" or ledger._has_returns(orders):
                ledger._settle_orders(orders, move)
                ledger._settle_cashback(billed | orders.invoice_ids, move)

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # as above: whoever registers the payment
        self.env["loyalty.ledger"].sudo()._give_cashback(self.sudo())
        return result

    def _get_cashback_customer(self):
        """Whose eWallet is credited: who ordered, where that is one contact."""
        self.ensure_one()
        buyers = self.line_ids.sale_line_ids.order_id.partner_id
        return buyers if len(buyers) == 1 else self.partner_id

    def _get_cashback_amount(self):
        """Untaxed amount that counts, in the currency of the document.

        Topping up an eWallet or buying a gift card is no purchase.
        """
        self.ensure_one()
        payment = self.env["loyalty.program"].with_context(active_test=False)
        topped_up = payment.search(
            [("program_type", "in", ("ewallet", "gift_card"))]
        ).trigger_product_ids
        lines = self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product" and line.product_id not in topped_up
            )
        )
        return sum(lines.mapped("price_subtotal"))
