"""Random invoices that belong to no order."""

from datetime import date, timedelta

from odoo import Command

from .common import TODAY

_FIRST = date(2023, 2, 28)


def scale_price(move, factor):
    """Multiply the price of a move, to an amount of its currency.

    With more decimals the value in another currency would be that of the price, not
    of the amount.
    """
    for line in move.invoice_line_ids:
        line.price_unit = move.currency_id.round(line.price_unit * factor)


class RandomInvoices:
    """Invoices, receipts and credit notes of the customers of a random trade.

    :param trade: a :class:`.random_trade.RandomTrade`, whose chance decides
    """

    def __init__(self, trade):
        self.trade = trade
        self.random = trade.random
        self.env = trade.env
        self.moves = self._create_invoices()
        self._create_credits()

    def _create_invoices(self):
        partners = [*self.trade.partners, *self.trade.contacts]
        values = [
            self._values(partner, day)
            for partner in partners
            for day in self._days(partner in self.trade.contacts)
        ]
        moves = self.env["account.move"].create(values)
        # what is below zero is no invoice
        posted = moves.filtered(lambda move: self.random.random() < 0.85)
        posted.action_post()
        (moves - posted)[::2].button_cancel()
        return posted

    def _days(self, often):
        count = 2 if often else self.random.choice((0, 1, 1, 2, 4))
        day = _FIRST + timedelta(days=self.random.randrange(1100))
        days = [date(2024, 2, 29)] if self.random.random() < 0.1 else []
        for _number in range(count):
            days.append(day)
            # the same day again, a rhythm, a long silence
            day += timedelta(days=self.random.choice((0, 20, 30, 30, 200, 500)))
        return days

    def _values(self, partner, day):
        own = self.trade.company.currency_id
        return {
            "move_type": self.random.choice(
                ("out_invoice",) * 8 + ("out_receipt", "out_refund")
            ),
            "partner_id": partner.id,
            "company_id": self.trade.company.id,
            "currency_id": self.random.choice((own, own, self.trade.eur)).id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": self.trade.case.product.id,
                        "quantity": 1,
                        "price_unit": self.random.choice((100, 100, 49.99, 1200, 0)),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def _create_credits(self):
        invoices = self.moves.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.amount_untaxed > 0
                and move.invoice_date < TODAY
            )
        )
        invoices = invoices.browse(self.random.sample(invoices.ids, 16))
        days = [
            move.invoice_date + timedelta(days=self.random.randrange(400))
            for move in invoices
        ]
        credits = invoices._reverse_moves(
            [{"invoice_date": day, "date": day} for day in days]
        )
        for credit in credits:
            # a part, all, or beyond the invoice
            scale_price(credit, self.random.choice((0.3, 1, 1, 1.5)))
        credits[2:].action_post()
