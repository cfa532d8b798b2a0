from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import TODAY
from .security_common import SecurityCase

YESTERDAY = TODAY - timedelta(days=1)


@tagged("post_install", "-at_install")
class TestHealth(SecurityCase):
    """What a manager is told about the runs, company by company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["lifecycle.run"]
        cls.runs.search([]).unlink()
        cls.cron = cls.env.ref("lifecycle_crm.ir_cron_recompute")
        for name in cls.env["lifecycle.health"]._get_scheduled_actions():
            cls.env.ref(name).nextcall = datetime(2026, 6, 15, 12, 27)
        cls.boss = cls._user("boss", ("lifecycle_crm.group_lifecycle_manager",))
        cls.boss.company_ids = [Command.link(cls.other.id)]

    def _run(self, company=None, state="done", as_of=TODAY, **values):
        return self.runs.create(
            {
                "company_id": (company or self.company).id,
                "state": state,
                "reason": "nightly",
                "as_of": as_of,
                "start": datetime.combine(as_of, datetime.min.time()),
                **values,
            }
        )

    def _health(self, company=None, user=None):
        """The card of a company as a manager sees it."""
        company = company or self.company
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(
            user=user or self.boss,
            context={"allowed_company_ids": (self.company | self.other).ids},
        )
        [health] = env["lifecycle.health"].search([("company_id", "=", company.id)])
        return health

    def _warning(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self._as(user or self.manager)["lifecycle.health"].get_warning()

    # -- states ----------------------------------------------------------------

    def test_not_computed_yet(self):
        health = self._health()
        self.assertEqual(health.state, "new")
        self.assertFalse(health.last_run_id)
        self.assertFalse(health.attention)
        # the next call of the scheduled action does it
        self.assertEqual(health.next_nightly, self.cron.nextcall)
        self.assertFalse(self._warning())

    def test_waiting_and_up_to_date(self):
        run = self.runs._request(self.company, "manual")
        health = self._health()
        self.assertEqual((health.state, health.current_run_id.id), ("pending", run.id))
        self.assertIn("scheduled action", health.progress_text)
        self._process_pending()
        health = self._health()
        self.assertEqual((health.state, health.last_run_id.id), ("done", run.id))
        self.assertEqual(health.as_of, TODAY)
        self.assertEqual(health.customer_count, run.customer_count)
        self.assertGreater(health.customer_count, 0)
        self.assertEqual(health.changed_count, run.changed_count)
        self.assertEqual(health.lapse_days, run.lapse_days)
        self.assertFalse(health.attention)
        # done for today: the first call of tomorrow
        self.assertEqual(health.next_nightly, datetime(2026, 6, 16, 0, 27))

    def test_next_nightly_is_of_the_companys_day(self):
        self._run()
        self.company.lifecycle_tz = "Asia/Tehran"  # midnight is at 20:30 UTC
        self.runs.search([("state", "=", "pending")]).unlink()
        self.assertEqual(self._health().next_nightly, datetime(2026, 6, 15, 21, 27))

    def test_running(self):
        self._run(as_of=YESTERDAY)
        now = fields.Datetime.now()
        run = self._run(
            state="running",
            start=now - timedelta(seconds=72),
            alive=now,
            done_count=4000,
            total_count=10000,
        )
        health = self._health()
        self.assertEqual(health.state, "running")
        self.assertAlmostEqual(health.progress, 40)
        self.assertEqual(
            health.progress_text, "4,000 of 10,000 customers written, 6,000 remain"
        )
        self.assertEqual(health.current_elapsed, "1 min 12 s")
        self.assertEqual(health.as_of, YESTERDAY)
        self.assertFalse(health.attention)
        # one that nobody hears of any more
        run.alive = now - timedelta(hours=2)
        self.assertIn("last sign of life", self._health().attention)

    def test_failed(self):
        self._run(as_of=YESTERDAY)
        first = self._run(state="failed", error="DiskFull: no space\nCONTEXT: COPY")
        failed = self._run(state="failed", error="OSError: disk full")
        health = self._health()
        self.assertEqual(health.state, "failed")
        self.assertEqual(health.error, "OSError: disk full")
        self.assertEqual(health.failed_since, first.start)
        self.assertEqual(health.failure_count, 2)
        self.assertEqual(health.action_view_failed_run()["res_id"], failed.id)
        # a third attempt comes, a fourth does not
        self.assertEqual(health.next_nightly, self.cron.nextcall)
        self._run(state="failed", error="OSError: disk full")
        self.assertEqual(self._health().next_nightly, datetime(2026, 6, 16, 0, 27))
        # asked for again, it waits; done, all is well and the week remembers
        health.action_recompute()
        self.assertEqual(self._health().state, "pending")
        self._process_pending()
        health = self._health()
        self.assertEqual((health.state, health.failure_count), ("done", 3))
        self.assertFalse(health.failed_run_id)

    def test_old_failures_are_forgotten(self):
        self._run(state="failed", as_of=TODAY - timedelta(days=8), error="x")
        self._run(as_of=TODAY)
        self.assertEqual(self._health().failure_count, 0)

    def test_three_nights_failed(self):
        for days in (2, 1):
            self._run(state="failed", as_of=TODAY - timedelta(days=days), error="x")
        self.assertFalse(self._health().attention)
        self._run(state="failed", error="x")
        self.assertIn("for 3 days", self._health().attention)

    def test_behind(self):
        self._run(as_of=YESTERDAY)
        self.assertEqual(self._health().state, "behind")
        # there, it is still yesterday
        self.company.lifecycle_tz = "Pacific/Midway"
        self.runs.search([("state", "=", "pending")]).unlink()
        with self.at(datetime(2026, 6, 15, 9)):
            self.assertEqual(self._health().state, "done")

    def test_marks(self):
        self._run()
        self._dirty()
        self._order(self.alpha, TODAY, 10)
        self._order(self.alpha, TODAY, 10, company=self.other)
        self._run(self.other)
        self._order(self.beta, TODAY, 10, company=self.other)
        self.env.cr.flush()
        count = self._health(self.other).mark_count
        self.assertGreaterEqual(count, 1)
        self.assertEqual(
            count,
            self.env["lifecycle.dirty"].search_count(
                [("company_id", "=", self.other.id)]
            ),
        )

    # -- scheduled actions -------------------------------------------------------

    def test_scheduled_action_switched_off(self):
        self._run()
        self.cron.active = False
        health = self._health()
        self.assertFalse(health.next_nightly)
        self.assertIn("“Nightly recompute” is switched off", health.attention)
        states = {line["name"]: line["active"] for line in health.scheduled_actions}
        self.assertEqual(
            (states["Nightly recompute"], states["Refresh within seconds"]),
            (False, True),
        )

    def test_scheduled_action_is_not_called(self):
        self._run()
        self.cron.nextcall = datetime(2026, 6, 15, 8)
        self.assertIn("max_cron_threads", self._health().attention)

    def test_scheduled_action_fails_itself(self):
        self._run()
        self.cron.failure_count = 4
        self.assertIn("4 times in a row", self._health().attention)

    def test_monthly_history_failed(self):
        self._run()
        rebuilds = self.env["lifecycle.rebuild"]
        values = {"company_id": self.company.id, "reason": "manual"}
        rebuilds.create({**values, "state": "failed", "error": "May: disk full."})
        self.assertIn("May: disk full.", self._health().attention)
        self.assertFalse(self._health(self.other).attention)
        rebuilds.create({**values, "state": "done"})
        self.assertFalse(self._health().attention)

    # -- companies and rights ------------------------------------------------------

    def test_companies(self):
        self._run()
        self._run(self.other, state="failed", error="secret of the other")
        self.assertEqual(self._health().state, "done")
        self.assertEqual(self._health(self.other).state, "failed")
        # whoever has one company sees one
        health = self._as(self.manager)["lifecycle.health"]
        self.assertEqual(health.search([]).company_id, self.company)
        self.assertFalse(health.search([("error", "!=", False)]))
        for method, *args in (("read", ["error"]), ("action_recompute",)):
            answer = self._answer(
                self.manager, "lifecycle.health", method, self.other.ids, *args
            )
            self.assertIn(answer, ([], "MissingError", "AccessError"))
        # the button is about the company of the card
        self._health(self.other).action_recompute()
        self.assertEqual(
            self.runs.search([("state", "=", "pending")]).company_id, self.other
        )

    def test_without_rights(self):
        self._run(state="failed", error="secret")
        for user in (*self.without_rights, self.salesperson):
            model = "lifecycle.health"
            self._refused(user, model, "search_read", [], ["id"])
            self._refused(user, model, "search_count", [("error", "!=", False)])
            self._refused(user, model, "read", self.company.ids, ["scheduled_actions"])
            self._refused(user, model, "action_recompute", self.company.ids)
            self.assertFalse(self._answer(user, model, "get_warning") is True)
            self.assertFalse(self._warning(user))
        self._refused(
            self.manager, "lifecycle.health", "write", self.company.ids, {"state": "x"}
        )

    def test_queries_do_not_grow_with_companies(self):
        companies = self.company | self.other
        for number in range(6):
            companies |= self._create_company(f"Company {number}")
        self.boss.company_ids = companies
        for company in companies:
            self._run(company, as_of=YESTERDAY)
            self._run(company, state="failed", error="x")
            self._run(company, state="running", done_count=1, total_count=2)
        names = [n for n in self.env["lifecycle.health"]._fields if n != "id"]
        spec = {name: {} for name in names}
        counts = []
        # twice: what is cached for good is not counted
        for some in 2 * (companies[:2], companies):
            self.env.flush_all()
            self.env.invalidate_all()
            env = self.env(
                user=self.boss, context={"allowed_company_ids": some.ids, "lang": None}
            )
            before = self.env.cr.sql_log_count
            result = env["lifecycle.health"].web_search_read([], spec)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(result["length"], len(some))
        self.assertEqual(counts[2], counts[3])

    # -- where people work -------------------------------------------------------

    def test_warning(self):
        self._run(as_of=TODAY - timedelta(days=2))
        self.assertFalse(self._warning())
        with self.at(TODAY + timedelta(days=1)):
            warning = self._warning()
        self.assertEqual(warning["as_of"], TODAY - timedelta(days=2))
        self.assertIn("not recomputed lately", warning["text"])
        self.assertFalse(warning["failed"])
        self._run(state="failed", error="x")
        self.assertTrue(self._warning()["failed"])
        # of another company it is another's business
        self.assertFalse(self._warning(self.foreign_manager))
