from contextlib import contextmanager
from unittest.mock import patch

from odoo.tools import SQL

from .common import LifecycleCase
from .random_trade import RandomTrade


class HistoryCase(LifecycleCase):
    """Short ways to the months of a company.  The last month end is 2026-05-31."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.snapshots = cls.env["lifecycle.snapshot"]
        cls.kpis = cls.env["lifecycle.kpi"]
        cls.rebuilds = cls.env["lifecycle.rebuild"]

    def _random_trade(self, seed, customers):
        RandomTrade(self, seed, customers)

    def _rebuild(self, months=24, company=None, until=None):
        rebuild = self.snapshots._rebuild(company or self.company, months, until)
        self.assertEqual(rebuild.state, "done", rebuild.error)
        return rebuild

    def _process_open(self):
        with self._no_commit():
            self.rebuilds._process_open()

    @contextmanager
    def _only_months(self, count):
        """The time of the scheduled action is over after some months."""
        done = []

        def commit(_self, processed=0, **_values):
            done.append(processed)
            return 60

        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
            patch.object(
                self.registry["lifecycle.rebuild"],
                "_is_out_of_time",
                lambda _self: sum(done) >= count,
            ),
        ):
            yield

    def _months(self, company=None):
        """Month ends with customers, as texts, oldest first."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT month FROM lifecycle_snapshot "
                "WHERE company_id = %s ORDER BY month",
                (company or self.company).id,
            )
        )
        return [str(month) for [month] in rows]

    def _kpi_rows(self, company=None):
        """``{month end: {column: value}}``, as they are in the database."""
        self.env.cr.execute(
            SQL(
                "SELECT * FROM lifecycle_kpi WHERE company_id = %s ORDER BY month",
                (company or self.company).id,
            )
        )
        return {str(row["month"]): row for row in self.env.cr.dictfetchall()}

    def _rows(self, table, company=None, ids=True):
        """All rows of a table of a company, sorted."""
        self.env.cr.execute(
            SQL(
                "SELECT * FROM %s WHERE company_id = %s",
                SQL.identifier(table),
                (company or self.company).id,
            )
        )
        rows = self.env.cr.dictfetchall()
        if not ids:
            for row in rows:
                del row["id"]
        return sorted(rows, key=repr)

    def _snapshot(self, partner, month, company=None):
        return self.snapshots.search(
            [
                ("partner_id", "=", partner.id),
                ("month", "=", month),
                ("company_id", "=", (company or self.company).id),
            ]
        )
