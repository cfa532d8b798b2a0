from datetime import date, datetime
from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, LifecycleCase

LOGGER = "odoo.addons.lifecycle_crm.models.lifecycle_run_work"


@tagged("post_install", "-at_install")
class TestRuns(LifecycleCase):
    """What is asked for is done once, and a failure stays where it happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["lifecycle.run"]
        cls.partner = cls._partner("Buyer")
        cls._order(cls.partner, "2026-06-01", 100)

    def _pending(self):
        return self.runs.search([("state", "=", "pending")])

    def _break(self, company):
        """One of the scorers fails for a company."""
        engine = self.registry["lifecycle.engine"]
        score = engine._score_rfm

        def broken(records, facts, context):
            if context.company == company:
                # the database itself refuses: the transaction must survive it
                records.env.cr.execute("SELECT 1 / 0")
            return score(records, facts, context)

        patcher = patch.object(engine, "_score_rfm", broken)
        patcher.start()
        self.addCleanup(patcher.stop)
        return patcher

    def test_figures(self):
        self._lead(self._partner("Asks"), "2026-06-01")
        run = self._recompute()
        self.assertEqual(
            run.read(
                ["state", "as_of", "customer_count", "created_count", "changed_count"]
            ),
            [
                {
                    "id": run.id,
                    "state": "done",
                    "as_of": TODAY,
                    "customer_count": 2,
                    "created_count": 2,
                    "changed_count": 0,
                }
            ],
        )
        self._order(self.partner, "2026-06-02", 100)
        run = self._recompute()
        self.assertEqual((run.created_count, run.changed_count), (0, 1))
        self.assertGreater(run.transition_count, 0)

    def test_failing_company_does_not_stop_the_other(self):
        other = self._create_company("Other")
        self._order(self.partner, "2026-06-01", 100, company=other)
        self._recompute(self.company | other)
        # not what is read from the purchases when it is shown
        fields = self.env["lifecycle.profile"]._fields.items()
        stored = [name for name, field in fields if field.store]
        before = self._profile(self.partner).read(stored)
        for company in (self.company, other):
            self._order(self.partner, "2026-06-10", 50, company=company)
        patcher = self._break(self.company)
        runs = self.runs._request(self.company | other, "manual")
        with mute_logger(LOGGER, "odoo.sql_db"):
            self._process_pending()
        failed, done = runs.sorted(lambda run: run.company_id != self.company)
        self.assertEqual((failed.state, done.state), ("failed", "done"))
        self.assertIn("DivisionByZero", failed.error)
        self.assertFalse(done.error)
        # nothing half done, nothing lost
        self.assertEqual(self._profile(self.partner).read(stored), before)
        self.assertEqual(self._facts(self.partner, "order_count", company=other), (2,))
        # and the next one makes up for it
        patcher.stop()
        self._recompute()
        self.assertEqual(self._facts(self.partner, "order_count"), (2,))

    def test_failure_while_writing_leaves_nothing_behind(self):
        self._recompute()
        self._order(self.partner, "2026-06-02", 50)
        before = self._profile(self.partner).read()
        store = self.registry["lifecycle.store"]
        with (
            patch.object(
                store, "_record_transitions", side_effect=OSError("disk full")
            ),
            mute_logger(LOGGER),
        ):
            run = self.runs._request(self.company, "manual")
            self._process_pending()
        self.assertEqual((run.state, run.error), ("failed", "OSError: disk full"))
        self.assertEqual(self._profile(self.partner).read(), before)

    def test_requests_are_joined(self):
        first = self.runs._request(self.company, "manual")
        self.assertEqual(self.runs._request(self.company, "manual"), first)
        self.assertFalse(first.quiet)
        # one that must be quiet makes it quiet, and a loud one does not undo that
        self.runs._request(self.company, "rules", quiet=True)
        self.runs._request(self.company, "manual")
        self.assertEqual(self._pending(), first)
        self.assertEqual((first.quiet, first.reason), (True, "rules"))

    def test_request_of_several_companies(self):
        other = self._create_company("Other")
        first = self.runs._request(self.company, "manual")
        both = self.runs._request(self.company | other, "manual")
        self.assertEqual(both.company_id, self.company | other)
        self.assertLessEqual(first, both)

    def test_request_wakes_the_scheduled_action(self):
        cron = self.env.ref("lifecycle_crm.ir_cron_recompute")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.runs._request(self.company, "manual")
        after = triggers.search_count([("cron_id", "=", cron.id)])
        self.assertGreater(after, before)

    def test_change_of_rules_asks_for_a_quiet_run(self):
        self._recompute()
        for change in (
            lambda: self.company.write({"lifecycle_rfm_months": 12}),
            lambda: self.company.write({"lifecycle_rfm_frequency_bands": "1 2 3 4"}),
            lambda: self._stage("loyal").write({"sequence": 45}),
            lambda: self._stage("loyal").write({"domain": "[]"}),
            lambda: self.env["lifecycle.segment"].create({"name": "Another one"}),
            lambda: (
                self.env["lifecycle.segment"]
                .search([("name", "=", "Another one")])
                .unlink()
            ),
        ):
            self._pending().unlink()
            change()
            run = self._pending().filtered(lambda run: run.company_id == self.company)
            self.assertEqual(
                run.mapped(lambda r: (r.quiet, r.reason)), [(True, "rules")]
            )

    def test_what_moves_nobody_asks_for_nothing(self):
        self._recompute()
        self._pending().unlink()
        self.company.write({"name": "Renamed", "lifecycle_rfm_months": 24})
        self.company.lifecycle_rfm_frequency_bands = "2;3;5;10"  # the same
        self._stage("loyal").write({"color": 3, "description": "Good"})
        self.assertFalse(self._pending())

    def test_rule_of_one_company_concerns_that_one(self):
        self._create_company("Other")
        self._pending().unlink()
        self.env["lifecycle.stage"].create(
            {"name": "Only here", "company_id": self.company.id}
        )
        self.assertEqual(self._pending().company_id, self.company)

    # -- the scheduled action ----------------------------------------------------

    def _night(self, moment):
        """The scheduled action at a moment: the runs that it did."""
        domain = [("company_id", "=", self.company.id)]
        before = self.runs.search(domain)
        with self.at(moment), self._no_commit():
            self.runs._cron_recompute()
        return self.runs.search(domain) - before

    def test_once_a_day(self):
        first = self._night(datetime(2026, 6, 15, 1))
        self.assertEqual((first.reason, first.quiet), ("install", True))
        self.assertFalse(self._night(datetime(2026, 6, 15, 2)))
        self.assertFalse(self._night(datetime(2026, 6, 15, 23, 59)))
        second = self._night(datetime(2026, 6, 16, 0, 0))
        self.assertEqual((second.reason, second.quiet), ("nightly", False))
        self.assertEqual(second.as_of, date(2026, 6, 16))

    def test_day_begins_in_the_time_zone_of_the_company(self):
        self.company.lifecycle_tz = "Asia/Tehran"  # +03:30
        self._pending().unlink()
        self._night(datetime(2026, 6, 15, 1))
        self.assertFalse(self._night(datetime(2026, 6, 15, 20, 29)))
        self.assertEqual(
            self._night(datetime(2026, 6, 15, 20, 30)).as_of, date(2026, 6, 16)
        )

    def test_run_by_hand_makes_the_nightly_one_superfluous(self):
        self._recompute()
        self.assertFalse(self._night(datetime(2026, 6, 15, 18)))

    def test_failed_night_is_tried_three_times(self):
        """What was in the way may pass, but not every hour fills the list."""
        self._recompute(day="2026-06-14")
        self._break(self.company)
        with mute_logger(LOGGER, "odoo.sql_db"):
            for hour in (1, 2, 3):
                run = self._night(datetime(2026, 6, 15, hour))
                self.assertEqual(run.state, "failed")
        self.assertFalse(self._night(datetime(2026, 6, 15, 4)))

    def test_stops_when_time_is_over(self):
        other = self._create_company("Other")
        self._pending().unlink()
        runs = self.runs._request(self.company | other, "manual")
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda self, *a, **kw: 0
        ):
            self.runs._process_pending()
        self.assertEqual(runs.sorted("id").mapped("state"), ["done", "pending"])
        # the scheduled action is called again and goes on
        self._process_pending()
        self.assertEqual(runs.mapped("state"), ["done", "done"])

    def test_locked_elsewhere_stays_pending(self):
        run = self.runs._request(self.company, "manual")
        with self.registry.cursor() as elsewhere:
            elsewhere.execute(
                "SELECT pg_advisory_xact_lock(5492001, %s)", [self.company.id]
            )
            self._process_pending()
            self.assertEqual(run.state, "pending")
            self.assertFalse(self._profile(self.partner))
        self._process_pending()
        self.assertEqual(run.state, "done")

    def test_request_during_a_run_is_a_run_of_its_own(self):
        """It may not see what the one who asks has not committed yet."""
        begun = self.runs._request(self.company, "nightly")
        self.assertTrue(begun._claim())
        self.assertEqual(begun.state, "running")
        asked = self.runs._request(self.company, "rules", quiet=True)
        self.assertNotEqual(asked, begun)
        self.assertFalse(begun.quiet)
        self._process_pending()
        self.assertEqual((begun | asked).mapped("state"), ["done", "done"])

    def test_run_that_was_killed_is_done_again(self):
        run = self.runs._request(self.company, "nightly")
        run.write({"state": "running"})
        self._process_pending()
        self.assertEqual(run.state, "done")

    def _conflicts(self, times):
        """A user is in the way of the first attempts."""
        errors_left = [errors.SerializationFailure()] * times
        prepare = self.registry["lifecycle.engine"]._prepare

        def disturbed(records, *args, **kwargs):
            if errors_left:
                raise errors_left.pop()
            return prepare(records, *args, **kwargs)

        for target, name, function in (
            (self.registry["lifecycle.engine"], "_prepare", disturbed),
            # nothing is committed in a test, so nothing may be rolled back
            (self.env.cr, "rollback", lambda: None),
        ):
            patcher = patch.object(target, name, function)
            patcher.start()
            self.addCleanup(patcher.stop)

    def test_user_in_the_way_only_delays(self):
        self._conflicts(2)
        run = self.runs._request(self.company, "nightly")
        self._process_pending()
        self.assertEqual(run.state, "done")
        self.assertTrue(self._profile(self.partner))

    def test_users_always_in_the_way(self):
        self._conflicts(5)
        run = self.runs._request(self.company, "nightly")
        self._process_pending()
        self.assertEqual(run.state, "pending")
        self._process_pending()
        self.assertEqual(run.state, "done")

    def test_old_runs_are_cleared_away(self):
        first = self._recompute(day="2025-06-13")  # says since when there are scores
        old = self._recompute(day="2025-06-14")
        young = self._recompute(day="2025-06-16")
        waiting = self.runs._request(self.company, "manual")
        self.runs._gc_runs()
        self.assertFalse(old.exists())
        self.assertTrue(first.exists() and young.exists() and waiting.exists())
