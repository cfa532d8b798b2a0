import resource
import time
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import config, mute_logger

from .common import LifecycleCase

LOGGER = "odoo.addons.lifecycle_crm.models.lifecycle_run_work"


@tagged("post_install", "-at_install")
class TestRunStops(LifecycleCase):
    """Runs that are stopped from outside, and what comes while they go on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["lifecycle.run"]
        cls.partner = cls._partner("Buyer")
        cls._order(cls.partner, "2026-06-01", 100)

    def _triggers(self, name):
        cron = self.env.ref(f"lifecycle_crm.{name}")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    def _fail(self, error):
        """The run meets an error while it reads."""
        patcher = patch.object(
            self.registry["lifecycle.engine"], "_prepare", side_effect=error
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        return patcher

    def test_killed_run_needs_no_second_one(self):
        self._recompute(day="2026-06-14")
        run = self.runs._request(self.company, "nightly")
        run._claim()
        self.assertFalse(self.runs._is_nightly_due(self.company))
        self._process_pending()
        self.assertEqual(run.state, "done")

    def test_gives_up_where_it_never_writes(self):
        run = self.runs._request(self.company, "manual")
        for _attempt in range(5):
            self.assertTrue(run._claim())
        with mute_logger(LOGGER):
            self._process_pending()
        self.assertEqual(run.state, "failed")
        self.assertIn("stopped 5 times", run.error)
        self.assertIn("limit_time_cpu", run.error)

    def test_many_restarts_are_no_reason_to_give_up(self):
        run = self.runs._request(self.company, "manual")
        for _attempt in range(4):
            self.assertTrue(run._claim())
        run.stop_count = 0  # as after a batch
        self._process_pending()
        self.assertEqual((run.state, run.attempt_count), ("done", 5))

    def test_without_memory_it_goes_on_elsewhere(self):
        run = self.runs._request(self.company, "manual")
        before = self._triggers("ir_cron_recompute")
        patcher = self._fail(MemoryError())
        with mute_logger(LOGGER):
            self._process_pending()
        self.assertEqual(run.state, "running")
        self.assertTrue(self._triggers("ir_cron_recompute") - before)
        patcher.stop()
        self._process_pending()
        self.assertEqual(run.state, "done")

    def _is_out_of_time(self, used, end, left=100):
        """Asked where the process has used so many seconds, and may use so many.

        :param left: seconds of real time that the scheduled action still has
        """
        runs = self.runs.with_context(cron_end_time=time.monotonic() + left)
        usage = SimpleNamespace(ru_utime=used - 1, ru_stime=1)
        with (
            patch.object(resource, "getrusage", lambda _who: usage),
            patch.object(resource, "getrlimit", lambda _what: (end, -1)),
            patch.dict(config.options, {"limit_time_cpu": 60}),
        ):
            return runs._is_out_of_time()

    def test_leaves_before_the_processor_limit_strikes(self):
        """A worker limits itself to 60 s from the moment it began to look for work."""
        for used, end, out in (
            (1000, 1060, False),
            (1035, 1060, False),
            (1037, 1060, True),
            (1061, 1060, True),
            (1037, resource.RLIM_INFINITY, False),
        ):
            with self.subTest(used=used, end=end):
                self.assertEqual(self._is_out_of_time(used, end), out)
        # whoever asks by hand is not stopped
        self.assertFalse(self.runs._is_out_of_time())

    def test_run_goes_on_where_the_processor_limit_stopped_it(self):
        self._order(self._partner("Second"), "2026-06-02", 5)
        run = self.runs._request(self.company, "manual")
        with (
            patch.object(
                self.registry["lifecycle.store"], "_get_batch_size", lambda *_args: 1
            ),
            patch.object(self.registry["lifecycle.run"], "_is_out_of_cpu") as out,
        ):
            out.side_effect = [False, True]
            runs = self.runs.with_context(cron_end_time=time.monotonic() + 100)
            with self._no_commit():
                runs._process_pending()
            self.assertEqual((run.state, run.done_count), ("running", 1))
            out.side_effect = None
            out.return_value = False
            self._process_pending()
        self.assertEqual((run.state, run.customer_count), ("done", 2))

    def test_busy_elsewhere_is_looked_at_again(self):
        self.runs._request(self.company, "manual")
        before = self._triggers("ir_cron_recompute")
        with self.registry.cursor() as elsewhere:
            elsewhere.execute(
                "SELECT pg_advisory_xact_lock(5492001, %s)", [self.company.id]
            )
            self._process_pending()
        self.assertTrue(self._triggers("ir_cron_recompute") - before)

    def test_unlocked_when_it_is_done(self):
        """Another server may do the company at once, also after one that failed."""

        def is_free():
            with self.registry.cursor() as elsewhere:
                elsewhere.execute(
                    "SELECT pg_try_advisory_xact_lock(5492001, %s)", [self.company.id]
                )
                return elsewhere.fetchone()[0]

        execute = self.registry["lifecycle.run"]._execute
        seen = []

        def spy(run):
            seen.append(is_free())
            return execute(run)

        with patch.object(self.registry["lifecycle.run"], "_execute", spy):
            self._recompute()
            self.assertTrue(is_free())
            self._fail(OSError("disk full"))
            run = self.runs._request(self.company, "manual")
            with mute_logger(LOGGER):
                self._process_pending()
        self.assertEqual((run.state, seen), ("failed", [False, False]))
        self.assertTrue(is_free())

    def test_what_came_meanwhile_is_refreshed_after_it(self):
        self._recompute()
        forget = self.registry["lifecycle.dirty"]._forget_news
        before = self._triggers("ir_cron_refresh")

        def late(records, news):
            forget(records, news)
            records.create(
                {"company_id": self.company.id, "partner_id": self.partner.id}
            )

        self.runs._request(self.company, "manual")
        with patch.object(self.registry["lifecycle.dirty"], "_forget_news", late):
            self._process_pending()
        self.assertTrue(self._triggers("ir_cron_refresh") - before)

    def test_failed_quiet_run_stays_quiet(self):
        """What was imported is not told by the run that makes up for it."""
        self._recompute()
        quiet = self.runs._request(self.company, "import", quiet=True)
        patcher = self._fail(OSError("disk full"))
        with mute_logger(LOGGER):
            self._process_pending()
        self.assertEqual(quiet.state, "failed")
        patcher.stop()
        loud = self.runs._request(self.company, "manual")
        self._process_pending()
        self.assertEqual((loud.state, loud.quiet), ("done", True))
        later = self.runs._request(self.company, "manual")
        self._process_pending()
        self.assertEqual((later.state, later.quiet), ("done", False))
