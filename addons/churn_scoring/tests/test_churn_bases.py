"""Odd companies: no signal, too little history, one giant, two currencies."""

from datetime import timedelta

from odoo.tests import tagged

from .churn_common import ChurnCase


@tagged("post_install", "-at_install")
class TestChurnBases(ChurnCase):
    def test_no_signal_is_vetoed(self):
        other = self._create_company("Random")
        self._buy(other, count=400, signal=False, seed=3)
        with self._no_commit():
            model = self._train(other)
        self.assertTrue(model.vetoed)
        self.assertTrue(model.veto_text)
        self.assertLess(model.rung, "2")

    def test_too_little_history_says_what_is_missing(self):
        other = self._create_company("Small")
        partners = self._buy(other, count=12, seed=7)
        self._recompute(other, reason="install", quiet=True)
        model = self._train(other)
        self._process_pending()
        self.assertEqual(model.rung, "0")
        self.assertIn("12 customers have ordered; it takes 30.", model.missing_text)
        self.assertIn("Too little history", model.summary)
        self.assertFalse(model.has_backtest)
        self.assertFalse(model.ranking_text)
        profiles = self._profiles([("partner_id", "in", partners.ids)], other)
        self.assertEqual(set(profiles.mapped("churn_method")), {"rule"})
        self.assertEqual(set(profiles.mapped("churn_confidence")), {False})
        for profile in profiles:
            self.assertEqual(profile.clv_expected, profile.revenue_year)
            [[probability]] = self.env.execute_query(
                self.env["lifecycle.profile"]
                ._search([("id", "=", profile.id)])
                .select("churn_probability")
            )
            self.assertIsNone(probability)
        lines = self.env["lifecycle.history"].search(
            [
                ("company_id", "=", other.id),
                ("date", ">", self.today.replace(year=self.today.year - 1)),
            ]
        )
        self.assertAlmostEqual(
            sum(profiles.mapped("revenue_year")), sum(lines.mapped("amount")), 2
        )

    def test_odd_bases(self):
        for name, lines in {
            "nobody": [],
            "one": [("2026-01-01", 10)],
            "one day": [("2026-01-01", 10)] * 50,
            "future": [("2027-01-01", 10)] * 40,
            "returned": [("2026-01-01", 10), ("2026-01-02", -10)],
        }.items():
            with self.subTest(base=name):
                company = self._create_company(name)
                partner = self._partner(name)
                self._bought(company, [(partner, *line) for line in lines])
                self._recompute(company, reason="install", quiet=True)
                model = self._train(company)
                self.assertEqual(model.state, "active", model.error)
                self.assertEqual(model.rung, "0")
                self.assertTrue(model.missing_text)
                self.assertTrue(model.summary)
                self._process_pending()

    def test_a_horizon_longer_than_the_history(self):
        other = self._create_company("Young")
        other.churn_horizon_auto, other.churn_horizon_days = False, 365
        self._buy(other, count=150, days=200, seed=4)
        self._recompute(other, reason="install", quiet=True)
        model = self._train(other)
        self._process_pending()
        self.assertEqual((model.state, model.rung), ("active", "1"), model.error)
        self.assertIn("730", model.missing_text)
        self.assertFalse(model.has_backtest)
        self.assertFalse(model.auc)
        for profile in self._profiles(company=other):
            self.assertTrue(0 < profile.churn_probability < 1)
            self.assertGreaterEqual(profile.clv_high, profile.clv_expected)

    def test_two_currencies_and_a_giant(self):
        """Models see the currency of the company, and say how large the giant is."""
        plain, mixed = map(self._create_company, ("Plain", "Mixed"))
        buyers = self._buy(plain, count=120, seed=8)
        giant = self._partner("Giant")
        self._bought(plain, [(giant, self.today - timedelta(days=40), 10**9)])
        foreign = self.env.ref("base.EUR") | self.env.ref("base.USD")
        foreign = (foreign - plain.currency_id)[:1]
        lines = self.env["lifecycle.history"].search([("company_id", "=", plain.id)])
        record = self.env["lifecycle.import"].create(
            {"company_id": mixed.id, "name": "mixed.csv"}
        )
        self.env["lifecycle.history"].create(
            [
                {
                    "company_id": mixed.id,
                    "import_id": record.id,
                    "partner_id": line.partner_id.id,
                    "date": line.date,
                    "amount": 3 * line.amount if n % 2 else line.amount,
                    "amount_company": line.amount_company,
                    "currency_id": (foreign if n % 2 else plain.currency_id).id,
                }
                for n, line in enumerate(lines)
            ]
        )
        trained = self._train(plain | mixed)
        self.assertEqual(set(trained.mapped("state")), {"active"})
        first, second = trained
        self.assertEqual(first.params, second.params)
        self.assertGreater(first.top_share, 99)
        self.assertEqual(first.customer_count, len(buyers) + 1)
        for company in (plain, mixed):
            self._recompute(company, reason="install", quiet=True)
        values = {
            company: {p.partner_id: p.clv_expected for p in self._profiles([], company)}
            for company in (plain, mixed)
        }
        self.assertEqual(values[plain], values[mixed])
        # the giant is winsorised for the fit: the others are not worth millions
        others = [v for partner, v in values[plain].items() if partner != giant]
        self.assertLess(max(others), 10**5)
