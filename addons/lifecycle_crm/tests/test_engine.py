from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TODAY, LifecycleCase
from .naive import NaiveProfiles
from .random_trade import RandomTrade


class EngineCase(LifecycleCase):
    maxDiff = None
    seed = 1
    tz = "UTC"
    currency = "USD"
    source = "sale_order"
    customers = 40

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "lifecycle_tz": cls.tz,
                "lifecycle_source": cls.source,
                "currency_id": cls._currency(cls.currency).id,
            }
        )
        cls.trade = RandomTrade(cls, cls.seed, cls.customers)

    def _read(self, table, names):
        """Rows of profiles or of the staging table: ``{customer: {field: value}}``."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, %s FROM %s WHERE company_id = %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL.identifier(table),
                self.company.id,
            )
        )
        return {
            self.env["res.partner"].browse(partner_id): dict(
                zip(names, map(_plain, values), strict=True)
            )
            for partner_id, *values in rows
        }

    def _assert_as_naive(self, table, as_of, rhythm=None):
        expected = NaiveProfiles(self.company, as_of, rhythm).compute()
        names = list(next(iter(expected.values())))
        found = self._read(table, names)
        self.assertEqual(set(found), set(expected))
        for partner, row in expected.items():
            wanted = {
                name: _plain(value.id if name in ("segment_id", "stage_id") else value)
                for name, value in row.items()
            }
            self.assertEqual(found[partner], wanted, f"{partner.name} on {as_of}")
        return expected


def _plain(value):
    """What the database and Python say differently, in one way."""
    if value is None:
        return 0
    if isinstance(value, date | str | bool):
        return value or 0
    return round(float(value), 2)


@tagged("post_install", "-at_install")
class TestEngine(EngineCase):
    """Every field of every profile as a plain recomputation gives it."""

    tz = "Asia/Tehran"

    def test_against_naive(self):
        run = self._recompute()
        expected = self._assert_as_naive("lifecycle_profile", TODAY)
        # the data must have in it what the test is about
        rows = expected.values()
        self.assertEqual(run.customer_count, len(expected))
        self.assertGreater(len(expected), 30)
        self.assertTrue(any(row["won_back_date"] for row in rows))
        self.assertTrue(any(row["revenue_total"] < 0 for row in rows))
        self.assertTrue(any(not row["order_count"] for row in rows))
        self.assertTrue(any(row["order_days"] < row["order_count"] for row in rows))
        self.assertTrue(
            any(row["rfm_code"] == "111" and not row["rfm_order_count"] for row in rows)
        )
        self.assertGreater(len({row["stage_id"] for row in rows}), 4)
        self.assertGreater(len({row["segment_id"] for row in rows}), 5)
        self.assertNotEqual((run.gap_days, run.lapse_days), (60, 365))

    def test_past_days_against_naive(self):
        for as_of in (date(2025, 3, 1), date(2024, 2, 29), date(2023, 6, 1)):
            self.env["lifecycle.engine"]._stage_company(self.company, as_of)
            self._assert_as_naive("lifecycle_profile_new", as_of)

    def test_past_day_is_what_a_run_on_it_gave(self):
        past = date(2025, 9, 10)
        store = self.env["lifecycle.store"]
        # another addon's may be by a model, which each day has its own of
        names = self._get_own(store._get_written_columns())
        self.env["lifecycle.engine"]._stage_company(self.company, past)
        staged = self._read("lifecycle_profile_new", names)
        run = self._recompute(day=past)
        self.assertEqual(run.as_of, past)
        self.assertEqual(self._read("lifecycle_profile", names), staged)
        # and it changed nothing that today's run gives
        self._recompute()
        self._assert_as_naive("lifecycle_profile", TODAY)

    def test_history_is_what_each_day_gives(self):
        """Read once for many days, with what later days changed about earlier ones."""
        names = self.env["lifecycle.store"]._get_written_columns()
        engine = self.env["lifecycle.engine"]
        credits = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", "out_refund")]
        )
        borders = [
            credit.invoice_date - timedelta(days=days)
            for credit in credits
            for days in (1, 0)
        ]
        self.assertGreater(sum(day < TODAY for day in borders), 4)
        days = [date(2024, 2, 29), *(day for day in borders if day < TODAY), TODAY]
        for source in ("sale_order", "invoice"):
            self.company.lifecycle_source = source
            history = engine._read_history(self.company, TODAY)
            for day in days:
                engine._stage_company(self.company, day)
                expected = self._read("lifecycle_profile_new", names)
                engine._stage_company(self.company, day, history=history)
                found = self._read("lifecycle_profile_new", names)
                self.assertEqual(found, expected, f"{source} {day}")

    def test_staging_leaves_the_profiles_alone(self):
        self._recompute()
        names = self.env["lifecycle.store"]._get_written_columns()
        before = self._read("lifecycle_profile", names)
        self.env["lifecycle.engine"]._stage_company(self.company, date(2024, 1, 1))
        self.assertEqual(self._read("lifecycle_profile", names), before)

    def test_day_after_day_is_the_same_as_at_once(self):
        """What a run changed from the day before, it changed rightly."""
        for days in (400, 200, 30, 1, 0):
            self._recompute(day=TODAY - timedelta(days=days))
        self._assert_as_naive("lifecycle_profile", TODAY)

    def test_second_run_writes_nothing(self):
        self._recompute()
        self.env.cr.execute(
            "SELECT id, xmin, ctid FROM lifecycle_profile ORDER BY id",
        )
        before = self.env.cr.fetchall()
        run = self._recompute()
        self.assertEqual(
            (run.created_count, run.changed_count, run.deleted_count), (0, 0, 0)
        )
        self.assertEqual(run.transition_count, 0)
        self.assertFalse(
            self.env["lifecycle.transition"].search(
                [("company_id", "=", self.company.id)]
            )
        )
        self.env.cr.execute(
            "SELECT id, xmin, ctid FROM lifecycle_profile ORDER BY id",
        )
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_one_order_changes_what_it_touches(self):
        """Ranks move with the others, but the facts of one customer only."""
        self._recompute()
        names = list(self.env["lifecycle.engine"]._get_fact_columns())
        before = self._read("lifecycle_profile", names)
        partner = self.trade.orders[0].partner_id.commercial_partner_id
        self._order(partner, TODAY, 17)
        self._recompute()
        after = self._read("lifecycle_profile", names)
        self.assertEqual(
            {customer for customer in after if after[customer] != before[customer]},
            {partner},
        )
        self._assert_as_naive("lifecycle_profile", TODAY)


@tagged("post_install", "-at_install")
class TestEngineElsewhere(EngineCase):
    """Other customers, other hours, other rules."""

    seed = 2
    tz = "America/New_York"

    def test_against_naive(self):
        self.company.write(
            {
                "lifecycle_lapse_auto": False,
                "lifecycle_lapse_days": 120,
                "lifecycle_rfm_months": 13,
            }
        )
        run = self._recompute()
        self.assertEqual(run.lapse_days, 120)
        self._assert_as_naive("lifecycle_profile", TODAY)

    def test_hour_of_the_run_does_not_matter(self):
        # still the day before in New York
        with self.at(fields.Datetime.to_datetime("2026-06-16 03:59:59")):
            run = self._recompute()
        self.assertEqual(run.as_of, TODAY)
        self._assert_as_naive("lifecycle_profile", TODAY)


@tagged("post_install", "-at_install")
class TestComeback(LifecycleCase):
    """An order from the day on which the profile said that the customer lapsed."""

    def _come_back(self, *days, lapse_date, lapse_days=100):
        """Orders on some days, then one the day before the lapse, or on it."""
        self.company.write(
            {"lifecycle_lapse_auto": False, "lifecycle_lapse_days": lapse_days}
        )
        first = date(2024, 1, 1)
        for late, won_back in ((-1, False), (0, lapse_date)):
            partner = self._partner()
            for day in days:
                self._order(partner, first + timedelta(days=day), 10)
            last = first + timedelta(days=days[-1])
            self._recompute(day=last)
            self.assertEqual(self._facts(partner, "lapse_date"), (lapse_date,))
            self.assertEqual(self._facts(partner, "won_back_date"), (False,))
            self._order(partner, lapse_date + timedelta(days=late), 10)
            self._recompute()
            self.assertEqual(self._facts(partner, "won_back_date"), (won_back,))

    def test_after_one_order(self):
        # twice the 60 days that count while too little is known of the company
        self._come_back(0, lapse_date=date(2024, 4, 30))

    def test_lapse_period_of_the_company(self):
        self._come_back(0, lapse_days=200, lapse_date=date(2024, 7, 19))

    def test_own_rhythm_after_two_orders(self):
        # 100 days, so one and a half times that
        self._come_back(0, 100, lapse_date=date(2024, 9, 7))

    def test_own_rhythm_after_three_orders(self):
        # 90 and 80 days: 85 on average, 127.5 until at risk
        self._come_back(0, 90, 170, lapse_date=date(2024, 10, 25))

    def test_latest_comeback_counts(self):
        partner = self._partner()
        for day in ("2023-01-01", "2024-01-01", "2026-01-01", "2026-02-01"):
            self._order(partner, day, 10)
        self._recompute()
        self.assertEqual(self._facts(partner, "won_back_date"), (date(2026, 1, 1),))

    def test_returned_order_is_no_comeback(self):
        partner = self._partner()
        self._order(partner, "2024-01-01", 10)
        order = self._order(partner, "2026-01-01", 10)
        self._refund(self._invoice_order(order), "2026-01-05")
        self._recompute()
        self.assertEqual(self._facts(partner, "won_back_date"), (False,))
