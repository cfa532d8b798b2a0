from datetime import date, datetime

from odoo.tests import tagged

from ..scoring.months import month_ends
from .history_common import HistoryCase
from .naive_months import NaiveMonth

FIGURES = (
    "customer_count",
    "active_start_count",
    "new_count",
    "won_back_count",
    "lapsed_count",
    "active_count",
)


@tagged("post_install", "-at_install")
class TestKpiNaive(HistoryCase):
    """Figures and movements equal the same, counted customer by customer."""

    def _check(self, seed, tz, **settings):
        self.company.lifecycle_tz = tz
        self.company.write(settings)
        self._random_trade(seed, customers=30)
        months = 7
        until = date(2025, 9, 30)
        self._rebuild(months, until=until)
        found = self._kpi_rows()
        self.assertEqual(len(found), months)
        interesting = set()
        for month in month_ends(until, months):
            naive = NaiveMonth(self.company, month)
            expected = naive.compute()
            row = found[str(month)]
            for name, value in expected.items():
                with self.subTest(month=month, name=name):
                    if value is None:
                        self.assertIsNone(row[name])
                    else:
                        # a mean is rounded to cents; floats know no half of one
                        delta = 0.00501 if name == "average_order_value" else 1e-6
                        self.assertAlmostEqual(float(row[name]), value, delta=delta)
                if value:
                    interesting.add(name)
            for kind in ("stage", "segment"):
                with self.subTest(month=month, kind=kind):
                    self.assertEqual(self._movements(month, kind), naive.move(kind))
        # or the test would show nothing
        self.assertLessEqual(
            {"new_count", "lapsed_count", "retained_count", "revenue_new"}, interesting
        )

    def _movements(self, month, kind):
        movements = self.env["lifecycle.movement"].search(
            [
                ("company_id", "=", self.company.id),
                ("month", "=", month),
                ("kind", "=", kind),
            ]
        )
        return {
            (
                row[f"from_{kind}_id"].id or None,
                row[f"to_{kind}_id"].id or None,
                row.moved,
            ): (row.customer_count, row.revenue_total)
            for row in movements
        }

    def test_random_trade(self):
        self._check(1, "UTC")

    def test_random_trade_elsewhere(self):
        self._check(
            2,
            "Pacific/Auckland",
            lifecycle_lapse_auto=False,
            lifecycle_lapse_days=90,
        )


