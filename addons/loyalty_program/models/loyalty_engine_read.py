"""What the engine of tiers reads, as arrays."""

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.scoring.days import day_number

from .loyalty_engine_members import (
    COLUMNS,
    NO_DAY,
    WIDTHS,
    look_up,
    sum_by,
    to_number,
)
from .loyalty_sources import EPOCH


def _to_date(days):
    return np.datetime64(int(days), "D").astype(object)


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _copy(self, query, columns):
        return self.env["lifecycle.engine"]._copy_out(self.env.cr, query, columns)

    @api.model
    def _asked(self, column, partner_ids):
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", column, list(map(int, partner_ids)))

    @api.model
    def _read_returns_due(self, company, last, as_of):
        """Customers with a credit note that was dated ahead and counts since a day."""
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL(
                    """SELECT DISTINCT commercial_partner_id FROM account_move
                    WHERE move_type = 'out_refund' AND state = 'posted'
                      AND company_id = %s AND invoice_date > %s
                      AND invoice_date <= %s AND commercial_partner_id IS NOT NULL""",
                    company.id,
                    last,
                    as_of,
                )
            )
        ]

    @api.model
    def _find_candidates(self, program, company, as_of, ladder):
        """Customers whom time alone may move, or whose figures it changes.

        What counts differs from what is stored, a tier or a pin has ended, or the
        tier shown is not the one that is held.  All others stand where they stood.

        :return: their ids, None for everybody, and what counts of each of them: two
            arrays, by rising customer
        """
        if ladder.rules.period.kind == "anniversary" or any(
            tier._parse_domain() for tier in program.tier_ids
        ):
            return None, None  # a year of one's own, or a filter that asks for the day
        digits = self._get_digits(program)
        stored = self._copy(
            SQL(
                """SELECT m.partner_id, (m.amount * %s)::int8,
                    COALESCE(m.valid_until < %s, FALSE)
                    OR m.tier_id IS DISTINCT FROM m.earned_tier_id
                    OR COALESCE(m.prior_until < %s, FALSE)
                FROM loyalty_membership m
                WHERE m.program_id = %s AND m.company_id = %s""",
                10**digits,
                as_of,
                as_of,
                program.id,
                company.id,
            ),
            {"partner_id": "int4", "amount": "int8", "ends": "bool"},
        )
        order = np.argsort(stored["partner_id"])
        ids, amounts = stored["partner_id"][order], stored["amount"][order]
        totals = self._read_totals(program, company, as_of, ladder.rules)
        counted = look_up(ids, *totals, default=0)
        known = ids[(counted != amounts) | stored["ends"][order]]
        customers, sums = totals
        fresh = customers[(sums > 0) & ~np.isin(customers, ids)]
        asked = np.union1d(known, fresh)
        there = np.isin(customers, asked)
        return asked.tolist(), (customers[there], sums[there])

    @api.model
    def _read_stored(self, program, company, partner_ids, as_of):
        """Memberships as stored: ``{column: array}``."""
        digits = self._get_digits(program)
        names = list(COLUMNS)
        pin = SQL(
            """CASE WHEN COALESCE(m.pinned_until, 'infinity') >= %s
            THEN COALESCE(m.pinned_tier_id, -1) ELSE -1 END""",
            as_of,
        )
        query = SQL(
            """SELECT m.partner_id, %s, %s FROM loyalty_membership m
            WHERE m.program_id = %s AND m.company_id = %s AND %s""",
            pin,
            SQL(", ").join(to_number(name, digits) for name in names),
            program.id,
            company.id,
            self._asked(SQL("m.partner_id"), partner_ids),
        )
        widths = {name: WIDTHS[COLUMNS[name]] for name in names}
        return self._copy(
            query, {"partner_id": "int4", "pinned_tier_id": "int4", **widths}
        )

    @api.model
    def _read_totals(self, program, company, as_of, rules, partner_ids=None):
        """What counts of each customer today: two arrays, by rising customer.

        Years of membership begin on a day of their own each: they are summed later,
        of the purchases.
        """
        if rules.period.kind == "anniversary":
            empty = np.empty(0, dtype="int64")
            return empty, empty
        start = rules.period.window_start(day_number(as_of), np.zeros(1, dtype="int64"))
        start = int(np.ravel(start)[0])
        since = None if start < -(2**30) else _to_date(start)
        scope = self.env["lifecycle.transaction"]._get_scope(
            company, as_of, partner_ids, since=since
        )
        rows = self._copy(
            self._select_totals(program, company, scope),
            {"contact": "int4", "value": "int8"},
        )
        engine = self.env["lifecycle.engine"]
        customers, kept = engine._find_customers(self.env.cr, rows["contact"], scope)
        return sum_by(customers[kept], rows["value"][kept])

    @api.model
    def _read_first_orders(self, company, partner_ids):
        """Customers who ever bought, and the day of their first purchase."""
        rows = self._copy(
            SQL(
                """SELECT p.partner_id, p.first_order_date - %s
                FROM lifecycle_profile p
                WHERE p.company_id = %s AND p.first_order_date IS NOT NULL AND %s""",
                EPOCH,
                company.id,
                self._asked(SQL("p.partner_id"), partner_ids),
            ),
            {"partner_id": "int4", "day": "int4"},
        )
        order = np.argsort(rows["partner_id"])
        return rows["partner_id"][order].astype("int64"), rows["day"][order]

    @api.model
    def _read_takers(self, program, company, totals, firsts, partner_ids):
        """Customers who take part, by rising id."""
        if program.tier_join == "purchase":
            customers, amounts = totals
            return np.union1d(firsts[0], customers[amounts > 0])
        rows = self._copy(
            SQL(
                """SELECT DISTINCT p.commercial_partner_id
                FROM loyalty_card c JOIN res_partner p ON p.id = c.partner_id
                WHERE c.program_id = %s AND c.active
                  AND COALESCE(c.company_id, %s) = ANY(%s) AND %s""",
                program.id,
                company.id,
                [company.id, *company.parent_ids.ids],
                self._asked(SQL("p.commercial_partner_id"), partner_ids),
            ),
            {"partner_id": "int4"},
        )
        return np.sort(rows["partner_id"].astype("int64"))

    @api.model
    def _read_purchases(self, program, company, as_of, members, rules, time_only=False):
        """What members bought, as far back as their standing asks for it.

        Only of those whose standing asks for more than the sum of today.
        """
        from ..scoring.qualification import Purchases

        today = day_number(as_of)
        start, rows = self._find_needed(members, rules, today, time_only)
        if not len(rows):
            return Purchases.sort(*np.empty((3, 0), dtype="int64"))
        ids = members.partner_id[rows]
        scope = self.env["lifecycle.transaction"]._get_scope(
            company,
            as_of,
            None if len(ids) > len(members.partner_id) * 0.7 else ids.tolist(),
            since=None if start < -(2**30) else _to_date(start),
        )
        found = self._copy(
            self._select_rows(program, company, scope),
            {"contact": "int4", "day": "int4", "value": "int8"},
        )
        engine = self.env["lifecycle.engine"]
        customers, kept = engine._find_customers(self.env.cr, found["contact"], scope)
        bought = Purchases.sort(
            customers[kept], found["day"][kept], found["value"][kept]
        )
        if rules.period.kind == "anniversary":
            first = rules.period.window_start(today, members.joined)
            members.counted = bought.sum(members.partner_id, first, today)
        return bought

    @api.model
    def _find_needed(self, members, rules, today, time_only=False):
        """Whose purchases must be read, and since which day."""
        from ..scoring.periods import EVER

        kind, standing = rules.period.kind, members.standing
        fresh, _known = members.split()
        starts = np.full(len(members.partner_id), NO_DAY, dtype="int64")
        held = (standing.level >= 0) & (standing.until != NO_DAY)
        if time_only:
            held &= standing.until < today
        starts[held] = standing.opens[held]
        if not time_only:
            unsure = standing.needed > 0
            for first in (standing.start, standing.prior_start):
                starts[unsure] = np.minimum(starts[unsure], first[unsure])
        if len(fresh):
            first = rules.period.window_start(today, members.joined[fresh])
            end = rules.period.previous_end(today, members.joined[fresh])
            before = rules.period.start_before(end, members.joined[fresh])
            starts[fresh] = np.where(end == NO_DAY, first, np.minimum(before, first))
            # without an amount nothing was reached, in this period
            idle = (members.counted[fresh] <= 0) & (end == NO_DAY)
            starts[fresh[idle]] = NO_DAY
        if kind == "anniversary":
            # everybody's year, and the one before of who is new
            back = day_number(_to_date(today) - relativedelta(years=2))
            starts = np.minimum(starts, back)
        rows = np.flatnonzero(starts <= today)
        return (int(starts[rows].min()) if len(rows) else EVER), rows
