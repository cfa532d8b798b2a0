"""Write what a run found: changed rows only, and the record of the changes."""

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import split_every

from .lifecycle_profile import STAGING_TABLE

CHANGES_TABLE = "lifecycle_profile_changes"
# Created through the ORM at once: automations run on each of them.
_CREATE_BATCH = 1000


class LifecycleStore(models.AbstractModel):
    _name = "lifecycle.store"
    _description = "Lifecycle Store"

    @api.model
    def _write_profiles(self, company, as_of, run):
        """Make the profiles of a company equal to the staging table.

        :return: figures of the run
        """
        # what was always so, is no change; a company may have begun without customers
        first = not self._has_profiles(company) and not run._get_last_done(company)
        self._find_changes(company)
        deleted = self._delete_profiles(company)
        self._date_stages(as_of)
        created = self._insert_profiles()
        changed = self._update_profiles()
        count = 0 if first else self._record_transitions(company, as_of, run)
        [[customers]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM %s", SQL.identifier(STAGING_TABLE))
        )
        self.env.invalidate_all(flush=False)
        return {
            "customer_count": customers,
            "created_count": created,
            "changed_count": changed,
            "deleted_count": deleted,
            "transition_count": count,
        }

    @api.model
    def _has_profiles(self, company):
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM lifecycle_profile WHERE company_id = %s LIMIT 1",
                    company.id,
                )
            )
        )

    @api.model
    def _get_written_columns(self):
        """Columns that a run decides; a row that differs in one is written."""
        engine = self.env["lifecycle.engine"]
        return [
            *engine._get_fact_columns(),
            *engine._get_score_columns(),
            "clv_historic",
            "stage_id",
        ]

    @api.model
    def _find_changes(self, company):
        """Which staged rows differ, and what they were before."""
        engine = self.env["lifecycle.engine"]
        engine._drop_table(CHANGES_TABLE)
        columns = [SQL.identifier(name) for name in self._get_written_columns()]
        self.env.execute_query(
            SQL(
                """CREATE TEMP TABLE %(changes)s ON COMMIT DROP AS
                SELECT new.id, new.partner_id, old.id IS NULL AS is_new,
                    old.stage_id AS from_stage_id,
                    new.stage_id AS to_stage_id,
                    old.segment_id AS from_segment_id,
                    new.segment_id AS to_segment_id,
                    COALESCE(old.order_count, 0) AS old_orders,
                    new.order_count AS new_orders,
                    COALESCE(old.revenue_total, 0) AS old_revenue,
                    new.revenue_total AS new_revenue
                FROM %(staging)s new
                LEFT JOIN lifecycle_profile old
                    ON old.partner_id = new.partner_id AND old.company_id = %(company)s
                WHERE old.id IS NULL OR (%(new)s) IS DISTINCT FROM (%(old)s)""",
                changes=SQL.identifier(CHANGES_TABLE),
                staging=SQL.identifier(STAGING_TABLE),
                company=company.id,
                new=SQL(", ").join(SQL("new.%s", name) for name in columns),
                old=SQL(", ").join(SQL("old.%s", name) for name in columns),
            )
        )

    @api.model
    def _delete_profiles(self, company):
        """Remove profiles of who is no customer any more (merged, now a contact)."""
        deleted = self.env.execute_query(
            SQL(
                """DELETE FROM lifecycle_profile old
                WHERE old.company_id = %s AND NOT EXISTS (
                    SELECT 1 FROM %s new WHERE new.partner_id = old.partner_id)
                RETURNING old.id""",
                company.id,
                SQL.identifier(STAGING_TABLE),
            )
        )
        return len(deleted)

    @api.model
    def _date_stages(self, as_of):
        self.env.execute_query(
            SQL(
                """UPDATE %s new SET stage_date = %s FROM %s c
                WHERE c.id = new.id
                  AND c.to_stage_id IS DISTINCT FROM c.from_stage_id""",
                SQL.identifier(STAGING_TABLE),
                as_of,
                SQL.identifier(CHANGES_TABLE),
            )
        )

    @api.model
    def _insert_profiles(self):
        names = SQL(", ").join(
            SQL.identifier(field.name)
            for field in self.env["lifecycle.profile"]._fields.values()
            if field.store and field.column_type
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_profile (%(names)s)
                SELECT %(names)s FROM %(staging)s
                WHERE id IN (SELECT id FROM %(changes)s WHERE is_new)
                ORDER BY partner_id""",
                names=names,
                staging=SQL.identifier(STAGING_TABLE),
                changes=SQL.identifier(CHANGES_TABLE),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _update_profiles(self):
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_profile old SET %(values)s
                FROM %(staging)s new JOIN %(changes)s c ON c.id = new.id
                WHERE old.id = new.id AND NOT c.is_new""",
                values=SQL(", ").join(
                    SQL("%(name)s = new.%(name)s", name=SQL.identifier(name))
                    for name in [*self._get_written_columns(), "stage_date"]
                ),
                staging=SQL.identifier(STAGING_TABLE),
                changes=SQL.identifier(CHANGES_TABLE),
            )
        )
        return self.env.cr.rowcount

    # -- transitions ---------------------------------------------------------

    @api.model
    def _record_transitions(self, company, as_of, run):
        """Record who moved; through the ORM where something may act on it."""
        query = SQL(" UNION ALL ").join(
            self._select_transitions(kind, company, as_of, run)
            for kind in ("stage", "segment")
        )
        names = [
            "profile_id",
            "partner_id",
            "company_id",
            "kind",
            "date",
            "from_stage_id",
            "to_stage_id",
            "from_segment_id",
            "to_segment_id",
            "cause",
            "revenue_total",
            "run_id",
        ]
        columns = SQL(", ").join(map(SQL.identifier, names))
        moves = SQL("SELECT %s FROM (%s) AS moves (%s)", columns, query, columns)
        transitions = self.env["lifecycle.transition"]
        loud = self._get_loud_causes(run) if transitions._has_listeners() else []
        rows = self.env.execute_query(SQL("%s WHERE cause = ANY(%s)", moves, loud))
        values = (dict(zip(names, row, strict=True)) for row in rows)
        for batch in split_every(_CREATE_BATCH, values):
            transitions.create(list(batch))
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
        source = SQL.identifier(f"from_{kind}_id")
        target = SQL.identifier(f"to_{kind}_id")
        null = SQL("NULL::int")
        return SQL(
            """SELECT id, partner_id, %(company)s, %(kind)s, %(as_of)s::date,
                %(from_stage)s, %(to_stage)s, %(from_segment)s, %(to_segment)s,
                %(cause)s, new_revenue, %(run)s
            FROM %(changes)s
            WHERE %(target)s IS DISTINCT FROM %(source)s""",
            company=company.id,
            kind=kind,
            as_of=as_of,
            from_stage=source if kind == "stage" else null,
            to_stage=target if kind == "stage" else null,
            from_segment=source if kind == "segment" else null,
            to_segment=target if kind == "segment" else null,
            cause=self._get_cause(kind, run),
            run=run.id,
            changes=SQL.identifier(CHANGES_TABLE),
            target=target,
            source=source,
        )

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
