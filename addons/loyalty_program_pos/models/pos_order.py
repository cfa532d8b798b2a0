"""Points of an order as its customer's tier gives them, booked with their reason."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL, float_compare, float_round

from odoo.addons.loyalty_program.models.loyalty_card_ledger import KEY, Reason

_DIGITS = 2


class PosOrder(models.Model):
    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        """Book the points of the order.

        The screen says by what it multiplied them.  A multiplier that the customer
        has, or had when the order was made, holds: it was told, maybe while the shop
        was offline.  Any other is replaced by the one that it has.
        """
        coupon_data = {int(key): dict(data) for key, data in coupon_data.items()}
        multipliers = self._get_pos_multipliers()
        costs = {key: self._get_points_cost(v) for key, v in coupon_data.items()}
        for key, data in coupon_data.items():
            told = data.pop("tier_multiplier", None)
            told = 1.0 if told is None else told
            given = multipliers.get(data["program_id"], [1.0])
            if told <= 0 or any(float_compare(told, m, 3) == 0 for m in given):
                continue
            won = data["points"] + costs[key]
            won = float_round(won / told * given[0], precision_digits=_DIGITS)
            data["points"] = won - costs[key]
        reason = Reason(
            kind="earn",
            parts=self._get_point_parts(coupon_data, costs),
            values=self._get_points_base(),
        )
        order = self.with_context(**{KEY: reason})
        return super(PosOrder, order).confirm_coupon_programs(coupon_data)

    def _get_points_cost(self, data):
        """Points that the rewards on the lines of an entry cost."""
        codes = set(data.get("line_codes") or ())
        lines = self.lines.filtered(lambda line: line.reward_identifier_code in codes)
        return sum(lines.mapped("points_cost"))

    def _get_pos_multipliers(self):
        """What the customer's tiers multiply points by: ``{program id: [number, …]}``.

        The one of now first, then those of the tiers that it left since the order.
        """
        self.ensure_one()
        tiers = self.env["loyalty.tier"]
        perks = tiers._get_perks()
        if not perks or not self.partner_id:
            return {}
        # as everybody, where the customer is no member
        found = {perk.program_id: [] for perk in perks.values()}
        held = tiers._find_tiers(self.partner_id.ids, self.company_id)
        for tier_id in held.get(self.partner_id.id, ()):
            found[perks[tier_id].program_id].append(perks[tier_id].multiplier)
        for numbers in found.values():
            if not numbers:
                numbers.append(1.0)
        for program_id, tier_id in self._find_former_tiers():
            if tier_id is None:
                found.get(program_id, []).append(1.0)
            elif tier_id in perks:
                found[perks[tier_id].program_id].append(perks[tier_id].multiplier)
        return found

    def _find_former_tiers(self):
        """Programmes and tiers that the customer left since the order was made.

        Also what it was before the first tier: no tier.
        """
        day = self.date_order.date() - timedelta(days=1)
        return self.env.execute_query(
            SQL(
                """SELECT COALESCE(f.program_id, t.program_id), f.id
                FROM lifecycle_transition tr
                LEFT JOIN loyalty_tier f ON f.id = tr.from_tier_id
                LEFT JOIN loyalty_tier t ON t.id = tr.to_tier_id
                WHERE tr.kind = 'tier' AND tr.partner_id = %s AND tr.company_id = %s
                  AND tr.date >= %s""",
                self.partner_id.commercial_partner_id.id,
                self.company_id.id,
                day,
            )
        )

    # -- the ledger ----------------------------------------------------------------

    def _get_points_base(self):
        """What points are given and spent for, as fields of the ledger."""
        lines = self._get_points_lines()
        return {
            "res_model": self._name,
            "res_id": self.id,
            "base_amount": sum(lines.mapped("price_subtotal")),
            "base_line_ids": lines.ids,
        }

    def _get_points_lines(self):
        return self.lines.filtered(
            lambda line: not line.is_reward_line and not line.refunded_orderline_id
        )

    def _get_point_parts(self, coupon_data, costs):
        """Entries of the ledger where points are spent, too, by id of the card.

        What is only given is explained by the reason itself.
        """
        base = self._get_points_base()
        parts = {}
        for key, data in coupon_data.items():
            cost = costs[key]
            card_id = key if key > 0 else self._find_points_card(data)
            if not cost or not card_id:
                continue
            parts[card_id] = [{**base, "kind": "redeem", "points": -cost}]
            if won := float_round(data["points"] + cost, precision_digits=_DIGITS):
                parts[card_id].append({**base, "kind": "earn", "points": won})
        return parts

    @api.model
    def _find_points_card(self, data):
        """The card that the booking will use in place of a new one, or none."""
        if not data.get("partner_id"):
            return None
        cards = self.env["loyalty.card"].search(
            [
                ("partner_id", "=", data["partner_id"]),
                ("program_type", "in", ("loyalty", "ewallet")),
                ("program_id", "=", data["program_id"]),
            ]
        )
        return cards[:1].id
