"""A share of what was paid comes back as eWallet credit."""

import math

from odoo import api, fields, models

from ..scoring.returns import EPSILON, Trade

# A credit note that pays the rest of an invoice takes its share, not all.
_SETTLED = ("paid", "in_payment", "reversed")


class LoyaltyLedger(models.Model):
    _inherit = "loyalty.ledger"

    cashback_percent = fields.Float(
        string="Cashback (%)",
        readonly=True,
        digits=(5, 2),
        aggregator=None,
        help="Share of the paid untaxed amount that was given.",
    )
    tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="lifecycle_crm.group_lifecycle_user",
        help="Tier that the cashback was given by; empty where it was that of "
        "everybody.",
    )

    @api.model
    def _has_returns(self, orders):
        """Whether points of orders were taken or given back by documents."""
        domain = [("order_id", "in", orders.ids), ("source_id", "!=", False)]
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _give_cashback(self, invoices):
        """Credit eWallets for invoices that have been paid; once for each."""
        invoices = invoices.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.payment_state in ("paid", "in_payment")
            )
        )
        if not invoices:
            return
        programs = self.env["loyalty.program"]._get_cashback_programs()
        given = self.search(
            [("move_id", "in", invoices.ids), ("kind", "=", "cashback")]
        )
        known = {(entry.move_id, entry.program_id) for entry in given}
        for move in invoices:
            for program in programs:
                if (move, program) not in known and program._is_used_by(
                    move.company_id
                ):
                    self._give_cashback_of(move, program)
        # what was credited before it was paid; a payment that was made again
        self._settle_cashback(invoices)

    @api.model
    def _give_cashback_of(self, move, program):
        partner = move._get_cashback_customer()
        percent, tier = program._get_cashback_rate(partner, move.company_id)
        amount = move._get_cashback_amount()
        if percent <= 0 or amount <= 0:
            return
        rounding = program.currency_id.rounding or 0.01
        points = move.currency_id._convert(
            amount * percent / 100,
            program.currency_id,
            move.company_id,
            move.invoice_date or move.date,
            round=False,
        )
        # down: no more is given than was promised
        points = math.floor(points / rounding + 1e-6) * rounding
        points = program.currency_id.round(points)
        if points <= 0:
            return
        wallet = program._get_member_card(partner)
        note = self.env._(
            "Cashback of %(percent)g%% on %(invoice)s",
            percent=percent,
            invoice=move.name,
        )
        # no message of Odoo's own: those to members pass the gate
        wallet = wallet.with_context(loyalty_no_mail=True)
        wallet._because(
            "cashback",
            move_id=move.id,
            base_amount=amount,
            cashback_percent=percent,
            tier_id=tier.id,
            note=note,
        ).points += points
        self.env["loyalty.history"].create(
            {
                "card_id": wallet.id,
                "description": note,
                "issued": points,
                "used": 0,
                "order_model": move._name,
                "order_id": move.id,
            }
        )

    @api.model
    def _settle_cashback(self, invoices, move=None):
        """Bring the cashback of invoices to what credit notes and payments leave.

        :param invoices: invoices, among them some that gave cashback
        :param move: the document that changed it
        """
        entries = self.search(
            [("move_id", "in", invoices.ids), ("kind", "=", "cashback")]
        )
        for entry in entries:
            share = self._get_cashback_share(entry)
            note = self.env._("Cashback on %s", entry.move_id.name)
            if move and move.move_type == "out_refund":
                note = self.env._(
                    "Cashback on %(invoice)s, credit note %(note)s",
                    invoice=entry.move_id.name,
                    note=move.name,
                )
            document = move or entry.move_id
            self._settle(entry, {entry.id: share}, note, move_id=document.id, note=note)

    @api.model
    def _get_cashback_share(self, entry):
        """Share of an invoice that was credited; all where it is not paid any more."""
        invoice = entry.move_id
        if invoice.state != "posted" or invoice.payment_state not in _SETTLED:
            return 1.0
        notes = self.env["account.move"].search(
            [
                ("state", "=", "posted"),
                ("move_type", "=", "out_refund"),
                "|",
                ("reversed_entry_id", "=", invoice.id),
                "&",
                ("reversed_entry_id", "=", False),
                (
                    "line_ids.sale_line_ids",
                    "in",
                    invoice.line_ids.sale_line_ids.ids,
                ),
            ]
        )
        # posted again for less than what the cashback was given for
        own = invoice._get_cashback_amount()
        refunded = max(0.0, entry.base_amount - own)
        for note in notes:
            amount = note._get_cashback_amount()
            if not note.reversed_entry_id:
                # it names order lines only: shared by the invoices that billed them
                lines = note.line_ids.sale_line_ids
                bills = lines.invoice_lines.move_id.filtered(
                    lambda bill: (
                        bill.state == "posted" and bill.move_type == "out_invoice"
                    )
                )
                billed = sum(bill._get_cashback_amount() for bill in bills)
                amount = amount * own / billed if billed else 0.0
            refunded += note.currency_id._convert(
                amount,
                invoice.currency_id,
                invoice.company_id,
                note.invoice_date or note.date,
                round=False,
            )
        return Trade(
            entry.base_amount, entry.base_amount, refunded=refunded
        ).returned_share

    @api.model
    def _take_unpaid_cashback(self):
        """Cashback of invoices whose payment was taken back since."""
        entries = self.search(
            [
                ("kind", "=", "cashback"),
                ("move_id", "!=", False),
                "|",
                ("move_id.payment_state", "not in", _SETTLED),
                ("move_id.state", "!=", "posted"),
            ]
        )
        # those of former nights have nothing left to take
        done = self._get_done(entries)
        left = entries.filtered(
            lambda entry: entry.points - sum(done[entry.id]) > EPSILON
        )
        self._settle_cashback(left.move_id)
