"""What was invoiced and credited of the orders that gave points."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..scoring.returns import Trade


class LoyaltyLedger(models.Model):
    _inherit = "loyalty.ledger"

    @api.model
    def _settle_orders(self, orders, move=None):
        """Bring the points of orders to what their credit notes leave of them.

        :param orders: orders of any company
        :param move: the document that was posted or taken back, for the entries
        """
        entries = self._get_open(orders)
        if not entries:
            return
        trades = self._get_trades(entries)
        for order in entries.order_id:
            mine = entries.filtered(lambda entry, order=order: entry.order_id == order)
            self._settle(
                mine,
                {entry.id: trades[entry.id].returned_share for entry in mine},
                self._describe_return(order, move),
                move_id=move.id if move else False,
                note=self._describe_return(order, move),
            )

    @api.model
    def _describe_return(self, order, move):
        if move and move.move_type == "out_refund":
            return self.env._(
                "Order %(order)s, credit note %(note)s",
                order=order.name,
                note=move.name,
            )
        return self.env._("Order %s", order.name)

    @api.model
    def _get_trades(self, entries):
        """What became of the order lines that each entry was made for.

        :return: :class:`Trade` by id of the entry
        """
        moved = self._read_moved(entries.order_id)
        trades = {}
        for entry in entries:
            lines = self._get_base_lines(entry)
            base = entry.base_amount or sum(lines.mapped("price_subtotal"))
            # a product given free of charge is counted in pieces
            measure = 1 if abs(base) > 0.005 else 0
            if not measure:
                base = sum(lines.mapped("product_uom_qty"))
            sign = -1 if base < 0 else 1
            sums = defaultdict(float)
            for line in lines:
                for what, created, amounts in moved[line.id]:
                    if what == "refunded" and created < entry.recorded:
                        what = "refunded_before"
                    sums[what] += sign * amounts[measure]
            trades[entry.id] = Trade(abs(base), **sums)
        return trades

    @api.model
    def _get_base_lines(self, entry):
        """The order lines that an entry was made for, those that are still there."""
        if entry.base_line_ids:
            return (
                self.env["sale.order.line"]
                .browse(entry.base_line_ids)
                .exists()
                .filtered(lambda line: line.order_id == entry.order_id)
            )
        if entry.points < 0:
            return entry.order_id.order_line.filtered(
                lambda line: line.reward_id and line.coupon_id == entry.card_id
            )
        return entry.order_id._get_points_lines(entry.program_id)

    @api.model
    def _read_moved(self, orders):
        """Posted invoices and credit notes of order lines.

        :return: triples by id of the order line: ``invoiced`` or ``refunded``, when
            the document was created, and the pair of quantity and untaxed amount in
            the currency of the order
        """
        moved = defaultdict(list)
        lines = self.env["sale.order.line"]
        moves = self.env["account.move"]
        rows = self._query_moved(orders) + self._query_loose_refunds(orders)
        for line_id, move_id, quantity, amount in rows:
            order = lines.browse(line_id).order_id
            move = moves.browse(move_id)
            if move.currency_id != order.currency_id:
                amount = move.currency_id._convert(
                    amount,
                    order.currency_id,
                    move.company_id,
                    move.invoice_date or move.date,
                    round=False,
                )
            what = "refunded" if move.move_type == "out_refund" else "invoiced"
            if what == "invoiced" and quantity < 0:  # credited on an invoice
                what, quantity, amount = "refunded", -quantity, -amount
            moved[line_id].append((what, move.create_date, (quantity, amount)))
        return moved

    @api.model
    def _query_moved(self, orders):
        """Rows of order line, move, quantity and amount in its own currency."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT sol.id, m.id, l.quantity, l.price_subtotal
                FROM sale_order_line sol
                JOIN sale_order_line_invoice_rel r ON r.order_line_id = sol.id
                JOIN account_move_line l ON l.id = r.invoice_line_id
                JOIN account_move m ON m.id = l.move_id
                WHERE sol.order_id = ANY(%s) AND m.state = 'posted'
                  AND m.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                  AND sol.is_downpayment IS NOT TRUE""",
                orders.ids,
            )
        )

    @api.model
    def _query_loose_refunds(self, orders):
        """The same for lines of credit notes that name no order line: they are spread
        over what the invoice that is credited had billed.
        """
        return self.env.execute_query(
            SQL(
                """WITH billed AS (
                    SELECT sol.id AS line_id, sol.order_id, l.move_id, l.quantity,
                        l.price_subtotal AS amount
                    FROM sale_order_line sol
                    JOIN sale_order_line_invoice_rel r ON r.order_line_id = sol.id
                    JOIN account_move_line l ON l.id = r.invoice_line_id
                    JOIN account_move m ON m.id = l.move_id
                    WHERE sol.order_id = ANY(%s) AND m.state = 'posted'
                      AND m.move_type IN ('out_invoice', 'out_receipt')
                      AND sol.is_downpayment IS NOT TRUE AND l.price_subtotal <> 0
                ), loose AS (
                    SELECT m.id, m.reversed_entry_id, SUM(l.price_subtotal) AS amount
                    FROM account_move m
                    JOIN account_move_line l ON l.move_id = m.id
                    WHERE m.reversed_entry_id IN (SELECT move_id FROM billed)
                      AND m.state = 'posted' AND m.move_type = 'out_refund'
                      AND l.display_type = 'product' AND NOT EXISTS (
                        SELECT FROM sale_order_line_invoice_rel r
                        WHERE r.invoice_line_id = l.id)
                    GROUP BY m.id
                ), totals AS (
                    SELECT l.move_id, SUM(l.price_subtotal) AS amount
                    FROM account_move_line l
                    WHERE l.move_id IN (SELECT reversed_entry_id FROM loose)
                      AND l.display_type = 'product'
                    GROUP BY l.move_id
                )
                SELECT b.line_id, loose.id, b.quantity * loose.amount / t.amount,
                    b.amount * loose.amount / t.amount
                FROM billed b
                JOIN loose ON loose.reversed_entry_id = b.move_id
                JOIN totals t ON t.move_id = b.move_id AND t.amount > 0""",
                orders.ids,
            )
        )
