"""What customers bought, as far back as the tiers ask for it, in as few passes as can.

Rows are read and summed here: PostgreSQL takes longer to sum decimals by customer than
to send them.
"""

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.lifecycle_crm.scoring.days import day_number

from ..scoring.periods import EVER
from ..scoring.qualification import Purchases
from .loyalty_engine_members import NO_DAY, sum_by

# More customers than this share are not asked for by name.
_MANY = 0.7


def _to_date(days):
    return np.datetime64(int(days), "D").astype(object)


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _read_rows(self, program, company, as_of, since, partner_ids=None):
        """What customers bought since a day, ``EVER`` for all.

        :return: customers, days and values: three arrays of one shape
        """
        scope = self.env["lifecycle.transaction"]._get_scope(
            company,
            as_of,
            partner_ids,
            since=None if since < -(2**30) else _to_date(since),
        )
        found = self._copy(
            self._select_rows(program, company, scope),
            {"contact": "int4", "day": "int4", "value": "int8"},
        )
        engine = self.env["lifecycle.engine"]
        customers, kept = engine._find_customers(
            self.env.cr, found["contact"], scope, everybody=True
        )
        rows = (customers, found["day"], found["value"])
        return rows if kept.all() else tuple(column[kept] for column in rows)

    @api.model
    def _read_totals(self, program, company, as_of, rules, partner_ids=None):
        """What counts of each customer today: two arrays, by rising customer.

        Years of membership begin on a day of their own each: they are summed later,
        of the purchases.
        """
        if rules.period.kind == "anniversary":
            empty = np.empty(0, dtype="int64")
            return empty, empty
        since = _window_start(rules, as_of)
        if since != EVER:
            rows = self._read_rows(program, company, as_of, since, partner_ids)
            return sum_by(rows[0], rows[2])
        # of a lifetime there may be too many rows
        scope = self.env["lifecycle.transaction"]._get_scope(
            company, as_of, partner_ids
        )
        found = self._copy(
            self._select_totals(program, company, scope),
            {"contact": "int4", "value": "int8"},
        )
        engine = self.env["lifecycle.engine"]
        customers, kept = engine._find_customers(
            self.env.cr, found["contact"], scope, everybody=True
        )
        return sum_by(customers[kept], found["value"][kept])

    @api.model
    def _read_recent(self, program, company, as_of, ladder, stored, partner_ids=None):
        """Purchases of the period, and of those before that members' tiers ask for.

        :param stored: memberships, as of ``_read_stored``
        :return: pair of the first day that was read and :class:`Purchases`, None where
            years are counted otherwise; and what counts of each customer, as of
            ``_read_totals``
        """
        rules, today = ladder.rules, day_number(as_of)
        if rules.period.kind not in ("rolling", "calendar"):
            return None, self._read_totals(program, company, as_of, rules, partner_ids)
        first = since = _window_start(rules, as_of)
        if count := len(stored["partner_id"]):
            standing = self._get_standing(stored, ladder)
            starts = self._find_starts(standing, today, False)
            since = min(since, int(starts.min(initial=NO_DAY)))
        if not count and rules.period.kind == "calendar":
            # nobody was looked at yet: the year before counts, too
            joined = np.zeros(1, dtype="int64")
            end = rules.period.previous_end(today, joined)
            since = int(rules.period.start_before(end, joined)[0])
        rows = self._read_rows(program, company, as_of, since, partner_ids)
        bought = Purchases.sort(*rows)
        customers = bought.get_customers()
        return (since, bought), (customers, bought.sum(customers, first, today))

    @api.model
    def _read_purchases(
        self, program, company, as_of, members, rules, time_only=False, recent=None
    ):
        """What members bought, as far back as their standing asks for it.

        Only of those whose standing asks for more than the sum of today.

        :param recent: what ``_read_recent`` gives
        """
        today = day_number(as_of)
        since, known = recent or (NO_DAY, Purchases.sort(*np.empty((3, 0), "int64")))
        starts = self._find_needed(members, rules, today, time_only)
        rows = np.flatnonzero((starts <= today) & (starts < since))
        if not len(rows):
            return known
        ids = members.partner_id[rows]
        many = len(ids) > len(members.partner_id) * _MANY
        found = self._read_rows(
            program,
            company,
            as_of,
            int(starts[rows].min()),
            None if many else ids.tolist(),
        )
        bought = Purchases.sort(*found)
        if len(known.days):
            bought = known.replace(bought)
        if rules.period.kind == "anniversary":
            first = rules.period.window_start(today, members.joined)
            members.counted = bought.sum(members.partner_id, first, today)
        return bought

    @api.model
    def _find_starts(self, standing, today, time_only):
        """Since when purchases of members count for what they hold, by member."""
        starts = np.full(len(standing.level), NO_DAY, dtype="int64")
        held = (standing.level >= 0) & (standing.until != NO_DAY)
        if time_only:
            held &= standing.until < today
        starts[held] = standing.opens[held]
        if not time_only:
            unsure = standing.needed > 0
            for first in (standing.start, standing.prior_start):
                starts[unsure] = np.minimum(starts[unsure], first[unsure])
        return starts

    @api.model
    def _find_needed(self, members, rules, today, time_only=False):
        """Since which day the purchases of each member must be known; NO_DAY: none."""
        fresh, _known = members.split()
        starts = self._find_starts(members.standing, today, time_only)
        if len(fresh):
            first = rules.period.window_start(today, members.joined[fresh])
            end = rules.period.previous_end(today, members.joined[fresh])
            before = rules.period.start_before(end, members.joined[fresh])
            starts[fresh] = np.where(end == NO_DAY, first, np.minimum(before, first))
            # without an amount nothing was reached, in this period
            idle = (members.counted[fresh] <= 0) & (end == NO_DAY)
            starts[fresh[idle]] = NO_DAY
        if rules.period.kind == "anniversary":
            # everybody's year, and the one before of who is new
            back = day_number(_to_date(today) - relativedelta(years=2))
            starts = np.minimum(starts, back)
        return starts


def _window_start(rules, as_of):
    """First day that counts today, where it is the same for all."""
    nobody = np.zeros(1, dtype="int64")
    return int(np.ravel(rules.period.window_start(day_number(as_of), nobody))[0])
