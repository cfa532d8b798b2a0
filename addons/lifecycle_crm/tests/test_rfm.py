from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from .common import TODAY, LifecycleCase


@tagged("post_install", "-at_install")
class TestRfm(LifecycleCase):
    """The window, the rules of a company and the segments, on real orders."""

    def _code(self, partner):
        return self._facts(partner, "rfm_code")[0]

    def test_window_ends_24_months_ago_to_the_day(self):
        outside, inside = self._partner("Outside"), self._partner("Inside")
        self._order(outside, TODAY - relativedelta(months=24), 1000)
        self._order(inside, date(2024, 6, 16), 1)
        self._recompute()
        self.assertEqual(self._facts(outside, "rfm_order_count", "rfm_revenue"), (0, 0))
        self.assertEqual(self._code(outside), "111")
        # who is outside does not count among the others: the only one is the best
        self.assertEqual(self._facts(inside, "rfm_order_count", "rfm_revenue"), (1, 1))
        self.assertEqual(self._code(inside), "515")
        # the day before, both were inside
        self._recompute(day=date(2026, 6, 14))
        self.assertEqual(self._facts(outside, "rfm_order_count"), (1,))

    def test_window_of_the_company(self):
        partner = self._partner()
        self._order(partner, "2026-05-15", 10)
        self._order(partner, "2026-05-16", 20)
        self.company.lifecycle_rfm_months = 1
        self._recompute()
        self.assertEqual(
            self._facts(partner, "rfm_order_count", "rfm_revenue", "revenue_total"),
            (1, 20, 30),
        )

    def test_leap_day_in_the_window(self):
        partner = self._partner()
        self._order(partner, "2024-02-29", 10)
        self._recompute(day=date(2026, 2, 27))
        self.assertEqual(self._facts(partner, "rfm_order_count"), (1,))
        # 24 months before 28 February is 28 February
        self._recompute(day=date(2026, 2, 28))
        self.assertEqual(self._facts(partner, "rfm_order_count"), (1,))
        self._recompute(day=date(2026, 3, 1))
        self.assertEqual(self._facts(partner, "rfm_order_count"), (0,))

    def test_never_bought(self):
        partner = self._partner()
        self._order(partner, "2026-06-01", 100, state="draft")
        self._recompute()
        profile = self._profile(partner)
        self.assertFalse(profile.rfm_code)
        self.assertEqual((profile.rfm_recency, profile.rfm_value), (0, 0))
        self.assertEqual(
            profile.segment_id, self.env.ref("lifecycle_crm.segment_prospects")
        )

    def test_equal_customers_have_equal_scores(self):
        partners = [self._partner(f"Equal {i}") for i in range(7)]
        for partner in partners:
            self._order(partner, "2026-06-01", 33.3)
        self._recompute()
        self.assertEqual({self._code(partner) for partner in partners}, {"313"})
        self.assertEqual(len({self._profile(p).segment_id for p in partners}), 1)

    def test_five_customers_one_in_each_group(self):
        partners = [self._partner(f"Customer {i}") for i in range(5)]
        for rank, partner in enumerate(partners):
            # the more recent, the cheaper
            self._order(partner, date(2026, 1, 1 + rank), 500 - rank)
        self._recompute()
        self.assertEqual(
            [self._code(partner) for partner in partners],
            ["115", "214", "313", "412", "511"],
        )

    def test_frequency_bands(self):
        partners = {}
        for count in (1, 2, 3, 4, 5, 9, 10):
            partners[count] = self._partner(f"{count} orders")
            for day in range(count):
                self._order(partners[count], date(2026, 5, 1 + day), 1)
        self._recompute()
        self.assertEqual(
            {count: self._code(partner)[1] for count, partner in partners.items()},
            {1: "1", 2: "2", 3: "3", 4: "3", 5: "4", 9: "4", 10: "5"},
        )

    def test_fixed_bands_of_the_company(self):
        self.company.write(
            {
                "lifecycle_rfm_recency_method": "bands",
                "lifecycle_rfm_recency_bands": "10, 20, 30, 40",
                "lifecycle_rfm_frequency_method": "quantile",
                "lifecycle_rfm_monetary_method": "bands",
                "lifecycle_rfm_monetary_bands": "100, 200, 300, 400",
            }
        )
        codes = {}
        for day, amount in (
            ("2026-06-05", 99.99),  # 10 days ago
            ("2026-06-04", 100),
            ("2026-05-06", 399.99),  # 40 days ago
            ("2026-05-05", 400),
        ):
            partner = self._partner()
            self._order(partner, day, amount)
            codes[partner] = (day, amount)
        self._recompute()
        # all have one order: average rank 2.5 of 4
        self.assertEqual(
            [self._code(partner) for partner in codes], ["541", "442", "244", "145"]
        )

    def test_returns_lower_the_value_not_below_its_group(self):
        good, bad = self._partner("Good"), self._partner("Bad")
        self._order(good, "2026-06-01", 100)
        order = self._order(bad, "2026-06-01", 1000)
        self._order(bad, "2026-06-01", 1)
        self._refund(self._invoice_order(order), "2026-06-02", 1500)
        self._recompute()
        self.assertEqual(self._facts(bad, "rfm_revenue", "order_count"), (-499, 1))
        self.assertEqual([self._code(good)[2], self._code(bad)[2]], ["5", "3"])

    def test_first_matching_segment_wins(self):
        partner = self._partner()
        self._order(partner, "2026-06-01", 100)
        everybody = self.env["lifecycle.segment"].create(
            {"name": "Everybody", "sequence": 1}
        )
        self._recompute()
        self.assertEqual(self._profile(partner).segment_id, everybody)
        everybody.sequence = 1000
        self._recompute()
        self.assertEqual(
            self._profile(partner).segment_id,
            self.env.ref("lifecycle_crm.segment_active"),
        )

    def test_segment_of_another_company(self):
        partner = self._partner()
        self._order(partner, "2026-06-01", 100)
        other = self._create_company("Other")
        self.env["lifecycle.segment"].create(
            {"name": "Theirs", "sequence": 1, "company_id": other.id}
        )
        self._order(partner, "2026-06-01", 100, company=other)
        self._recompute(self.company | other)
        self.assertEqual(self._profile(partner).segment_id.name, "Active")
        self.assertEqual(self._profile(partner, other).segment_id.name, "Theirs")

    def test_nobody_at_all(self):
        run = self._recompute()
        self.assertEqual((run.state, run.customer_count), ("done", 0))
        self.assertEqual((run.gap_days, run.lapse_days), (60, 365))
