from dataclasses import dataclass, field

from odoo import api, models

KEY = "loyalty_ledger"
# Ids of the entries of the transaction, as long as it lasts.
NEW = "loyalty_ledger_new"


@dataclass(eq=False)
class Reason:
    """Why points change.

    It stands in the context under :data:`KEY`.  Being an object, no client can put it
    there, and what a client puts there is no reason.

    :ivar kind: of the entry; without one, the sign tells: points of an order that are
        spent, or that come back
    :ivar parts: entries that make up the change, as a dict of lists of values by id of
        the card; what they do not explain is recorded as an adjustment
    :ivar values: further fields of the entry, such as ``order_id`` and ``note``
    :ivar kept: somebody keeps the ledger on his own meanwhile
    """

    kind: str | None = None
    parts: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    kept: bool = False


# For the context of who changes points and moves the entries, too.
KEPT = {KEY: Reason(kept=True)}


class LoyaltyCard(models.Model):
    """Each change of points goes into the ledger, whoever makes it.

    Whoever changes points says why, see :meth:`_because`.
    """

    _inherit = "loyalty.card"

    def _because(self, kind=None, parts=None, **values):
        """These cards, with the :class:`Reason` for the next change of their points."""
        return self.with_context(**{KEY: Reason(kind, parts or {}, values)})

    @api.model
    def _get_reason(self):
        reason = self.env.context.get(KEY)
        return reason if isinstance(reason, Reason) else Reason()

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards._record_changes({})
        return cards

    def write(self, vals):
        if "points" not in vals or self._get_reason().kept:
            return super().write(vals)
        before = {card.id: card.points for card in self}
        result = super().write(vals)
        self._record_changes(before)
        return result

    def _is_in_ledger(self):
        """Whether the points of a card are kept, and not a mark of a single use."""
        self.ensure_one()
        return self.program_id._is_in_ledger()

    def _record_changes(self, before):
        """Write into the ledger what happened to the points of these cards.

        :param before: points by id of the card; 0 for those that are new
        """
        reason = self._get_reason()
        if reason.kept:
            return
        # nobody writes the ledger by hand: what is recorded is what just happened
        ledger = self.env["loyalty.ledger"].sudo()
        vals_list = []
        for card in self.sudo():
            change = round(card.points - before.get(card.id, 0.0), 6)
            parts = reason.parts.get(card.id, [])
            if not (change or parts) or not card._is_in_ledger():
                continue
            rest = round(change - sum(part["points"] for part in parts), 6)
            if rest:
                parts = parts + card._explain(rest, reason, card.id not in before)
            vals_list += [ledger._record(card, **part) for part in parts]
        if not vals_list:
            return
        entries = ledger.create(vals_list)
        # what this transaction may still say more of, see loyalty.history
        self.env.cr.precommit.data.setdefault(NEW, set()).update(entries.ids)
        # orders and invoices mark their customers; a correction by hand does not
        counting = self.filtered(
            lambda card: card.program_id.sudo().tier_measure == "points"
        )
        self.env["lifecycle.dirty"]._mark(counting.partner_id.ids)

    def _explain(self, points, reason, is_new=False):
        """Entries, as values, for a change that comes without its parts.

        :param is_new: the card came with them: those of an order are given by it
        """
        values = dict(reason.values, kind=reason.kind)
        if is_new and self.order_id and not (values["kind"] or values.get("order_id")):
            base = self.order_id._get_points_base(self.program_id)
            values.update(kind="earn", **base)
        if values["kind"] or not values.get("order_id"):
            values["kind"] = values["kind"] or "manual"
            return [{**values, "points": points}]
        if points < 0:
            return [{**values, "kind": "redeem", "points": points}]
        return self._find_spent(points, values)

    def _find_spent(self, points, values):
        """Points of an order come back: which entries they undo."""
        ledger = self.env["loyalty.ledger"].sudo()  # as above
        spent = ledger.search(
            [
                ("card_id", "=", self.id),
                ("order_id", "=", values["order_id"]),
                ("kind", "=", "redeem"),
            ],
            order="id desc",
        )
        done = ledger._get_done(spent)
        open_points = {
            entry: round(-entry.points + done[entry.id][0], 6) for entry in spent
        }
        exact = [entry for entry in spent if open_points[entry] == points]
        parts = []
        for entry in exact[:1] or spent:
            back = min(points, max(0.0, open_points[entry]))
            if back:
                part = {**values, "kind": "reverse", "points": back}
                parts.append({**part, "source_id": entry.id})
                points = round(points - back, 6)
        if points:
            parts.append({**values, "kind": "reverse", "points": points})
        return parts
