"""Memberships as arrays: as stored, and as they should be."""

from dataclasses import dataclass, field

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.scoring.days import day_number

from .loyalty_sources import EPOCH

NO_ID = -1
NO_DAY = 2**31 - 1
# Numeric columns that are money, points or orders.
_AMOUNTS = (
    "amount",
    "missing",
    "keep_missing",
    "hold_threshold",
    "prior_threshold",
)
_TIERS = ("tier_id", "earned_tier_id", "next_tier_id", "prior_tier_id")
_DAYS = (
    "joined_date",
    "since",
    "valid_until",
    "period_start",
    "hold_start",
    "prior_until",
    "prior_start",
)
COLUMNS = {
    **dict.fromkeys(_TIERS, "tier"),
    **dict.fromkeys(_DAYS, "day"),
    **dict.fromkeys(_AMOUNTS, "amount"),
}
WIDTHS = {"tier": "int4", "day": "int4", "amount": "int8"}
_NO_AMOUNT = -(2**62)
# The number that stands for no value.
NOTHING = {"tier": NO_ID, "day": NO_DAY, "amount": _NO_AMOUNT}


def to_number(name, digits):
    """Expression for the number that stands for a stored value."""
    column = SQL("m.%s", SQL.identifier(name))
    match COLUMNS[name]:
        case "tier":
            return SQL("COALESCE(%s, -1)", column)
        case "day":
            return SQL("COALESCE(%s - %s, %s)::int4", column, EPOCH, NO_DAY)
    return SQL("COALESCE((%s * %s)::int8, %s)", column, 10**digits, _NO_AMOUNT)


def to_value(name, digits):
    """Expression for the value to store of a number of the table ``n``."""
    number = SQL("n.%s", SQL.identifier(name))
    match COLUMNS[name]:
        case "tier":
            return SQL("NULLIF(%s, -1)", number)
        case "day":
            return SQL("%s + NULLIF(%s, %s)", EPOCH, number, NO_DAY)
    return SQL("NULLIF(%s, %s::int8) / %s::numeric", number, _NO_AMOUNT, 10**digits)


