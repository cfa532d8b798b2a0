"""Scores in the engine's run: all, nightly, at once, as of a past day."""

import io
from datetime import date, timedelta

import pandas as pd

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .churn_common import ChurnCase

SCORES = (
    "churn_probability",
    "churn_risk",
    "expected_orders",
    "clv_expected",
    "clv_low",
    "clv_high",
    "revenue_at_risk",
    "churn_method",
    "churn_confidence",
    "revenue_year",
)


@tagged("post_install", "-at_install")
class TestChurnScores(ChurnCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._buy()
        cls.asked = cls._partner("Only asked")
        cls._lead(cls.asked, "2026-03-01")

    def _rows(self, company=None, names=SCORES):
        """What is stored, None where it is nothing."""
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, %s FROM lifecycle_profile WHERE company_id = %s",
                columns,
                (company or self.company).id,
            )
        )
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    def test_of_every_customer(self):
        model = self._set_up_scores()
        rows = self._rows()
        lapses = {
            profile.partner_id.id: profile.lapse_date for profile in self._profiles()
        }
        never = rows.pop(self.asked.id)
        self.assertEqual(set(never.values()), {None})
        self.assertEqual(len(rows), 300)
        for partner_id, row in rows.items():
            self.assertTrue(0 <= row["churn_probability"] <= 1)
            self.assertTrue(row["clv_low"] <= row["clv_expected"] <= row["clv_high"])
            self.assertEqual(row["churn_method"], model.method)
            lapsed = lapses[partner_id] <= self.today
            self.assertEqual(row["churn_risk"] is None, lapsed)
            self.assertEqual(row["revenue_at_risk"] is None, lapsed)
        there = [row for row in rows.values() if row["churn_risk"]]
        shares = {
            risk: sum(row["churn_risk"] == risk for row in there) / len(there)
            for risk in ("low", "medium", "high")
        }
        self.assertAlmostEqual(shares["high"], 0.2, delta=0.03)
        self.assertAlmostEqual(shares["medium"], 0.3, delta=0.04)
        by_risk = {
            risk: [r["churn_probability"] for r in there if r["churn_risk"] == risk]
            for risk in shares
        }
        self.assertLess(max(by_risk["low"]), min(by_risk["medium"]))
        self.assertLess(max(by_risk["medium"]), min(by_risk["high"]))

    def test_the_value_is_about_what_comes(self):
        """In the order of what the company brought in a year."""
        self._set_up_scores()
        rows = self._rows().values()
        expected = sum(row["clv_expected"] or 0 for row in rows)
        year = sum(float(row["revenue_year"] or 0) for row in rows)
        self.assertTrue(0.2 < float(expected) / year < 1.5, (expected, year))

    def test_nothing_new_nothing_written(self):
        self._set_up_scores()
        run = self._recompute()
        self.assertEqual((run.created_count, run.changed_count), (0, 0))
        night = self._night()
        self.assertEqual((night.created_count, night.changed_count), (0, 0))

    def _night(self):
        """A nightly run that reads only what is new."""
        run = self.env["lifecycle.run"]._request(self.company, "nightly", full=False)
        self._process_pending()
        self.assertTrue(run.partial)
        return run

    def test_partial_is_the_same_as_full(self):
        """A night that reads only news scores as one that reads everything."""
        self._set_up_scores()
        self._recompute()
        before = self._rows()
        with self.at(self.today + timedelta(days=6)):
            self._night()
            first = self._rows()
            full = self._recompute()
            second = self._rows()
        self.assertFalse(full.partial)
        self.assertNotEqual(first, before)
        self._assert_close(first, second)

    def _assert_close(self, first, second):
        self.assertEqual(first.keys(), second.keys())
        for partner_id, row in first.items():
            other = second[partner_id]
            for name, value in row.items():
                if value is None or isinstance(value, str):
                    if name != "churn_risk":
                        self.assertEqual(value, other[name], name)
                elif name == "churn_probability":
                    self.assertAlmostEqual(value, other[name], delta=0.0101)
                else:
                    value, theirs = float(value), float(other[name])
                    self.assertAlmostEqual(
                        value, theirs, delta=0.02 * abs(theirs) + 0.02, msg=name
                    )

    def test_at_once_is_the_same_as_in_full(self):
        self._set_up_scores()
        partner = self.partners[0]
        before = self._rows()[partner.id]
        order = self._order(partner, self.today, 120)
        order.flush_recordset()
        self._refresh()
        at_once = self._rows()[partner.id]
        self.assertNotEqual(before["churn_probability"], at_once["churn_probability"])
        # everybody's row is written, so nothing hides behind a tolerance
        self.env.cr.execute(
            SQL(
                "UPDATE lifecycle_profile SET churn_probability = 9 "
                "WHERE company_id = %s",
                self.company.id,
            )
        )
        self._recompute()
        self.assertEqual(self._rows()[partner.id], at_once)

    def test_a_move_between_bands_is_recorded(self):
        self._set_up_scores()
        profile = self._profiles([("churn_risk", "=", "high")])[0]
        partner = profile.partner_id
        self._order(partner, self.today, 80).flush_recordset()
        self._refresh()
        profile.invalidate_recordset()
        self.assertIn(profile.churn_risk, ("low", "medium"))
        [move] = self._transitions(partner, kind="risk")
        self.assertEqual((move.from_risk, move.to_risk), ("high", profile.churn_risk))
        self.assertEqual(move.cause, "purchase")
        self.assertIn("High → ", move.display_name)
        # time alone moves as well, in the nightly run
        with self.at(self.today + timedelta(days=100)):
            self._recompute(reason="nightly")
        moves = self._transitions(partner, kind="risk")
        self.assertGreater(len(moves), 1)
        self.assertEqual(moves[-1].cause, "time")

    def test_two_companies_each_by_its_own_model(self):
        other = self._create_company("Other", currency="EUR")
        self._buy(other, count=200, days=300, seed=11)
        self._set_up_scores()
        before = self._rows()
        self.assertFalse(any(row["churn_method"] for row in self._rows(other).values()))
        self._set_up_scores(other)
        self.assertEqual(self._rows(), before)
        active = self.env["churn.model"].search([("state", "=", "active")])
        self.assertGreaterEqual(set(active.company_id), {self.company, other})

    def test_refunded_customers_do_no_harm(self):
        gone = self._partner("All returned")
        self._bought(
            self.company, [(gone, "2026-01-05", 100), (gone, "2026-01-09", -100)]
        )
        self._set_up_scores()
        row = self._rows()[gone.id]
        self.assertTrue(row["clv_expected"] is None or row["clv_expected"] >= 0)

    # -- as of a past day ------------------------------------------------------

    def _export(self, as_of, horizon=None):
        out = io.BytesIO()
        scores = self.env["lifecycle.score"].with_context(
            allowed_company_ids=self.company.ids
        )
        scores._write_csv(self.company, as_of, out, horizon=horizon)
        return pd.read_csv(io.BytesIO(out.getvalue())).set_index("partner_id")

    def test_a_past_day_knows_nothing_of_later(self):
        self._recompute(reason="install", quiet=True)
        day = self.today - timedelta(days=90)
        before = self._export(day, horizon=60)
        self.assertTrue(before["churn_probability"].notna().sum() > 200)
        # what happens later changes nothing
        later = day + timedelta(days=3)
        self._bought(
            self.company, [(partner, later, 500) for partner in self.partners[:50]]
        )
        after = self._export(day, horizon=60)
        pd.testing.assert_frame_equal(before, after)
        self.assertFalse(self._profiles().filtered("churn_method"), "kept nowhere")
        self.assertNotIn("churn_offset", after.columns)

    def test_the_horizon_counts(self):
        self._recompute(reason="install", quiet=True)
        day = self.today - timedelta(days=90)
        short, long = self._export(day, 30), self._export(day, 90)
        self.assertGreater(
            short["churn_probability"].mean(), long["churn_probability"].mean()
        )
        # the value is that of the horizon
        ratio = long["clv_expected"].sum() / short["clv_expected"].sum()
        self.assertTrue(2 < ratio < 3.2, ratio)
        came = self.env["lifecycle.history"].search(
            [("company_id", "=", self.company.id), ("date", ">", day)]
        )
        total = sum(came.mapped("amount"))
        known = set(long.index[long["order_count"] > 0])
        total = sum(line.amount for line in came if line.partner_id.id in known)
        self.assertTrue(0.5 < long["clv_expected"].sum() / total < 2)

    def test_today_is_what_the_screens_show(self):
        self._set_up_scores()
        frame = self._export(self.today)
        for partner_id, row in self._rows().items():
            if row["churn_probability"] is not None:
                self.assertAlmostEqual(
                    frame.loc[partner_id, "churn_probability"],
                    row["churn_probability"],
                    6,
                )

    def test_a_bad_horizon(self):
        for days in (0, -5, 366):
            with self.subTest(days=days), self.assertRaises(UserError) as caught:
                self._export(self.today, horizon=days)
            self.assertIn("from 1 to 365", str(caught.exception))

    def test_months_of_the_past_stay_empty(self):
        self._set_up_scores()
        engine = self.env["lifecycle.engine"].with_company(self.company)
        history = engine._read_history(self.company, date(2026, 5, 31))
        engine._stage_company(self.company, date(2026, 4, 30), history=history)
        [[count, scored]] = self.env.execute_query(
            SQL("SELECT COUNT(*), COUNT(churn_method) FROM lifecycle_profile_new")
        )
        self.assertGreater(count, 200)
        self.assertEqual(scored, 0)
