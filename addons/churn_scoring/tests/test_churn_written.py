"""When a score is written anew: what a screen shows has moved, or a band, or a kind."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .churn_common import ChurnCase


@tagged("post_install", "-at_install")
class TestChurnWritten(ChurnCase):
    """What is stored is moved away from what the next run finds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._buy()

    def setUp(self):
        super().setUp()
        self._set_up_scores()
        self._recompute()
        there = self._profiles([("churn_risk", "!=", False)])
        self.profile = there.sorted("clv_expected")[-1]
        self.assertGreater(self.profile.clv_expected, 10)

    def _runs(self):
        """Both ways to compute everybody; each gives the run."""
        yield self._recompute
        yield self._night

    def _night(self):
        run = self.env["lifecycle.run"]._request(self.company, "nightly", full=False)
        self._process_pending()
        self.assertTrue(run.partial)
        return run

    def _store(self, name, value):
        """Put another value in the place of what was found."""
        self.env.execute_query(
            SQL(
                "UPDATE lifecycle_profile SET %s = %s WHERE id = %s RETURNING id",
                SQL.identifier(name),
                value,
                self.profile.id,
            )
        )
        self.profile.invalidate_recordset()

    def _assert_written(self, name, value, written):
        """Whether a run writes the customer anew, and nobody else."""
        found = self.profile[name]
        for run in self._runs():
            self._store(name, value)
            with self.subTest(name=name, value=value, run=run.__name__):
                self.assertEqual(run().changed_count, int(written))
                self.profile.invalidate_recordset()
                now = self.profile[name]
                self.assertEqual(now, found if written else value)
        self._store(name, found)

    def test_expected_value(self):
        """By a fiftieth of what is stored: less is no change."""
        value = self.profile.clv_expected
        for times, written in ((1.015, 0), (0.985, 0), (1.03, 1), (0.97, 1)):
            stored = self.company.currency_id.round(value * times)
            self._assert_written("clv_expected", stored, written)

    def test_probability(self):
        """By a point: less is no change."""
        value = self.profile.churn_probability
        for away, written in ((0.009, 0), (-0.009, 0), (0.011, 1), (-0.011, 1)):
            self._assert_written("churn_probability", value + away, written)

    def test_bands_and_kinds(self):
        """Whatever they were, though no number moved."""
        other = {
            "churn_risk": ("low", "medium", "high"),
            "churn_method": ("prior", "avg2"),
            "churn_confidence": ("too_early", "one_order", "unproven", "proven"),
        }
        for name, values in other.items():
            for value in {*values} - {self.profile[name]}:
                self._assert_written(name, value, True)

    def test_what_is_written_is_written_whole(self):
        """Of one customer no number is of another day than the others."""
        profile = self.profile
        names = ("clv_expected", "clv_low", "clv_high", "revenue_at_risk")
        found = {name: profile[name] for name in names}
        for run in self._runs():
            for name in names:
                self._store(name, found[name] * 1.01)
            self._store("churn_method", "rule")
            self.assertEqual(run().changed_count, 1)
            profile.invalidate_recordset()
            self.assertEqual({name: profile[name] for name in names}, found)

    def test_what_creeps_is_written_once_it_shows(self):
        """The stored value never falls behind by more than it may."""
        for days in range(1, 7):
            with self.at(self.today + timedelta(days=days)):
                self._night()
                stored = {p.id: p.clv_expected for p in self._profiles()}
                shown = {p.id: p.churn_probability for p in self._profiles()}
                exact = self._find_exact()
            for profile in self._profiles([("churn_method", "!=", False)]):
                probability, value = exact[profile.partner_id.id]
                self.assertAlmostEqual(
                    shown[profile.id], probability, delta=0.01 + 1e-9
                )
                self.assertAlmostEqual(
                    stored[profile.id],
                    value,
                    delta=max(0.01, 0.02 * abs(stored[profile.id])) + 0.01,
                )

    def _find_exact(self):
        """What a run would find now: {customer: (probability, expected value)}"""
        self.env["lifecycle.engine"]._stage_company(self.company)
        return {
            partner_id: (probability, float(value))
            for partner_id, probability, value in self.env.execute_query(
                SQL(
                    """SELECT partner_id, churn_probability, clv_expected
                    FROM lifecycle_profile_new WHERE churn_method IS NOT NULL"""
                )
            )
        }
