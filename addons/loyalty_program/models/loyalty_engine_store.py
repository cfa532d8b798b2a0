"""What the engine of tiers writes: changed memberships, and the record of moves."""

import functools
import io
from collections import Counter

import numpy as np

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from odoo.addons.lifecycle_crm.models.lifecycle_store import LOUD_BATCH
from odoo.addons.lifecycle_crm.scoring.copy_format import encode_rows

from .loyalty_engine_members import COLUMNS, WIDTHS, to_value

NUMBERS_TABLE = "loyalty_numbers"
# Members written between two commits.
_BATCH = 50_000


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _write_members(self, program, company, as_of, occasion, members, work):
        """Write who changed, batch by batch; each batch is whole.

        :return: number of transitions
        """
        rows = members.find_changed()
        # in batches small enough for whoever listens
        size = _BATCH if occasion.quiet else LOUD_BATCH * 10
        figures = Counter()
        for begin in range(0, len(rows), size):
            batch = rows[begin : begin + size]
            write = functools.partial(
                self._write_batch, program, company, as_of, occasion, members, batch
            )
            figures += work(write, begin + len(batch), len(rows))
        gone = np.flatnonzero(members.leaves)
        if len(gone):
            leave = functools.partial(
                self._end_members, program, company, as_of, occasion, members, gone
            )
            figures += work(leave, len(rows), len(rows))
        self.env["loyalty.membership"].invalidate_model(flush=False)
        self.env["loyalty.tier"]._forget_held()
        return figures["transition_count"]

    @api.model
    def _write_batch(self, program, company, as_of, occasion, members, rows):
        self._send_members(members, rows)
        digits = self._get_digits(program)
        values = {name: to_value(name, digits) for name in COLUMNS}
        values["progress"] = SQL(
            """CASE WHEN n.missing > 0 THEN
                ROUND(100.0 * GREATEST(n.amount, 0) / (GREATEST(n.amount, 0)
                    + n.missing), 2) ELSE 100 END"""
        )
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_membership m SET %s FROM %s n
                WHERE NOT n.is_new AND m.partner_id = n.partner_id
                  AND m.program_id = %s AND m.company_id = %s""",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                SQL.identifier(NUMBERS_TABLE),
                program.id,
                company.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO loyalty_membership
                    (partner_id, program_id, company_id, %s)
                SELECT n.partner_id, %s, %s, %s FROM %s n
                JOIN res_partner p ON p.id = n.partner_id
                WHERE n.is_new ORDER BY n.partner_id""",
                SQL(", ").join(map(SQL.identifier, values)),
                program.id,
                company.id,
                SQL(", ").join(values.values()),
                SQL.identifier(NUMBERS_TABLE),
            )
        )
        # with the batch: whoever is killed after it leaves nothing half shown
        self._show_on_profiles(company, members.partner_id[rows].tolist())
        count = self._record_moves(program, company, as_of, occasion, members, rows)
        self._change_tags(program, company, members.partner_id[rows])
        return Counter(transition_count=count)

    @api.model
    def _end_members(self, program, company, as_of, occasion, members, rows):
        """Who bought nothing after all is no member: returned or cancelled."""
        self._send_members(members, rows)
        count = self._record_moves(program, company, as_of, occasion, members, rows)
        self.env.cr.execute(
            SQL(
                """DELETE FROM loyalty_membership
                WHERE program_id = %s AND company_id = %s AND partner_id = ANY(%s)""",
                program.id,
                company.id,
                members.partner_id[rows].tolist(),
            )
        )
        self._show_on_profiles(company, members.partner_id[rows].tolist())
        self._change_tags(program, company, members.partner_id[rows])
        return Counter(transition_count=count)

    @api.model
    def _send_members(self, members, rows):
        """COPY some members into a temporary table of numbers."""
        widths = {
            "partner_id": "int4",
            "is_new": "bool",
            "leaves": "bool",
            "why": "int4",
            "from_id": "int4",
            **{name: WIDTHS[kind] for name, kind in COLUMNS.items()},
        }
        source = {
            "partner_id": members.partner_id,
            "is_new": members.is_new,
            "leaves": members.leaves,
            "why": members.why,
            "from_id": members.stored["tier_id"],
            **members.result,
        }
        arrays = {name: source[name][rows] for name in widths}
        self._create_temporary(NUMBERS_TABLE, widths)
        self.env.cr._obj.copy_expert(
            "COPY loyalty_numbers FROM STDIN (FORMAT binary)",
            io.BytesIO(encode_rows(arrays, widths)),
        )
        table = SQL.identifier(NUMBERS_TABLE)
        self.env.execute_query(SQL("ANALYZE %s (partner_id)", table))

    @api.model
    def _create_temporary(self, name, widths):
        table = SQL.identifier(name)
        self.env.execute_query(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.execute_query(
            SQL(
                "CREATE TEMP TABLE %s (%s) ON COMMIT DROP",
                table,
                SQL(", ").join(
                    SQL("%s %s", SQL.identifier(column), SQL.identifier(width))
                    for column, width in widths.items()
                ),
            )
        )

    # -- moves ---------------------------------------------------------------------

    @api.model
    def _record_moves(self, program, company, as_of, occasion, members, rows):
        """Record who moved, and give and take what comes with it."""
        moved = members.stored["tier_id"][rows] != members.result["tier_id"][rows]
        if occasion.quiet:
            # what was always so is no change
            moved &= ~members.is_new[rows]
        if not moved.any():
            return 0
        query = self._select_moves(program, company, as_of, occasion)
        names = [
            "profile_id",
            "partner_id",
            "company_id",
            "kind",
            "date",
            "from_tier_id",
            "to_tier_id",
            "loyalty_program_id",
            "cause",
            "note",
            "revenue_total",
            "run_id",
        ]
        columns = SQL(", ").join(map(SQL.identifier, names))
        transitions = self.env["lifecycle.transition"]
        if not occasion.quiet and transitions._has_listeners():
            values = (
                dict(zip(names, row, strict=True))
                for row in self.env.execute_query(query)
            )
            count = 0
            for batch in split_every(LOUD_BATCH, values):
                self.env["lifecycle.store"]._create_heard(list(batch))
                count += len(batch)
        else:
            self.env.cr.execute(
                SQL("INSERT INTO lifecycle_transition (%s) %s", columns, query)
            )
            count = self.env.cr.rowcount
        if not occasion.quiet:
            rows = rows[moved]
            self._give_perks(
                program,
                company,
                members.partner_id[rows],
                members.stored["tier_id"][rows],
                members.result["tier_id"][rows],
            )
        return count

    @api.model
    def _select_moves(self, program, company, as_of, occasion):
        """The moves of the members that were sent, as rows of transitions."""
        return SQL(
            """SELECT p.id, n.partner_id, %(company)s, 'tier', %(as_of)s::date,
                NULLIF(n.from_id, -1), NULLIF(n.tier_id, -1), %(program)s,
                %(cause)s, %(note)s, COALESCE(p.revenue_total, 0), %(run)s::int
            FROM %(numbers)s n
            JOIN res_partner rp ON rp.id = n.partner_id
            LEFT JOIN lifecycle_profile p ON p.partner_id = n.partner_id
                AND p.company_id = %(company)s
            LEFT JOIN loyalty_tier t ON t.id = CASE
                WHEN n.why IN (0, 1) THEN NULLIF(n.tier_id, -1)
                ELSE NULLIF(n.from_id, -1) END
            WHERE n.from_id <> n.tier_id AND (%(loud)s OR NOT n.is_new)
              AND rp.lifecycle_profiling_off IS NOT TRUE
            ORDER BY n.partner_id""",
            company=company.id,
            as_of=as_of,
            program=program.id,
            cause=self._get_cause(occasion),
            note=self._get_note(program),
            run=occasion.run_id,
            numbers=SQL.identifier(NUMBERS_TABLE),
            loud=not occasion.quiet,
        )

    @api.model
    def _get_cause(self, occasion):
        """What moved a member: the numbers are those of ``scoring.standing``."""
        if occasion.reason == "import":
            return SQL("'import'")
        rules = occasion.reason == "rules"
        return SQL(
            """CASE WHEN n.leaves OR n.why = 2 THEN 'refund' WHEN n.why = 3 THEN 'time'
                WHEN n.why = 1 THEN %s ELSE %s END""",
            "rules" if rules else "purchase",
            "rules" if rules else "time",
        )

    @api.model
    def _get_note(self, program):
        """The figures behind a move, in words."""
        digits = self._get_digits(program)
        pattern = "FM999G999G999G999G990"
        if digits:
            pattern += "D" + "0" * digits
        unit = program._get_tier_unit()
        texts = {
            1: self.env._("%(counted)s %(unit)s counted, %(needed)s needed"),
            2: self.env._(
                "After a return %(counted)s %(unit)s counted, %(needed)s needed"
            ),
            3: self.env._(
                "At the end of the period %(counted)s %(unit)s counted, "
                "%(needed)s needed"
            ),
        }
        cases = [SQL("WHEN n.why = %s THEN %s", code, texts[code]) for code in texts]
        text = SQL("CASE %s ELSE %s END", SQL(" ").join(cases), texts[1])
        values = {
            "%(counted)s": SQL(
                "to_char(n.amount / %s::numeric, %s)", 10**digits, pattern
            ),
            "%(needed)s": SQL("to_char(COALESCE(t.threshold, 0), %s)", pattern),
            "%(unit)s": SQL("%s", unit),
        }
        for placeholder, value in values.items():
            text = SQL("replace(%s, %s, %s)", text, placeholder, value)
        return text
