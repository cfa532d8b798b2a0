"""Training: when it happens, what it keeps, what it never does."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import churn_model_train
from .churn_common import ChurnCase

WORK = "odoo.addons.churn_scoring.models.churn_model_work"
TRAIN = "odoo.addons.churn_scoring.scoring.training.train"


@tagged("post_install", "-at_install")
class TestChurnTraining(ChurnCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = cls.env["churn.model"]
        cls.partners = cls._buy()

    def _due(self):
        return self.models._get_due_reason(self.company)

    def test_first_run_asks_for_it_and_a_quiet_run_follows(self):
        self.assertFalse(self._due(), "nothing to learn from yet")
        self._recompute(reason="install", quiet=True)
        training = self.models.search([("company_id", "=", self.company.id)])
        self.assertEqual(training.mapped("state"), ["pending"])
        self.assertEqual(training.reason, "install")
        self.assertFalse(self._profiles().filtered("churn_method"))
        with self._no_commit():
            self.models._cron_train()
        self.assertEqual(training.state, "active")
        self.assertEqual(training.as_of, self.today)
        self.assertIn(training.rung, ("1", "2"))
        run = self.env["lifecycle.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "pending")]
        )
        self.assertEqual(len(run), 1)
        self.assertTrue(run.quiet)
        # all purchases are read: the customers may be older than the addon
        self.assertTrue(run.full)
        self._profiles().write({"revenue_year": False})
        self._process_pending()
        self.assertEqual(len(self._profiles([("churn_method", "!=", False)])), 300)
        bought = self._profiles([("last_order_date", ">", self.today - timedelta(300))])
        self.assertTrue(bought)
        self.assertTrue(all(bought.mapped("revenue_year")))
        # what was always so is no change
        self.assertFalse(
            self.env["lifecycle.transition"].search(
                [("company_id", "=", self.company.id), ("kind", "=", "risk")]
            )
        )

    def test_weekly_unless_switched_off(self):
        self._set_up_scores()
        self.assertFalse(self._due())
        with self.at(self.today + timedelta(days=6)):
            self.assertFalse(self._due())
        with self.at(self.today + timedelta(days=7)):
            self.assertEqual(self._due(), "week")
            self.company.churn_retrain_weekly = False
            self.assertFalse(self._due())

    def test_the_last_one_takes_the_place(self):
        first = self._set_up_scores()
        second = self._train()
        self.assertEqual(second.state, "active")
        self.assertEqual(first.state, "superseded")
        self.assertEqual(self.models._get_active(self.company), second)
        # the same purchases, the same model
        self.assertEqual(second.params, first.params)

    def test_a_failure_keeps_the_last_good_model(self):
        good = self._set_up_scores()
        before = {p.id: p.churn_probability for p in self._profiles()}
        with patch(TRAIN, side_effect=ZeroDivisionError("oh")), mute_logger(WORK):
            bad = self._train()
        self.assertEqual(bad.state, "failed")
        self.assertIn("ZeroDivisionError: oh", bad.error)
        self.assertEqual(self.models._get_active(self.company), good)
        self._recompute()
        self.assertEqual(before, {p.id: p.churn_probability for p in self._profiles()})
        health = self.env["lifecycle.health"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn("ZeroDivisionError: oh", health.attention)
        self.assertEqual(health.churn_model_id, good)
        # not again on the same day, but on the next one
        self.assertFalse(self._due())
        with self.at(self.today + timedelta(days=1)):
            self.assertEqual(self._due(), "week")
        self.assertEqual(self._train().state, "active")
        health.invalidate_recordset()
        self.assertNotIn("ZeroDivisionError", health.attention or "")

    def test_a_failure_of_one_company_leaves_the_others_alone(self):
        other = self._create_company("Other")
        self._buy(other, count=60, seed=5)
        train = churn_model_train.ChurnModel._train

        def fail_here(model, company, as_of):
            if company == self.company:
                raise ValueError("no luck")
            return train(model, company, as_of)

        with (
            patch.object(self.registry["churn.model"], "_train", fail_here),
            mute_logger(WORK),
        ):
            trainings = self._train(self.company | other)
        self.assertEqual(
            {t.company_id: t.state for t in trainings},
            {self.company: "failed", other: "active"},
        )

    def test_a_veto_keeps_the_proven_model_and_says_why(self):
        good = self._set_up_scores()
        self.assertGreaterEqual(good.rung, "2", good.missing_text)
        values = self.models._train(self.company, self.today)
        values.update(
            rung="1",
            vetoed=True,
            reasons={
                "missing": [],
                "vetoes": [
                    {"code": "weak_ranking", "rung": 2, "have": 0.51, "need": 0.55}
                ],
            },
        )
        with patch.object(self.registry["churn.model"], "_train", lambda *a: values):
            bad = self._train()
            self.assertEqual(bad.state, "vetoed")
            self.assertEqual(self.models._get_active(self.company), good)
            self.assertIn("51.0 of 100", bad.veto_text)
            health = self.env["lifecycle.health"].search(
                [("company_id", "=", self.company.id)]
            )
            self.assertIn("51.0 of 100", health.attention)
            # nor where the company's rhythm gives another horizon by itself
            good.horizon_days += 30
            self.assertEqual(self._train().state, "vetoed")
            # a proven one of a lower level is good enough
            values["rung"] = "2"
            self.assertEqual(self._train().state, "active")
            self.assertEqual(good.state, "superseded")
            # and stays, though a higher level was vetoed when it was trained
            values["rung"] = "1"
            self.assertEqual(self._train().state, "vetoed")
            # the horizon that was asked for is another one: it is what there is
            self.company.churn_horizon_auto = False
            self.models._get_active(self.company).horizon_days += 30
            worse = self._train()
        self.assertEqual(worse.state, "active")
        self.assertTrue(worse.vetoed)

    def test_the_backtest_knows_no_later_credit_note(self):
        """What was returned after its cut was an order on that day."""
        other = self._create_company("Returns")
        other.churn_horizon_auto, other.churn_horizon_days = False, 90
        other.lifecycle_source = "invoice"
        self._buy(other, seed=11)
        day = self.today - timedelta(days=90 + 30)
        invoices = [
            self._invoice(self._partner(f"Returner {n}"), day, 50, company=other)
            for n in range(30)
        ]
        names = ("judged_count", "left_count", "auc", "brier", "brier_recency", "ece")
        before = self._train(other)
        self.assertTrue(before.has_backtest)
        for invoice in invoices:
            self._refund(invoice, self.today - timedelta(days=40))
        after = self._train(other)
        # of today they are no customers any more
        self.assertEqual(after.customer_count, before.customer_count - len(invoices))
        for name in names:
            self.assertAlmostEqual(after[name], before[name], 9, name)

    def test_stopped_again_and_again(self):
        training = self.models._request(self.company, "manual")
        training.write({"state": "running", "attempt_count": 3})
        with self._no_commit(), mute_logger(WORK):
            self.models._process_pending()
        self.assertEqual(training.state, "failed")
        self.assertIn("limit_time_real_cron", training.error)

    def test_taken_up_again(self):
        training = self.models._request(self.company, "manual")
        training.write({"state": "running", "attempt_count": 1})
        with self._no_commit():
            self.models._process_pending()
        self.assertEqual(training.state, "active")
        self.assertEqual(training.attempt_count, 2)

    def test_of_very_many_some_are_learned_from(self):
        whole = self._set_up_scores()
        self.assertGreater(whole.customer_count, 200)
        with patch.object(churn_model_train, "LEARNED_FROM", 150):
            drawn, again = self._train(), self._train()
        self.assertEqual(again.state, "active", again.error)
        self.assertEqual(drawn.state, "superseded", drawn.error)
        for training in drawn, again:
            # of all there are, though not all were read
            self.assertEqual(training.customer_count, whole.customer_count)
        self.assertLessEqual(drawn.judged_count, 150)
        self.assertGreater(drawn.judged_count, 75)
        self.assertAlmostEqual(
            drawn.repeater_count, whole.repeater_count, delta=whole.customer_count / 8
        )
        self.assertNotEqual(drawn.params["mbg"]["r"], whole.params["mbg"]["r"])
        # the same ones each time
        self.assertEqual(drawn.params, again.params)

    def test_old_trainings_are_cleared_away(self):
        first = self._set_up_scores()
        second = self._train()
        with self.at(self.today + timedelta(days=3 * 365)):
            self.models._gc_models()
        self.assertFalse(first.exists())
        self.assertTrue(second.exists())

    def test_texts_in_any_state(self):
        model = self._set_up_scores()
        self.assertIn("of 100 pairs", model.ranking_text)
        for name in (
            "level_text",
            "probability_text",
            "calibration_text",
            "value_text",
            "bands_text",
            "summary",
        ):
            self.assertTrue(model[name], name)
        self.assertTrue(model.curve["groups"])
        self.assertEqual(len(model.history_curve["points"]), 1)
        for own, last, said in ((10, 9, True), (9, 10, False)):
            model.write({"clv_mae": own, "clv_mae_last": last})
            self.assertEqual("rather than as amounts" in model.value_text, said)
        # where only one left nobody knows how sure the ranking is
        model.write({"auc_low": False, "auc_high": False, "clv_bias": False})
        model.invalidate_recordset()
        self.assertIn("may be chance", model.ranking_text)
        [point] = model.history_curve["points"]
        self.assertEqual((point["low"], point["high"]), (None, None))
        self.assertIn("Nothing came", model.value_text)
        waiting = self.models._request(self.company, "manual")
        self.assertFalse(waiting.summary)
        self.assertFalse(waiting.ranking_text)
        self.assertTrue(waiting.display_name)
        for state, said in (
            ("pending", "waits"),
            ("running", "under way"),
            ("failed", "failed"),
            ("vetoed", "not used"),
        ):
            waiting.write({"state": state, "as_of": self.today})
            model.invalidate_recordset()
            self.assertIn(said, model.later_text)
            self.assertEqual(model.action_open_later()["res_id"], waiting.id)
            self.assertFalse(waiting.later_text)
        waiting.write({"state": "superseded"})
        model.invalidate_recordset()
        self.assertFalse(model.later_text or model.later_id)
        card = self.models.with_context(
            allowed_company_ids=self.company.ids
        ).action_open_card()
        self.assertEqual(card["res_id"], model.id)
