"""What the engine of tiers reads, as arrays."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_privacy import select_objectors

from .loyalty_engine_members import COLUMNS, NO_DAY, NOTHING, WIDTHS, look_up, to_number
from .loyalty_sources import EPOCH

# Columns that say when a tier ends, and what comes then.
_OF_AN_END = (
    "valid_until",
    "period_start",
    "hold_start",
    "prior_tier_id",
    "prior_until",
    "prior_start",
    "prior_threshold",
)


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
        """Memberships as stored: ``{column: array}``.

        Most have no end and nothing that goes with it: of these that is not read.
        """
        bare = SQL(" AND ").join(
            SQL("m.%s IS NULL", SQL.identifier(name)) for name in _OF_AN_END
        )
        parts = []
        for names, condition in (
            ([name for name in COLUMNS if name not in _OF_AN_END], bare),
            (list(COLUMNS), SQL("NOT (%s)", bare)),
        ):
            rows = self._read_columns(
                program, company, partner_ids, as_of, names, condition
            )
            count = len(rows["partner_id"])
            for name in _OF_AN_END:
                nothing = np.full(count, NOTHING[COLUMNS[name]])
                rows.setdefault(name, nothing)
            parts.append(rows)
        return {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}

    @api.model
    def _read_columns(self, program, company, partner_ids, as_of, names, condition):
        digits = self._get_digits(program)
        pin = SQL(
            """CASE WHEN COALESCE(m.pinned_until, 'infinity') >= %s
            THEN COALESCE(m.pinned_tier_id, -1) ELSE -1 END""",
            as_of,
        )
        query = SQL(
            """SELECT m.partner_id, %s, %s FROM loyalty_membership m
            WHERE m.program_id = %s AND m.company_id = %s AND %s AND %s""",
            pin,
            SQL(", ").join(to_number(name, digits) for name in names),
            program.id,
            company.id,
            self._asked(SQL("m.partner_id"), partner_ids),
            condition,
        )
        widths = {name: WIDTHS[COLUMNS[name]] for name in names}
        return self._copy(
            query, {"partner_id": "int4", "pinned_tier_id": "int4", **widths}
        )

    @api.model
    def _read_first_orders(self, company, partner_ids):
        """Customers who ever bought, the day of their first purchase, and the tier that
        their profiles show: three arrays, by rising customer; ``NO_DAY`` and ``NO_ID``
        where there is none.
        """
        rows = self._copy(
            SQL(
                """SELECT p.partner_id, COALESCE(p.first_order_date - %s, %s)::int4,
                    COALESCE(p.tier_id, -1)
                FROM lifecycle_profile p
                WHERE p.company_id = %s AND %s
                  AND (p.first_order_date IS NOT NULL OR p.tier_id IS NOT NULL)""",
                EPOCH,
                NO_DAY,
                company.id,
                self._asked(SQL("p.partner_id"), partner_ids),
            ),
            {"partner_id": "int4", "day": "int4", "tier_id": "int4"},
        )
        order = np.argsort(rows["partner_id"])
        ids = rows["partner_id"][order].astype("int64")
        return ids, rows["day"][order], rows["tier_id"][order]

    @api.model
    def _read_unprofiled(self, program, company, partner_ids):
        """Members who are not profiled: they bought, though no profile says so.

        Who objects to being profiled stays a member: that was agreed upon.
        """
        rows = self._copy(
            SQL(
                """SELECT m.partner_id FROM loyalty_membership m
                WHERE m.program_id = %s AND m.company_id = %s
                  AND m.partner_id IN (%s) AND %s""",
                program.id,
                company.id,
                select_objectors(),
                self._asked(SQL("m.partner_id"), partner_ids),
            ),
            {"partner_id": "int4"},
        )
        return rows["partner_id"].astype("int64")

    @api.model
    def _read_takers(self, program, company, totals, firsts, partner_ids):
        """Customers who take part, by rising id."""
        if program.tier_join == "purchase":
            customers, amounts = totals
            takers = np.union1d(firsts[0], customers[amounts > 0])
            unknown = self._read_unprofiled(program, company, partner_ids)
            return np.union1d(takers, unknown)
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
