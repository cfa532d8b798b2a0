import time
from contextlib import suppress
from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import SQL, config, mute_logger

from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB

from .history_common import HistoryCase

LOGGER = "odoo.addons.lifecycle_crm.models.lifecycle_rebuild_work"


@tagged("post_install", "-at_install")
class TestRebuild(HistoryCase):
    """The work: asked for once, done in whole months, resumed, seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")
        cls._order(cls.partner, "2026-01-10", 100)

    def _open(self):
        return self.rebuilds.search(
            [
                ("company_id", "=", self.company.id),
                ("state", "in", ("pending", "running")),
            ]
        )

    def test_after_the_first_run_and_imports_only(self):
        self._recompute()
        self.assertEqual(self._open().mapped("reason"), ["install"])
        self._process_open()
        self._recompute()
        self.assertFalse(self._open())
        self._recompute(reason="import", quiet=True)
        self.assertEqual(self._open().mapped("reason"), ["import"])

    def test_stops_when_time_is_over_and_goes_on(self):
        rebuild = self.rebuilds._request(self.company, "manual", 6)
        with self._only_months(5):
            self.rebuilds._process_open()
        self.assertEqual(
            (rebuild.state, rebuild.done_count, rebuild.remaining_count),
            ("running", 5, 2),
        )
        self.assertAlmostEqual(rebuild.progress, 500 / 7)
        self.assertEqual(self._months(), ["2026-01-31", "2026-02-28", "2026-03-31"])
        versions = self._rows("lifecycle_snapshot")
        # what is done is not done again
        engine = self.registry["lifecycle.engine"]
        asked, stage = [], engine._stage_company

        def spy(records, company, as_of=None, **options):
            asked.append(str(as_of))
            return stage(records, company, as_of, **options)

        with patch.object(engine, "_stage_company", spy):
            self._process_open()
            self._process_open()
        self.assertEqual(asked, ["2026-04-30", "2026-05-31"])
        self.assertEqual((rebuild.state, rebuild.remaining_count), ("done", 0))
        self.assertLess(len(versions), len(self._rows("lifecycle_snapshot")))

    def test_reads_once_for_as_many_months_as_the_limits_allow(self):
        """Not only for the ten seconds after which Odoo would rather end a job."""
        rebuild = self.rebuilds._request(self.company, "manual", 6)
        engine = self.registry["lifecycle.engine"]
        read = engine._read_history
        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", return_value=0),
            patch.object(engine, "_read_history", autospec=True) as reader,
        ):
            reader.side_effect = read
            # what is left of the time of a job that began when it was called
            end = time.monotonic() + MIN_TIME_PER_JOB
            self.rebuilds.with_context(cron_end_time=end)._process_open()
        self.assertEqual((rebuild.state, reader.call_count), ("done", 1))

    def test_nothing_is_read_when_time_is_over(self):
        """Odoo calls a scheduled action that has more to do once more at once."""
        rebuild = self.rebuilds._request(self.company, "manual", 6)
        end = time.monotonic() + MIN_TIME_PER_JOB - 100
        rebuilds = self.rebuilds.with_context(cron_end_time=end)
        with (
            self._no_commit(),
            patch.object(
                self.registry["lifecycle.engine"],
                "_read_history",
                side_effect=AssertionError("read"),
            ),
            patch.dict(config.options, {"limit_time_real_cron": 120}),
        ):
            rebuilds._process_open()
        self.assertEqual((rebuild.state, rebuild.stop_count), ("pending", 0))

    def test_failure_leaves_whole_months(self):
        """The figures of April fail: its customers are not there either."""
        write = self.registry["lifecycle.kpi"]._write_month

        def broken(records, company, month):
            if str(month) == "2026-04-30":
                records.env.cr.execute("SELECT 1 / 0")
            return write(records, company, month)

        rebuild = self.rebuilds._request(self.company, "manual", 4)
        with (
            patch.object(self.registry["lifecycle.kpi"], "_write_month", broken),
            mute_logger(LOGGER, "odoo.sql_db"),
        ):
            self._process_open()
        self.assertEqual(rebuild.state, "failed")
        self.assertRegex(rebuild.error, "^April 2026: DivisionByZero")
        self.assertEqual(self._months(), ["2026-01-31", "2026-02-28", "2026-03-31"])
        self.assertEqual(max(self._kpi_rows()), "2026-03-31")
        self._rebuild(4)
        self.assertEqual(max(self._kpi_rows()), "2026-05-31")

    def test_failing_company_does_not_stop_the_other(self):
        other = self._create_company("Other")
        self._order(self.partner, "2026-05-10", 5, company=other)
        stage = self.registry["lifecycle.engine"]._stage_company

        def broken(records, company, as_of=None, **options):
            if company == self.company:
                raise OSError("disk full")
            return stage(records, company, as_of, **options)

        rebuilds = self.rebuilds._request(self.company | other, "manual", 2)
        with (
            patch.object(self.registry["lifecycle.engine"], "_stage_company", broken),
            mute_logger(LOGGER),
        ):
            self._process_open()
        states = {rebuild.company_id: rebuild.state for rebuild in rebuilds}
        self.assertEqual(states, {self.company: "failed", other: "done"})
        # tomorrow again, not at once
        self._recompute()
        self._open().unlink()
        self.rebuilds._request_due(self.company)
        self.assertFalse(self._open())
        with self.at("2026-06-16"):
            self.rebuilds._request_due(self.company)
        self.assertEqual(self._open().reason, "install")

    def test_somebody_in_the_way(self):
        rebuild = self.rebuilds._request(self.company, "manual", 2)
        write = self.registry["lifecycle.snapshot"]._write_numbers
        attempts = []

        def conflict(records, company, month):
            attempts.append(month)
            if len(attempts) == 2:
                raise errors.SerializationFailure("could not serialize access")
            return write(records, company, month)

        with (
            patch.object(
                self.registry["lifecycle.snapshot"], "_write_numbers", conflict
            ),
            patch.object(self.env.cr, "rollback"),
        ):
            self._process_open()
        self.assertEqual((rebuild.state, len(attempts)), ("done", 4))

    def test_gives_up_where_it_is_always_stopped(self):
        """A worker that is killed in the middle of a month says nothing itself."""
        rebuild = self.rebuilds._request(self.company, "manual", 3)
        with self._only_months(1):
            self.rebuilds._process_open()
        counts, rebuilds = [], self.registry["lifecycle.rebuild"]

        class Killed(BaseException):
            pass

        def kill(records, *args):
            counts.append(records.stop_count)
            raise Killed

        for _time in range(5):
            # not assertRaises: it would roll back what was committed
            with suppress(Killed), patch.object(rebuilds, "_compute_month", kill):
                self._process_open()
        self.assertEqual(counts, [1, 2, 3, 4, 5])
        self.assertEqual((rebuild.state, rebuild.done_count), ("running", 1))
        with mute_logger(LOGGER):
            self._process_open()
        self.assertEqual((rebuild.state, rebuild.done_count), ("failed", 1))
        self.assertRegex(rebuild.error, "^March 2026: .*stopped 5 times")
        self.assertIn("limit_time_real_cron", rebuild.error)
        health = self.env["lifecycle.health"].search([])
        self.assertIn("stopped 5 times", health.attention)

    def test_stop_is_counted_before_it_happens(self):
        """The count is committed before the month, and begins anew after each."""
        rebuild = self.rebuilds._request(self.company, "manual", 3)
        seen = []

        def commit(_cron, processed=0, **_values):
            seen.append((processed, rebuild.stop_count))
            return 60

        with patch.object(self.registry["ir.cron"], "_commit_progress", commit):
            self.rebuilds._process_open()
        months = [(0, 1), (1, 0)] * 4
        self.assertEqual(seen, [(0, 0), *months])

    def test_memory(self):
        rebuild = self.rebuilds._request(self.company, "manual", 3)
        with (
            patch.object(
                self.registry["lifecycle.engine"],
                "_stage_company",
                side_effect=MemoryError(),
            ),
            mute_logger(LOGGER),
        ):
            self._process_open()
        self.assertEqual(rebuild.state, "failed")
        self.assertIn("limit_memory_hard", rebuild.error)

    def test_requests_are_joined_and_replaced(self):
        first = self.rebuilds._request(self.company, "manual")
        self.assertEqual(self.rebuilds._request(self.company, "import"), first)
        with self._only_months(1):
            self.rebuilds._process_open()
        self.assertEqual(first.state, "running")
        # it may have read what was before the import
        second = self.rebuilds._request(self.company, "import")
        self.assertNotEqual(first, second)
        self._process_open()
        self.assertEqual((first.state, second.state), ("replaced", "done"))
        self.assertEqual(second.done_count, 25)

    def test_month_by_month(self):
        """By itself, also late, and for what was missed."""
        self.rebuilds._request_due(self.company)
        self.assertFalse(self._open(), "there are no scores yet")
        self._recompute()
        self._process_open()
        self.rebuilds._request_due(self.company)
        self.assertFalse(self._open())
        with self.at("2026-06-30"):
            self.rebuilds._request_due(self.company)
            self.assertFalse(self._open(), "June is not over")
        self._order(self.partner, "2026-06-30", 7)
        self._order(self.partner, "2026-08-03", 70)
        with self.at("2026-08-04"):
            self.rebuilds._request_due(self.company)
            self.assertEqual(self._open().reason, "month")
            self._process_open()
        rows = self._kpi_rows()
        self.assertEqual(max(rows), "2026-07-31")
        revenue = [rows[month]["revenue"] for month in ("2026-06-30", "2026-07-31")]
        self.assertEqual(revenue, [7, 0])

    def test_over_when_it_is_over_in_the_company(self):
        self.company.lifecycle_tz = "Pacific/Auckland"
        self._rebuild()
        with self.at("2026-06-30"):
            self.rebuilds._request_due(self.company)
        # midnight has passed there: noon UTC is the first of July
        self.assertEqual(str(self._open().month_to), "2026-06-30")

    def test_installing_asks_for_nothing_where_it_must_not(self):
        self.rebuilds.with_context(lifecycle_no_recompute=True)._request(
            self.company, "manual"
        )
        self.assertFalse(self._open())

    def test_latest_work_is_kept(self):
        old, last = self._rebuild(2), self._rebuild(2)
        self.env.execute_query(
            SQL(
                "UPDATE lifecycle_rebuild SET create_date = '2020-01-01' "
                "WHERE id = ANY(%s) RETURNING id",
                (old | last).ids,
            )
        )
        self.rebuilds.invalidate_model()
        self.rebuilds._gc_rebuilds()
        self.assertEqual((old | last).exists(), last)
