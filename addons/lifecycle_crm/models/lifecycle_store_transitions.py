"""The record of what changed, heard where something may act on it."""

import logging

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from .lifecycle_run_work import CONFLICTS
from .lifecycle_store import CHANGES_TABLE, LOUD_BATCH

_logger = logging.getLogger(__name__)


class LifecycleStore(models.AbstractModel):
    _inherit = "lifecycle.store"

    @api.model
    def _get_kinds(self):
        """What is recorded when it changes: ``{kind: (column, ending)}``.

        The column is one of the profile; the transition has a field ``from_`` and a
        field ``to_`` with the ending.
        """
        return {
            "stage": ("stage_id", "stage_id"),
            "segment": ("segment_id", "segment_id"),
        }

    @api.model
    def _select_ends(self, old, new, **targets):
        """Columns of the table of changes: where each row came from and goes to.

        :param old: alias of the profile as it was, ``new`` as it will be
        :param targets: what it will be, by kind, where that is not in ``new``
        """
        terms = []
        for kind, (name, ending) in self._get_kinds().items():
            column = SQL.identifier(name)
            source = SQL("%s.%s", old, column)
            target = targets.get(kind, SQL("%s.%s", new, column))
            for value, end in ((source, "from"), (target, "to")):
                alias = SQL.identifier(f"{end}_{ending}")
                terms.append(SQL("%s AS %s", value, alias))
        return SQL(", ").join(terms)

    @api.model
    def _get_ends(self):
        """Fields of the transition that hold the ends of the moves, by kind."""
        return {
            kind: (f"from_{ending}", f"to_{ending}")
            for kind, (_name, ending) in self._get_kinds().items()
        }

    @api.model
    def _record_transitions(self, company, as_of, run):
        """Record who moved; through the ORM where something may act on it."""
        query = SQL(" UNION ALL ").join(
            self._select_transitions(kind, company, as_of, run)
            for kind in self._get_kinds()
        )
        names = [
            "profile_id",
            "partner_id",
            "company_id",
            "kind",
            "date",
            *(name for ends in self._get_ends().values() for name in ends),
            "cause",
            "revenue_total",
            "run_id",
        ]
        columns = SQL(", ").join(map(SQL.identifier, names))
        moves = SQL("SELECT %s FROM (%s) AS moves (%s)", columns, query, columns)
        transitions = self.env["lifecycle.transition"]
        loud = self._get_loud_causes(run) if transitions._has_listeners() else []
        rows = self.env.execute_query(SQL("%s WHERE cause = ANY(%s)", moves, loud))
        # who listens reads the profiles as they were just written
        self.env["lifecycle.profile"].invalidate_model(flush=False)
        values = (dict(zip(names, row, strict=True)) for row in rows)
        for batch in split_every(LOUD_BATCH, values):
            self._create_heard(list(batch))
        self.env.cr.execute(
            SQL(
                "INSERT INTO lifecycle_transition (%s) %s WHERE cause <> ALL(%s)",
                columns,
                moves,
                loud,
            )
        )
        return len(rows) + self.env.cr.rowcount

    @api.model
    def _create_heard(self, values):
        """Create transitions on which automation acts.

        An automation that fails for one customer must not keep the others from being
        scored: its customer's transition is recorded unheard, and the log says so.
        """
        transitions = self.env["lifecycle.transition"]
        try:
            with self.env.cr.savepoint():
                transitions.create(values)
        except CONFLICTS:
            raise
        except Exception:  # whatever somebody automated
            self.env.invalidate_all(flush=False)
            if len(values) > 1:
                half = len(values) // 2
                self._create_heard(values[:half])
                self._create_heard(values[half:])
                return
            _logger.exception(
                "An automation failed on the %s of customer %s",
                values[0]["kind"],
                values[0]["partner_id"],
            )
            self._create_unheard(values[0])

    @api.model
    def _create_unheard(self, values):
        self.env.cr.execute(
            SQL(
                "INSERT INTO lifecycle_transition (%s) VALUES (%s)",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )

    @api.model
    def _get_loud_causes(self, run):
        """Causes on which automation may act in this run.

        Where rules changed, what customers did meanwhile still is what they did.
        """
        did = ["purchase", "refund", "first"]
        if not run.quiet:
            return [*did, "time", "ranking"]
        return did if run.reason == "rules" else []

    @api.model
    def _select_transitions(self, kind, company, as_of, run):
        """Transitions of one kind: a SELECT in the order of the columns above."""
        ends = [
            # all SELECTs of a UNION have the same types
            SQL.identifier(name)
            if other == kind
            else SQL("NULL::%s", self._get_type(name))
            for other, names in self._get_ends().items()
            for name in names
        ]
        source, target = map(SQL.identifier, self._get_ends()[kind])
        return SQL(
            """SELECT id, partner_id, %(company)s, %(kind)s, %(as_of)s::date,
                %(ends)s, %(cause)s, new_revenue, %(run)s::int
            FROM %(changes)s
            WHERE %(target)s IS DISTINCT FROM %(source)s AND %(recorded)s""",
            company=company.id,
            kind=kind,
            as_of=as_of,
            ends=SQL(", ").join(ends),
            recorded=self._get_recorded(kind, run),
            cause=self._get_cause(kind, run),
            run=run.id or None,
            changes=SQL.identifier(CHANGES_TABLE),
            target=target,
            source=source,
        )

    @api.model
    def _get_type(self, name):
        """Type of a column of the transitions in PostgreSQL."""
        column_type = self.env["lifecycle.transition"]._fields[name].column_type
        return SQL.identifier(column_type[0])

    @api.model
    def _get_recorded(self, kind, run):
        """Condition on the table of changes: moves that are worth recording."""
        return SQL("TRUE")

    @api.model
    def _get_cause(self, kind, run):
        """Expression for what moved a customer."""
        if run.reason == "import":
            return SQL("'import'")
        # nothing happened to the customer: the rules, the others, or time
        otherwise = "ranking" if kind == "segment" else "time"
        return SQL(
            """CASE WHEN new_orders > old_orders THEN 'purchase'
                WHEN is_new THEN 'first'
                WHEN new_orders < old_orders OR new_revenue < old_revenue
                THEN 'refund'
                ELSE %s END""",
            "rules" if run.reason == "rules" else otherwise,
        )
