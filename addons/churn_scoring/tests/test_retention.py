"""Recurring revenue goes into a curve of its own."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .recurring_common import RecurringCase
from .save_common import ALL, OWN


@tagged("post_install", "-at_install")
class TestRetention(RecurringCase):
    def _subscribe(self, name, months, since=None, price=100, **values):
        """A customer billed monthly; the last time today, or that many times."""
        since = since or self.today - relativedelta(months=months - 1)
        partner = self._partner(name, **values)
        for month in range(months):
            self._mixed(since + relativedelta(months=month), 0, price, partner)
        return partner

    def _subscription(self, partner):
        return self.subscriptions.search([("partner_id", "=", partner.id)])

    def test_running_and_ended(self):
        self._mark()
        running = self._subscribe("Running", 6)
        ended = self._subscribe("Ended", 3, self.today - relativedelta(months=12))
        self.subscriptions._refresh(self.company)
        row = self._subscription(running)
        self.assertEqual((row.state, row.last_date), ("running", self.today))
        self.assertEqual(row.start_date, self.today - relativedelta(months=5))
        self.assertAlmostEqual(row.age_months, 5, delta=0.1)
        # six payments, of six months: the last one is for the month to come
        self.assertAlmostEqual(row.monthly_value, 100, delta=2)
        row = self._subscription(ended)
        self.assertEqual((row.state, row.expected_value), ("ended", 0))
        self.assertAlmostEqual(row.age_months, 3, delta=0.1)
        paid = (row.end_date - row.last_date).days
        self.assertAlmostEqual(paid, row.interval_days, delta=0.5)

    def test_ended_after_twice_the_interval(self):
        self._mark()
        first = self._partner("Border")
        for day in (140, 110, 80):
            self._mixed(self.today - timedelta(days=day), 0, 10, first)
        row = self.subscriptions
        for days, state in ((-20, "running"), (-19, "ended")):
            with self.at(self.today + timedelta(days=days)):
                self.subscriptions._refresh(self.company)
                row = self._subscription(first)
                self.assertEqual((row.interval_days, row.state), (30, state))

    def test_interval_of_all_for_who_was_billed_once(self):
        self._mark()
        for gap, name in ((10, "Ten"), (10, "Ten Too"), (50, "Fifty")):
            partner = self._partner(name)
            self._mixed(self.today - timedelta(days=gap), 0, 10, partner)
            self._mixed(self.today, 0, 10, partner)
        once = self._partner("Once")
        self._mixed(self.today, 0, 10, once)
        self.subscriptions._refresh(self.company)
        self.assertEqual(self._subscription(once).interval_days, 10)

    def test_curve_and_value(self):
        self._mark()
        begin = self.today - relativedelta(months=24)
        # of four, one leaves after 6 months, one after 12, two are still there
        self._subscribe("Six", 6, begin)
        self._subscribe("Twelve", 12, begin)
        stays = self._subscribe("Stays", 25, begin)
        self._subscribe("Stays Too", 25, begin, price=200)
        self.subscriptions._refresh(self.company)
        curve = self.env["churn.retention"].search(
            [("company_id", "=", self.company.id)]
        )
        by_month = {row.month: row for row in curve}
        self.assertEqual(sorted(by_month), list(range(24)))
        for month, share in (
            (0, 1),
            (5, 1),
            (7, 0.75),
            (11, 0.75),
            (13, 0.5),
            (23, 0.5),
        ):
            self.assertAlmostEqual(by_month[month].retention, share)
            self.assertLessEqual(by_month[month].retention_low, share)
            self.assertGreaterEqual(by_month[month].retention_high, share)
        self.assertEqual(by_month[0].at_risk, 4)
        self.assertEqual(by_month[23].at_risk, 2)
        self.assertEqual(sum(row.ended for row in curve), 2)
        row = self._subscription(stays)
        # at most twelve payments, less what the hazard takes
        self.assertLess(row.expected_value, 12 * row.monthly_value)
        self.assertGreater(row.expected_value, 8 * row.monthly_value)

    def test_twice_is_the_same(self):
        self._mark()
        partner = self._subscribe("Running", 6)
        self.subscriptions._refresh(self.company)
        before = self._subscription(partner).read(
            ["state", "expected_value", "monthly_value", "end_date"]
        )[0]
        self.subscriptions._refresh(self.company)
        after = self._subscription(partner).read(list(before))[0]
        self.assertEqual({**before, "id": 0}, {**after, "id": 0})

    def test_none(self):
        self._subscribe("Running", 6)
        self.subscriptions._refresh(self.company)
        self._mark()
        self.subscriptions._refresh(self._create_company("Second Company"))
        self.assertFalse(self.subscriptions.search([]))

    def test_merge_keeps_the_row_of_each_company(self):
        other = self._create_company("Second Company")
        one, two = self._partner("One"), self._partner("Two")
        self.subscriptions.create(
            [
                {"partner_id": partner.id, "company_id": company.id, "start_date": day}
                for partner, company, day in (
                    (one, self.company, "2025-01-01"),
                    (two, self.company, "2024-01-01"),
                    (one, other, "2023-01-01"),
                )
            ]
        )
        self.env["base.partner.merge.automatic.wizard"]._merge([one.id, two.id], two)
        rows = self.subscriptions.search([("partner_id", "=", two.id)])
        self.assertEqual(
            {row.company_id: str(row.start_date) for row in rows},
            {self.company: "2024-01-01", other: "2023-01-01"},
        )

    def test_who_sees_it(self):
        self._mark()
        self._subscribe("Running", 2)
        self.subscriptions._refresh(self.company)
        other = self._create_company("Second Company")
        abroad = self._user("recurring_abroad", ALL, companies=other)
        for model in ("churn.subscription", "churn.retention"):
            self.assertFalse(self._as(abroad, self.env[model], other).search([]))
            self.assertTrue(self._as(self.manager, self.env[model]).search([]))
            for group in (OWN, "base.group_user", "base.group_portal"):
                user = self._user(f"recurring_{model}_{group}", group)
                with self.assertRaises(AccessError):
                    self._as(user, self.env[model]).search([])
        sees = self._user("recurring_all", ALL)
        with self.assertRaises(AccessError):
            self._as(sees, self.subscriptions).action_refresh()
        self._as(self.manager, self.subscriptions).action_refresh()
