from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, LifecycleCase
from .test_engine import EngineCase

NEWS = "odoo.addons.lifecycle_crm.models.lifecycle_dirty_news"
# What one customer alone decides; the scores stand beside the others.
ALONE = [
    "first_contact_date",
    "first_order_date",
    "last_order_date",
    "order_count",
    "order_days",
    "revenue_total",
    "won_back_date",
    "rfm_order_count",
    "rfm_revenue",
    "gap_days",
    "next_order_date",
    "at_risk_date",
    "lapse_date",
]


@tagged("post_install", "-at_install")
class TestRefresh(LifecycleCase):
    """An order shows within seconds, on those whom it concerns and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")
        cls.bystander = cls._partner("Bystander")
        for partner in cls.partner | cls.bystander:
            cls._order(partner, "2026-06-01", 100)

    def setUp(self):
        super().setUp()
        self._recompute()
        self._dirty()

    def _rows(self):
        self.env.cr.execute(
            "SELECT id, xmin::text, ctid::text FROM lifecycle_profile ORDER BY id"
        )
        return self.env.cr.fetchall()

    def _count_runs(self):
        return self.env["lifecycle.run"].search_count([])

    def test_order(self):
        before, runs = self._rows(), self._count_runs()
        bystander = self._profile(self.bystander).id
        self._order(self.partner, TODAY, 50)
        self._refresh()
        self.assertEqual(
            self._facts(self.partner, "order_count", "revenue_total", "stage_id"),
            (2, 150, self._stage("active")),
        )
        [move] = self._transitions(self.partner)
        self.assertEqual(
            (move.cause, move.from_stage_id, move.to_stage_id, move.revenue_total),
            ("purchase", self._stage("new"), self._stage("active"), 150),
        )
        self.assertFalse(move.run_id)
        self.assertEqual(self._count_runs(), runs)
        self.assertEqual(
            [row for row in self._rows() if row[0] == bystander],
            [row for row in before if row[0] == bystander],
        )
        self.assertFalse(self._dirty())

    def test_new_customer(self):
        newcomer = self._partner("Newcomer")
        self._lead(newcomer, TODAY)
        self._refresh()
        self.assertEqual(self._facts(newcomer, "stage_id"), (self._stage("lead"),))
        self._order(newcomer, TODAY, 500)
        self._refresh()
        self.assertEqual(
            self._facts(newcomer, "stage_id", "order_count"), (self._stage("new"), 1)
        )
        self.assertEqual(
            self._transitions(newcomer).mapped("cause"), ["first", "purchase"]
        )

    def test_refund_and_cancellation(self):
        order = self._order(self.partner, "2026-06-10", 80)
        other = self._order(self.partner, "2026-06-11", 30)
        self._refresh()
        self.assertEqual(self._facts(self.partner, "revenue_total"), (210,))
        self._refund(self._invoice_order(order), "2026-06-12")
        self._refresh()
        self.assertEqual(
            self._facts(self.partner, "order_count", "revenue_total"), (2, 130)
        )
        other._action_cancel()
        self._refresh()
        self.assertEqual(
            self._facts(self.partner, "order_count", "revenue_total"), (1, 100)
        )
        self.assertIn("refund", self._transitions(self.partner).mapped("cause"))

    def test_hierarchy(self):
        """A customer that becomes a contact of another has no profile any more."""
        self.partner.parent_id = self.bystander
        self._refresh()
        self.assertFalse(
            self.env["lifecycle.profile"].search([("partner_id", "=", self.partner.id)])
        )
        self.assertEqual(self._facts(self.bystander, "order_count"), (2,))
        self.partner.parent_id = False
        self._refresh()
        self.assertEqual(self._facts(self.partner, "order_count"), (1,))
        self.assertEqual(self._facts(self.bystander, "order_count"), (1,))

    def test_customer_of_nothing_any_more(self):
        self.env["sale.order"].search(
            [("partner_id", "=", self.partner.id)]
        )._action_cancel()
        self._refresh()
        self.assertFalse(self._profile(self.partner))
        self.assertTrue(self._profile(self.bystander))

    def test_scores_by_the_scale_of_the_last_run(self):
        """The same values get the same scores as in the run."""
        twin = self._partner("Twin")
        self._order(twin, "2026-06-01", 100)
        self._refresh()
        self.assertEqual(
            self._facts(twin, "rfm_code", "segment_id"),
            self._facts(self.partner, "rfm_code", "segment_id"),
        )

    def test_left_to_a_run_that_waits(self):
        """It may have to be quiet about what the mark would tell."""
        run = self.env["lifecycle.run"]._request(self.company, "import", quiet=True)
        self._order(self.partner, TODAY, 50)
        self._refresh()
        self.assertEqual(self._facts(self.partner, "order_count"), (1,))
        self._process_pending()
        self.assertEqual(run.state, "done")
        self.assertEqual(self._facts(self.partner, "order_count"), (2,))
        self.assertFalse(self._dirty())

    def test_rest_is_refreshed_by_the_next_call(self):
        """Odoo calls again, at once, only who says that something remains."""
        self._order(self.partner, TODAY, 50)
        self._order(self.bystander, TODAY, 50)
        self.env.cr.flush()
        said = []

        def commit(_cron, processed=0, remaining=None, **_values):
            said.append(remaining)
            return 0  # time is over

        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
            patch(f"{NEWS}._LIMIT", 1),
        ):
            self.env["lifecycle.dirty"]._cron_refresh()
            partners = self.partner | self.bystander
            counts = sorted(self._facts(p, "order_count") for p in partners)
            self.assertEqual(counts, [(1,), (2,)])
            self.assertEqual(said[-1], 1)
            for _call in range(2):
                self.env["lifecycle.dirty"]._cron_refresh()
        counts = [self._facts(p, "order_count") for p in partners]
        self.assertEqual(counts, [(2,), (2,)])
        self.env["lifecycle.dirty"].flush_model()
        self.assertFalse(self._dirty())
        self.assertEqual(said[-1], 0)

    def test_left_to_whoever_has_the_company(self):
        self._order(self.partner, TODAY, 50)
        with self.registry.cursor() as elsewhere:
            elsewhere.execute(
                "SELECT pg_advisory_xact_lock(5492001, %s)", [self.company.id]
            )
            self._refresh()
        self.assertEqual(self._facts(self.partner, "order_count"), (1,))
        self._refresh()
        self.assertEqual(self._facts(self.partner, "order_count"), (2,))

    def test_failing_company_stops_no_other(self):
        other = self._create_company("Other")
        self._order(self.partner, "2026-06-01", 10, company=other)
        self._recompute(other)
        for company in self.company | other:
            self._order(self.partner, TODAY, 10, company=company)
        engine = self.registry["lifecycle.engine"]
        score = engine._score_rfm

        def broken(records, facts, context):
            if context.company == self.company:
                records.env.cr.execute("SELECT 1 / 0")
            return score(records, facts, context)

        with (
            patch.object(engine, "_score_rfm", broken),
            mute_logger(NEWS, "odoo.sql_db"),
        ):
            self._refresh()
        self.assertEqual(self._facts(self.partner, "order_count", company=other), (2,))
        self.assertEqual(self._facts(self.partner, "order_count"), (1,))
        # a run is asked for, that would say aloud what is wrong
        run = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertEqual(
            (run.company_id, run.reason, run.quiet, run.full),
            (self.company, "refresh", False, False),
        )
        self._refresh()
        self._process_pending()
        self.assertEqual(self._facts(self.partner, "order_count"), (2,))
        self.assertFalse(self._dirty())

    def test_pin_is_kept(self):
        self._profile(self.partner)._pin_stage(self._stage("advocate"))
        self._order(self.partner, TODAY, 50)
        self._refresh()
        self.assertEqual(
            self._facts(self.partner, "stage_id", "order_count"),
            (self._stage("advocate"), 2),
        )

    def test_few_queries(self):
        """One customer costs a fixed number of queries, however many there are."""

        def count(partners):
            for partner in partners:
                self._order(partner, TODAY, 5)
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._refresh()
            return self.env.cr.sql_log_count - before

        self._refresh()
        one = count(self.partner)
        many = self._partner() | self._partner() | self._partner() | self.bystander
        self.assertLessEqual(count(many), one)

    def test_several_companies(self):
        other = self._create_company("Other")
        self._order(self.partner, "2026-06-01", 10, company=other)
        self._recompute(other)
        self._order(self.partner, TODAY, 10, company=other)
        self._refresh()
        self.assertEqual(self._facts(self.partner, "order_count"), (1,))
        self.assertEqual(self._facts(self.partner, "order_count", company=other), (2,))


@tagged("post_install", "-at_install")
class TestNightly(EngineCase):
    """Reading only the news gives what reading everything gives."""

    seed = 3
    tz = "Asia/Tehran"

    def _night(self, day):
        with self.at(day), self._no_commit():
            self.env["lifecycle.run"]._cron_recompute()
        run = self.env["lifecycle.run"]._get_last_done(self.company)
        self.assertEqual(run.as_of, day)
        return run

    def test_day_after_day(self):
        first = TODAY.replace(day=2)
        with self.at(first):
            self._recompute()
        partial = 0
        for days in range(1, 12):
            day = first + timedelta(days=days)
            with self.at(day):
                self._trade_a_little(days)
            run = self._night(day)
            partial += run.partial
            # what was dated back does not change what was learned, until the full run
            rhythm = run.learned["rhythm"]
            self._assert_as_naive(
                "lifecycle_profile", day, (rhythm["gap_days"], rhythm["lapse_days"])
            )
        # the first night and a weekly one in between read everything
        self.assertEqual(partial, 9)

    def _trade_a_little(self, number):
        """What can happen on a day, to a few of the customers."""
        orders = self.trade.orders.filtered(lambda o: o.state == "sale")
        partners = orders.partner_id.commercial_partner_id
        for position in range(3):
            partner = partners[(7 * number + position) % len(partners)]
            self._order(partner, self.env.cr.now(), 11 * number + position)
        match number % 5:
            case 0:
                orders[number].sudo()._action_cancel()
            case 1:
                self._order(partners[number], TODAY - timedelta(days=700), 999)
            case 2:
                # dated ahead: counts when its day has come
                ahead = self.env.cr.now() + timedelta(days=2)
                self._order(partners[number], ahead, 77)
            case 3:
                partners[number].parent_id = partners[number + 1]
            case 4:
                partners[number].write(
                    {"child_ids": [Command.create({"name": f"New contact {number}"})]}
                )
                self._order(partners[number].child_ids[-1:], self.env.cr.now(), 5)

    def test_new_month_reads_everything(self):
        with self.at(TODAY):
            self._recompute()
        # who began before the first run and committed after it, left no mark
        self.assertFalse(self._night(TODAY + timedelta(days=1)).partial)
        run = self._night(TODAY + timedelta(days=2))
        self.assertTrue(run.partial)
        run = self._night(TODAY.replace(month=7, day=1))
        self.assertFalse(run.partial)
        self._assert_as_naive("lifecycle_profile", TODAY.replace(month=7, day=1))

    def test_change_of_rules_reads_nothing_again(self):
        self._recompute()
        self._recompute()
        self._stage("loyal").domain = "[('order_count', '>=', 3)]"
        run = self.env["lifecycle.run"].search(
            [("state", "=", "pending"), ("company_id", "=", self.company.id)]
        )
        self._process_pending()
        self.assertEqual((run.state, run.partial), ("done", True))
        self.company.lifecycle_rfm_months = 12
        run = self.env["lifecycle.run"].search(
            [("state", "=", "pending"), ("company_id", "=", self.company.id)]
        )
        self._process_pending()
        self.assertEqual((run.state, run.partial), ("done", False))
        self._dirty()

    def test_refresh_gives_what_a_run_gives(self):
        """What a customer alone decides; the rest follows in the night."""
        self._recompute()
        self._trade_a_little(3)
        self._trade_a_little(4)
        self._refresh()
        names = [*ALONE, "clv_historic"]
        refreshed = self._read("lifecycle_profile", names)
        self._recompute()
        self.assertEqual(self._read("lifecycle_profile", names), refreshed)


@tagged("post_install", "-at_install")
class TestNightlyElsewhere(TestNightly):
    """Other customers, counted from another clock."""

    seed = 4
    tz = "America/New_York"