@tagged("post_install", "-at_install")
class TestKpi(HistoryCase):
    """One thing at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.lifecycle_lapse_auto = False
        cls.company.lifecycle_lapse_days = 60
        cls.partner = cls._partner("Buyer")

    def _figures(self, month, *names):
        row = self._kpi_rows()[month]
        return tuple(row[name] for name in names)

    def test_life_of_one_customer(self):
        """At risk after 120 days, so lapsed then: one order, then a comeback."""
        self._order(self.partner, "2025-03-10", 100)
        self._order(self.partner, "2026-02-20", 50)
        self._rebuild()
        rows = self._kpi_rows()
        self.assertEqual(min(rows), "2025-03-31")
        for month, expected in {
            "2025-03-31": (1, 0, 1, 0, 0, 1),
            "2025-04-30": (1, 1, 0, 0, 0, 1),
            "2025-06-30": (1, 1, 0, 0, 0, 1),
            "2025-07-31": (1, 1, 0, 0, 1, 0),
            "2025-08-31": (1, 0, 0, 0, 0, 0),
            "2026-02-28": (1, 0, 0, 1, 0, 1),
        }.items():
            with self.subTest(month=month):
                self.assertEqual(self._figures(month, *FIGURES), expected)
        rates = ("retention_rate", "churn_rate", "repeat_purchase_rate")
        self.assertEqual(self._figures("2025-03-31", *rates), (None, None, 0))
        self.assertEqual(self._figures("2025-04-30", *rates), (1, 0, 0))
        self.assertEqual(self._figures("2025-07-31", *rates), (0, 1, 0))
        self.assertEqual(self._figures("2026-02-28", *rates), (None, None, 1))
        money = ("revenue", "revenue_new", "revenue_returning", "average_order_value")
        self.assertEqual(self._figures("2025-03-31", *money), (100, 100, 0, 100))
        self.assertEqual(self._figures("2025-04-30", *money), (0, 0, 0, None))
        self.assertEqual(self._figures("2026-02-28", *money), (50, 0, 50, 50))

    def test_month_ends_in_the_time_zone_of_the_company(self):
        """Half past eight in the evening in UTC is the first of May in Auckland."""
        self._order(self.partner, datetime(2026, 4, 30, 20, 30), 100)
        self._rebuild(3)
        self.assertEqual(min(self._kpi_rows()), "2026-04-30")
        self.company.lifecycle_tz = "Pacific/Auckland"
        self._rebuild(3)
        self.assertEqual(min(self._kpi_rows()), "2026-05-31")
        self.assertEqual(self._figures("2026-05-31", "new_count", "revenue"), (1, 100))

    def test_leap_day(self):
        self._order(self.partner, "2024-02-29", 100)
        self._rebuild(3, until=date(2024, 3, 31))
        self.assertEqual(self._figures("2024-02-29", "new_count", "revenue"), (1, 100))
        self.assertEqual(self._figures("2024-03-31", "new_count", "revenue"), (0, 0))

    def test_refund_beyond_the_sale(self):
        order = self._order(self.partner, "2026-03-10", 100)
        self._order(self._partner("Stays"), "2026-03-10", 10)
        invoice = self._invoice_order(order)
        self._refund(invoice, "2026-04-10", amount=150)
        self._rebuild(4)
        self.assertEqual(self._figures("2026-03-31", *FIGURES), (2, 0, 2, 0, 0, 2))
        self.assertEqual(self._figures("2026-04-30", *FIGURES), (1, 2, 0, 0, 0, 1))
        self.assertEqual(
            self._figures(
                "2026-04-30",
                *("other_count", "order_count", "revenue", "average_order_value"),
                *("retention_rate", "churn_rate"),
            ),
            (-1, -1, -150, None, 0.5, 0),
        )

    def test_young_company(self):
        """No empty months before the first purchase, and none missing after it."""
        self._lead(self._partner("Asks"), "2025-12-01")
        self._order(self.partner, "2026-03-10", 100)
        self._rebuild()
        self.assertEqual(
            list(self._kpi_rows()), ["2026-03-31", "2026-04-30", "2026-05-31"]
        )
        self.assertEqual(self._figures("2026-03-31", "prospect_count"), (1,))

    def test_no_customers_at_all(self):
        rebuild = self._rebuild()
        self.assertEqual((rebuild.done_count, rebuild.progress), (25, 100))
        self.assertFalse(self._kpi_rows())
        self.assertFalse(self._months())
        # and they are not asked for again and again
        self.rebuilds._request_due(self.company)
        self.assertFalse(
            self.rebuilds.search(
                [("company_id", "=", self.company.id), ("state", "=", "pending")]
            )
        )

    def test_figures_of_what_was_taken_back_go(self):
        order = self._order(self.partner, "2026-03-10", 100)
        self._rebuild(4)
        self.assertTrue(self._kpi_rows())
        order._action_cancel()
        self._rebuild(4)
        self.assertFalse(self._kpi_rows())

    def test_sums_over_months_and_companies(self):
        """Ratios of sums, and stocks of the average month."""
        other = self._create_company("Other")
        # at the start of April 1 active, of May 3; one lapses in May
        self._order(self.partner, "2026-03-10", 100)
        for number in range(2):
            self._order(self._partner(f"April {number}"), "2026-04-10", 50)
        self._order(self._partner("Elsewhere"), "2026-03-10", 7, company=other)
        self._rebuild(3)
        self._rebuild(3, other)
        kpis = self.kpis.with_context(
            allowed_company_ids=(self.company | other).ids,
        )
        rows = kpis.search([("company_id", "=", self.company.id)])
        rows.filtered(lambda k: str(k.month) == "2026-05-31").write(
            {"lapsed_count": 1, "retained_count": 2}
        )
        self.env.flush_all()
        aggregates = (
            *("retention_rate:avg", "churn_rate:avg", "average_order_value:avg"),
            *("active_start_count:sum", "customer_count:sum", "new_count:sum"),
        )
        [values] = kpis._read_group(
            [("company_id", "=", self.company.id)], [], aggregates
        )
        retention, churn, average, active, customers, new = values
        self.assertAlmostEqual(retention, 3 / 4)
        self.assertAlmostEqual(churn, 1 / 4)
        self.assertAlmostEqual(average, 200 / 3)
        self.assertEqual((active, customers, new), (1, 2, 3))  # 4/3, 7/3
        both = kpis._read_group(
            [("company_id", "in", (self.company | other).ids)],
            ["month:month"],
            ["customer_count:sum"],
        )
        self.assertEqual([count for _month, count in both], [2, 4, 4])
        # without a denominator there is none, and no error
        [[nothing]] = kpis._read_group(
            [("company_id", "=", self.company.id), ("month", "=", "2026-03-31")],
            [],
            ["retention_rate:avg"],
        )
        self.assertFalse(nothing)