@dataclass
class Members:
    """Customers of a programme, by rising ``partner_id``.

    :param stored: columns as stored, ``{name: array}``; of who is new: none
    :param is_new: bool array, who has no membership yet
    :param leaves: bool array, whose membership ends
    :param counted: int array, what counts up to today
    :param pinned: int array of tier ids, -1: no pin today
    :param shown: tiers that profiles show: ids of their customers, rising, and of the
        tiers, -1: none; those with neither a tier nor an order are not among them
    """

    partner_id: np.ndarray
    stored: dict
    is_new: np.ndarray
    leaves: np.ndarray
    joined: np.ndarray
    counted: np.ndarray
    pinned: np.ndarray
    shown: tuple
    standing: object = None
    result: dict = field(default_factory=dict)
    why: np.ndarray = None

    def split(self):
        """Rows of who is new, and of the others."""
        return np.flatnonzero(self.is_new), np.flatnonzero(~self.is_new)

    def set_result(self, standing, why, keep, ladder, today):
        """The columns as they should be, of the standing that was found."""
        ids = np.array([*ladder.ids, NO_ID])
        thresholds = np.append(ladder.rules.thresholds, 0)
        earned = ids[standing.level]
        tier = np.where(self.pinned != NO_ID, self.pinned, earned)
        levels = self.standing_levels(tier, ladder)
        after = levels + 1
        top = after >= len(ladder.ids)
        after = np.where(top, -1, after)
        missing = np.where(top, 0, np.maximum(thresholds[after] - self.counted, 0))
        prior = standing.prior >= 0
        self.why = why
        self.result = {
            "tier_id": tier,
            "earned_tier_id": earned,
            "next_tier_id": ids[after],
            "prior_tier_id": np.where(prior, ids[standing.prior], NO_ID),
            "joined_date": self.joined,
            "since": standing.since,
            "valid_until": standing.until,
            "period_start": standing.opens,
            "hold_start": np.where(standing.start < -(2**30), NO_DAY, standing.start),
            "prior_until": standing.prior_until,
            "prior_start": standing.prior_start,
            "amount": self.counted,
            "missing": missing,
            "keep_missing": keep,
            "hold_threshold": standing.needed,
            "prior_threshold": np.where(prior, standing.prior_needed, _NO_AMOUNT),
        }
        for column in self.result.values():
            if column is tier:
                column[self.leaves] = NO_ID

    @staticmethod
    def standing_levels(tiers, ladder):
        """Positions of tiers on the ladder, of archived ones where they lead to."""
        known, places = np.unique(tiers, return_inverse=True)
        levels = np.array([ladder.levels.get(int(tier), -1) for tier in known])
        return levels[places] if len(known) else np.empty(0, dtype="int64")

    def find_changed(self):
        """Rows to write: new ones, and those of which any column differs."""
        changed = self.is_new.copy()
        for name, values in self.result.items():
            changed |= self.stored[name] != values
        return np.flatnonzero(changed & ~self.leaves)

    def find_misshown(self):
        """Customers whose profiles show another tier than they have."""
        customers, tiers = self.shown
        due = look_up(customers, self.partner_id, self.result["tier_id"], NO_ID)
        others = self.partner_id[~np.isin(self.partner_id, customers)]
        return np.concatenate([customers[due != tiers], others])


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _read_members(
        self, program, company, as_of, ladder, stored, totals, partner_ids=None
    ):
        """Members as stored, who should be one, and what counts today.

        :param stored: what ``_read_stored`` gives
        :param totals: what counts of each customer, as of ``_read_totals``
        """
        profiles, days, shown = self._read_first_orders(company, partner_ids)
        buyers = days != NO_DAY
        firsts = profiles[buyers], days[buyers]
        takers = self._read_takers(program, company, totals, firsts, partner_ids)
        ids = np.union1d(stored["partner_id"], takers)
        count = len(ids)
        place = np.searchsorted(ids, stored["partner_id"])
        is_new = np.ones(count, dtype=bool)
        is_new[place] = False
        columns = {}
        for name, kind in COLUMNS.items():
            column = np.full(count, NOTHING[kind], dtype="int64")
            column[place] = stored[name]
            columns[name] = column
        pinned = np.full(count, NO_ID, dtype="int64")
        pinned[place] = stored["pinned_tier_id"]
        pinned[~np.isin(pinned, ladder.ids)] = NO_ID
        today = day_number(as_of)
        joined = look_up(ids, *firsts, default=NO_DAY)
        joined = np.where(joined == NO_DAY, columns["joined_date"], joined)
        joined = np.minimum(joined, today)
        leaves = ~np.isin(ids, takers) & (pinned == NO_ID)
        return Members(
            partner_id=ids,
            stored=columns,
            is_new=is_new,
            leaves=leaves,
            joined=joined,
            counted=look_up(ids, *totals, default=0),
            pinned=pinned,
            standing=self._get_standing(columns, ladder),
            shown=(profiles, shown),
        )

    @api.model
    def _get_standing(self, columns, ladder):
        """The standing that is stored, on today's ladder."""
        from ..scoring.standing import KEPT, Standing

        level = Members.standing_levels(columns["earned_tier_id"], ladder)
        prior = Members.standing_levels(columns["prior_tier_id"], ladder)
        needed = columns["hold_threshold"].copy()
        needed[(needed == _NO_AMOUNT) & (level < 0)] = 0
        # the tier below an archived one is kept until the end of the period
        moved = np.isin(columns["earned_tier_id"], list(ladder.archived))
        needed[moved] = KEPT
        return Standing(
            level=level,
            since=columns["since"].copy(),
            until=columns["valid_until"].copy(),
            opens=columns["period_start"].copy(),
            start=columns["hold_start"].copy(),
            needed=needed,
            prior=prior,
            prior_until=columns["prior_until"].copy(),
            prior_start=columns["prior_start"].copy(),
            prior_needed=np.where(prior < 0, 0, columns["prior_threshold"]),
        )


def look_up(ids, keys, values, default):
    """Values by id, of two arrays sorted by key."""
    result = np.full(len(ids), default, dtype="int64")
    if len(keys):
        place = np.minimum(np.searchsorted(keys, ids), len(keys) - 1)
        found = keys[place] == ids
        result[found] = values[place[found]]
    return result


def sum_by(keys, values):
    """Sums by key: two arrays, by rising key."""
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order].astype("int64"), values[order]
    if not len(keys):
        return keys, values
    begins = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return keys[begins], np.add.reduceat(values, begins)
