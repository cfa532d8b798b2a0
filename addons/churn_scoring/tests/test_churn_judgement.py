"""What was said is judged when its time has passed."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import churn_judgement_work
from .churn_common import PredictionsCase


@tagged("post_install", "-at_install")
class TestChurnJudgement(PredictionsCase):
    def _set_up_past(self):
        """The model of a past day, with what it said then."""
        self.day = self.today - timedelta(days=70)
        with self.at(self.day):
            model = self._set_up_scores()
            with self._no_commit():
                self.judgements._cron_judge()
        self.assertTrue(self._kept())
        return model

    def test_judged_when_the_horizon_has_passed(self):
        model = self._set_up_past()
        said = {kept.partner_id.id: kept.probability for kept in self._kept()}
        self._judge(self.day + timedelta(days=60))
        self.assertFalse(self._judged(), "the last day is not over")
        self._judge()
        [judged] = self._judged()
        self.assertEqual(judged.date, self.day)
        self.assertEqual(judged.until, self.day + timedelta(days=60))
        self.assertEqual(judged.model_id, model)
        # by hand
        bought = self.env["lifecycle.history"].search(
            [
                ("company_id", "=", self.company.id),
                ("date", ">", self.day),
                ("date", "<=", judged.until),
            ]
        )
        left = set(said) - set(bought.partner_id.ids)
        self.assertEqual(judged.customer_count, len(said))
        self.assertAlmostEqual(judged.observed_share, len(left) / len(said), 4)
        self.assertAlmostEqual(
            judged.predicted_share, sum(said.values()) / len(said), 4
        )
        pairs = [
            (said[gone] > said[stays]) + (said[gone] == said[stays]) / 2
            for gone in left
            for stays in set(said) - left
        ]
        self.assertAlmostEqual(judged.auc, sum(pairs) / len(pairs), 3)
        self.assertTrue(judged.auc_low < judged.auc < judged.auc_high)
        self.assertTrue(judged.share_low < judged.predicted_share < judged.share_high)
        self.assertIn("% said", judged.verdict)
        self.assertEqual(model.company_judgement_ids, judged)
        # once
        self._judge()
        self.assertEqual(len(self._judged()), 1)

    def test_drift_raises_an_alert(self):
        self._set_up_past()
        self.env.cr.execute(
            SQL(
                "UPDATE churn_prediction SET probability = 0.02 WHERE company_id = %s",
                self.company.id,
            )
        )
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "churn-manager",
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [
                    (6, 0, self.env.ref("lifecycle_crm.group_lifecycle_manager").ids)
                ],
            }
        )
        self._judge()
        judged = self._judged()
        self.assertTrue(judged.drift)
        model = self.env["churn.model"]._get_active(self.company)
        activity = model.activity_ids.filtered(lambda a: a.user_id == manager)
        self.assertEqual(len(activity), 1)
        self.assertIn("2 % said", activity.note)
        health = self.env["lifecycle.health"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn("The churn model is off", health.attention)

    def test_no_alert_where_it_holds(self):
        self._set_up_past()
        observed = self._observe()
        # as if it had been said that so many leave
        self.env.cr.execute(
            SQL(
                "UPDATE churn_prediction SET probability = %s WHERE company_id = %s",
                observed + 0.04,
                self.company.id,
            )
        )
        self._judge()
        judged = self._judged()
        self.assertAlmostEqual(judged.observed_share, observed, 4)
        self.assertFalse(judged.drift)
        model = self.env["churn.model"]._get_active(self.company)
        self.assertFalse(model.activity_ids)
        health = self.env["lifecycle.health"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertNotIn("churn model is off", health.attention or "")

    def _observe(self):
        """Share of the customers of the past day without an order in 60 days."""
        said = self._kept().partner_id
        bought = self.env["lifecycle.history"].search(
            [
                ("company_id", "=", self.company.id),
                ("date", ">", self.day),
                ("date", "<=", self.day + timedelta(days=60)),
            ]
        )
        return len(said - bought.partner_id) / len(said)

    def test_what_was_said_is_about_what_happens(self):
        self._set_up_past()
        self._judge()
        judged = self._judged()
        self.assertLess(
            abs(judged.predicted_share - judged.observed_share), 0.15, judged.verdict
        )

    def test_a_company_that_fails_stops_no_other(self):
        self._set_up_past()
        other = self._create_company("Other")
        self.env.cr.execute(
            SQL(
                """INSERT INTO churn_prediction (company_id, date, partner_id,
                    horizon_days, clv_months, probability)
                VALUES (%s, %s, %s, 60, 12, 0.5)""",
                other.id,
                self.day,
                self.partners[0].id,
            )
        )
        judge = churn_judgement_work.ChurnJudgement._judge

        def fail_here(judgements, company, *args):
            if company == self.company:
                raise ValueError("no luck")
            return judge(judgements, company, *args)

        with (
            patch.object(self.registry["churn.judgement"], "_judge", fail_here),
            mute_logger("odoo.addons.lifecycle_play.models.res_company_each"),
        ):
            self._judge()
        self.assertFalse(self._judged())
        self.assertEqual(
            self.judgements.search_count(
                [("company_id", "=", other.id), ("kind", "=", "churn")]
            ),
            1,
        )
        # it is told, once the scheduled action had its chance
        health = self.env["lifecycle.health"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn("Judging the predictions", health.attention)
        self._judge()
        health.invalidate_recordset()
        self.assertNotIn("Judging the predictions", health.attention or "")

    def test_after_a_long_pause_some_at_a_time(self):
        self._set_up_past()
        for month in range(3, 9):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO churn_prediction (company_id, date, partner_id,
                        horizon_days, clv_months, probability)
                    VALUES (%s, %s, %s, 60, 12, 0.5)""",
                    self.company.id,
                    self.today - timedelta(days=30 * month),
                    self.partners[0].id,
                )
            )
        self._judge()
        first = self._judged()
        self.assertEqual(len(first), churn_judgement_work._AT_ONCE)
        # the oldest come first
        self.assertEqual(min(first.mapped("date")), self.today - timedelta(days=240))
        self._judge()
        self.assertEqual(len(self._judged()), 7)

    def test_value_is_judged_after_its_months(self):
        with self.at(self.today - timedelta(days=370)):
            self._set_up_scores()
            with self._no_commit():
                self.judgements._cron_judge()
            day = self._kept()[0].date
        said = {kept.partner_id.id: kept.clv for kept in self._kept()}
        self._judge()
        [judged] = self._judged("value")
        lines = self.env["lifecycle.history"].search(
            [
                ("company_id", "=", self.company.id),
                ("partner_id", "in", list(said)),
                ("date", ">", day),
                ("date", "<=", judged.until),
            ]
        )
        self.assertAlmostEqual(judged.value_observed, sum(lines.mapped("amount")), 2)
        self.assertAlmostEqual(judged.value_predicted, sum(said.values()), 2)
        self.assertIn("said", judged.verdict)
        # what was judged in full is cleared away
        self.predictions._gc_predictions()
        self.assertFalse(self._kept())
