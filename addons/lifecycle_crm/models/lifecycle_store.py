"""Write what a run found: changed rows only, and the record of the changes."""

import functools
from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_profile import STAGING_TABLE

CHANGES_TABLE = "lifecycle_profile_changes"
# Customers written between two commits: a second or two of work.
_BATCH = 25_000
# The same where automations may act on each of them.
LOUD_BATCH = 1000


class LifecycleStore(models.AbstractModel):
    _name = "lifecycle.store"
    _description = "Lifecycle Store"

    @api.model
    def _write_profiles(self, company, as_of, run, facts, changes, work):
        """Make the profiles of a company equal to what a run found.

        Each batch is whole: its profiles with their transitions.  So a run may be
        killed between two of them; the next one finds what is left to do.

        :param facts: DataFrame of all customers, facts and scores
        :param changes: :class:`..scoring.changes.Changes` of them
        :param work: calls a function for each batch, see ``_recompute_company``
        :return: figures of the run
        """
        # what was always so, is no change
        first = not run._get_last_done(company)
        rows, gone = changes.changed.nonzero()[0], changes.gone
        stored = changes.stored
        figures = Counter(customer_count=len(facts))
        size = self._get_batch_size(run)

        engine = self.env["lifecycle.engine"]
        quick = first and engine._is_row_enough(company, as_of)

        def write(places):
            # no more than a batch is copied: all may have changed
            batch = facts.take(places)
            if quick and not stored[places].any():
                return self._write_new(company, as_of, batch)
            return self._write_batch(company, as_of, run, batch, first)

        for begin in range(0, len(rows), size):
            places = rows[begin : begin + size]
            figures += work(
                functools.partial(write, places), begin + len(places), len(rows)
            )
        if len(gone):
            figures += work(
                functools.partial(self._delete, company, gone), len(rows), len(rows)
            )
        if stored.any() or len(gone):
            figures += self._move_stages(company, as_of, run, work, first)
        self.env.invalidate_all(flush=False)
        return dict(figures)

    @api.model
    def _write_few(self, company, as_of, run, facts, old):
        """Write a few customers, those of ``old`` who are not in ``facts`` are gone."""
        gone = old["partner_id"][~old["partner_id"].isin(facts["partner_id"])]
        figures = Counter()
        if len(facts):
            figures += self._write_batch(company, as_of, run, facts)
        if len(gone):
            figures += self._delete(company, gone)
        self.env.invalidate_all(flush=False)
        return dict(figures)

    @api.model
    def _get_batch_size(self, run):
        """Customers written between two commits."""
        loud = self._get_loud_causes(run)
        if loud and self.env["lifecycle.transition"]._has_listeners():
            return LOUD_BATCH
        return _BATCH

    @api.model
    def _get_written_columns(self):
        """Columns that a run decides; a row that differs in one is written."""
        engine = self.env["lifecycle.engine"]
        columns = [*engine._get_columns(), *engine._get_derived_columns()]
        return [*columns, "stage_id"]

    @api.model
    def _write_batch(self, company, as_of, run, facts, first=False):
        """Write some customers, with the record of what changed.

        :param first: nothing of it is a change
        :return: Counter of figures
        """
        engine = self.env["lifecycle.engine"]
        self._hold_targets(company, facts)
        engine._fill_staging(company, facts, as_of)
        self._find_changes(company)
        figures = Counter(
            created_count=self._insert_profiles(as_of),
            changed_count=self._update_profiles(as_of),
        )
        if not first:
            self._number_new(company)
            figures["transition_count"] = self._record_transitions(company, as_of, run)
        return figures

    @api.model
    def _write_new(self, company, as_of, facts):
        """Write customers without a profile, where nothing of it is a change.

        The same as :meth:`_write_batch` without the staging table between.

        :return: Counter of figures
        """
        engine = self.env["lifecycle.engine"]
        self._hold_targets(company, facts)
        engine._send_numbers(company, facts)
        _names, rows = engine._select_staging(company, as_of)
        stage, _inline = engine._get_stage_expression(company, as_of, staged=True)
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_profile (%(names)s, stage_id, stage_date)
                SELECT %(names)s, %(stage)s, %(as_of)s
                FROM (%(rows)s) AS lifecycle_profile""",
                names=self._get_new_columns(),
                stage=stage,
                as_of=as_of,
                rows=rows,
            )
        )
        return Counter(created_count=self.env.cr.rowcount)

    @api.model
    def _hold_targets(self, company, facts=None):
        """Nobody deletes what the batch points to; see lifecycle_profile_keys."""
        segments = () if facts is None else facts["segment_id"].unique().tolist()
        self.env["lifecycle.profile"]._hold_targets(company, segments)

    @api.model
    def _get_new_columns(self):
        names = self.env["lifecycle.engine"]._get_stored_columns()
        given = ("id", "stage_id", "stage_date")
        return SQL(", ").join(
            SQL.identifier(name) for name in names if name not in given
        )

    @api.model
    def _find_changes(self, company):
        """Which staged rows differ, and what they were before."""
        columns = [SQL.identifier(name) for name in self._get_written_columns()]
        self._create_changes(
            SQL(
                """SELECT new.id, new.partner_id, old.id IS NULL AS is_new, %(moves)s,
                    COALESCE(old.order_count, 0) AS old_orders,
                    new.order_count AS new_orders,
                    COALESCE(old.revenue_total, 0) AS old_revenue,
                    new.revenue_total AS new_revenue
                FROM %(staging)s new
                LEFT JOIN lifecycle_profile old
                    ON old.partner_id = new.partner_id AND old.company_id = %(company)s
                WHERE old.id IS NULL OR (%(new)s) IS DISTINCT FROM (%(old)s)""",
                staging=SQL.identifier(STAGING_TABLE),
                company=company.id,
                moves=self._select_ends(SQL("old"), SQL("new")),
                new=SQL(", ").join(SQL("new.%s", name) for name in columns),
                old=SQL(", ").join(SQL("old.%s", name) for name in columns),
            )
        )

    @api.model
    def _create_changes(self, query):
        self.env["lifecycle.engine"]._drop_table(CHANGES_TABLE)
        self.env.execute_query(
            SQL(
                "CREATE TEMP TABLE %s ON COMMIT DROP AS %s",
                SQL.identifier(CHANGES_TABLE),
                query,
            )
        )

    @api.model
    def _delete(self, company, partner_ids):
        """Remove profiles of who is no customer any more (merged, now a contact)."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_profile
                WHERE company_id = %s AND partner_id = ANY(%s)""",
                company.id,
                [int(partner_id) for partner_id in partner_ids],
            )
        )
        return Counter(deleted_count=self.env.cr.rowcount)

    @api.model
    def _insert_profiles(self, as_of):
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_profile (%(names)s, stage_id, stage_date)
                SELECT %(names)s, stage_id, %(as_of)s FROM %(staging)s
                WHERE id < 0 ORDER BY partner_id""",
                names=self._get_new_columns(),
                as_of=as_of,
                staging=SQL.identifier(STAGING_TABLE),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _update_profiles(self, as_of):
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_profile old SET %(values)s,
                    stage_date = CASE WHEN old.stage_id IS DISTINCT FROM new.stage_id
                        THEN %(as_of)s ELSE old.stage_date END
                FROM %(staging)s new JOIN %(changes)s c ON c.id = new.id
                WHERE old.id = new.id AND NOT c.is_new""",
                values=SQL(", ").join(
                    SQL("%(name)s = new.%(name)s", name=SQL.identifier(name))
                    for name in self._get_written_columns()
                ),
                as_of=as_of,
                staging=SQL.identifier(STAGING_TABLE),
                changes=SQL.identifier(CHANGES_TABLE),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _number_new(self, company):
        """Give the new rows among the changes the ids that they got."""
        self.env.execute_query(
            SQL(
                """UPDATE %s c SET id = p.id FROM lifecycle_profile p
                WHERE c.is_new AND p.partner_id = c.partner_id AND p.company_id = %s""",
                SQL.identifier(CHANGES_TABLE),
                company.id,
            )
        )
