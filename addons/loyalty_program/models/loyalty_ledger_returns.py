"""Points taken back with what was returned, and given back with it."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..scoring.returns import points_due, settle


class LoyaltyLedger(models.Model):
    _inherit = "loyalty.ledger"

    @api.model
    def _get_settlement(self, entries, shares, **values):
        """What is to be done so that entries are undone by a share.

        :param entries: entries that gave or spent points
        :param shares: share to be undone of each, between 0 and 1, by id of the entry
        :param values: further fields of the new entries
        :return: lists of values of new entries by card
        :raises psycopg2.errors.SerializationFailure: somebody settled it meanwhile
        """
        self._take_turns(entries.card_id)
        done = self._get_done(entries)
        parts = defaultdict(list)
        balances = {}
        # what was spent comes back first: points can be taken of it
        for entry in entries.sorted(lambda entry: (entry.points > 0, entry.id)):
            card = entry.card_id
            if not card:
                continue
            balance = balances.setdefault(card, card.points)
            taken, missed, expired = done[entry.id]
            if entry.points > 0:
                due = points_due(entry.points, shares[entry.id], expired)
                step = settle(due, taken, missed, balance)
            else:
                # in the other direction: what comes back to the customer is not taken
                due = points_due(-entry.points, shares[entry.id])
                step = settle(-due, taken, missed, balance)
            if not (step.take or step.miss or values.get("final")):
                continue
            balances[card] = round(balance - step.take, 6)
            parts[card].append(
                {
                    "kind": "clawback" if step.take > 0 or step.miss > 0 else "reverse",
                    "points": -step.take,
                    "shortfall": step.miss,
                    "source_id": entry.id,
                    "order_id": entry.order_id.id,
                    **values,
                }
            )
        return dict(parts)

    @api.model
    def _take_turns(self, cards):
        """Who settles changes the cards, also where only a shortfall is recorded.

        Two credit notes at once do not see each other; the second waits here, fails,
        is tried again by Odoo, and sees the first.
        """
        if cards:
            cards.flush_recordset(["points"])
            self.env.cr.execute(
                SQL(
                    """UPDATE loyalty_card SET points = points WHERE id IN (
                        SELECT id FROM loyalty_card WHERE id = ANY(%s) ORDER BY id
                        FOR NO KEY UPDATE)""",
                    cards.ids,
                )
            )

    @api.model
    def _get_open(self, orders):
        """Entries that gave or spent points on orders that were not cancelled since."""
        entries = self.search(
            [("order_id", "in", orders.ids), ("kind", "in", ("earn", "redeem"))]
        )
        final = self.search([("source_id", "in", entries.ids), ("final", "=", True)])
        return entries - final.source_id

    @api.model
    def _get_cancellation(self, orders):
        """New entries that undo all that orders did, by card.

        Also of cards of which nothing is left to undo: their list says so.
        """
        entries = self._get_open(orders)
        shares = dict.fromkeys(entries.ids, 1.0)
        return self._get_settlement(
            entries, shares, final=True, note=self.env._("Order cancelled")
        )

    @api.model
    def _settle(self, entries, shares, description, **values):
        """Undo entries by a share, now, and tell it on Odoo's own history, too.

        :param description: what happened, for the history of the card
        """
        settlement = self._get_settlement(entries, shares, **values)
        histories = []
        for card, parts in settlement.items():
            change = round(sum(part["points"] for part in parts), 6)
            reasoned = card._because(parts={card.id: parts})
            # a correction of what the customer has, not an occasion to write to him
            reasoned.with_context(loyalty_no_mail=True).points += change
            if change:
                order = entries.filtered(lambda e, c=card: e.card_id == c).order_id[:1]
                histories.append(
                    {
                        "card_id": card.id,
                        "description": description,
                        "issued": max(0.0, change),
                        "used": max(0.0, -change),
                        "order_model": order._name if order else False,
                        "order_id": order.id,
                    }
                )
        self.env["loyalty.history"].create(histories)
        self._tell_shortfalls(
            [(card, part) for card, parts in settlement.items() for part in parts]
        )

    @api.model
    def _tell_shortfalls(self, parts):
        """Say on the order which points were missing.

        :param parts: pairs of card and values of an entry
        """
        for card, part in parts:
            if part["shortfall"] > 0 and (
                order := self.env["sale.order"].browse(part["order_id"])
            ):
                order.message_post(
                    body=self.env._(
                        "%(missing)s of this order had been spent already and could "
                        "not be taken back from card %(code)s of %(program)s.",
                        missing=card._format_points(part["shortfall"]),
                        code=card.code,
                        program=card.program_id.display_name,
                    )
                )
