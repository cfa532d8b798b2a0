"""CDNOW in Odoo: imported, trained and scored by the scheduled actions."""

import io
from datetime import timedelta
from unittest.mock import patch

import numpy as np
import pandas as pd
import scipy.optimize
import scipy.special  # noqa: F401

from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.test_cdnow import CdnowCase

from ..models import lifecycle_engine_churn
from ..scoring import metrics

# From 1997-12-30 to 1998-06-30: the papers look at the first 39 weeks and judge on the
# 13 that follow, which end then.
_REST = 182
_HORIZON = 91
# From 1997-12-31: half a year of learning and half a year that follows.
_HALF_YEAR = 181


@tagged("post_install", "-at_install")
class TestChurnCdnow(CdnowCase):
    def test_model_card(self):
        self.script.load(self.env, self.company)
        self.company.write(
            {"churn_horizon_auto": False, "churn_horizon_days": _HORIZON}
        )
        with self.at(self.today - timedelta(days=_REST)), self._no_commit():
            self.env["lifecycle.run"]._cron_recompute()
            self.env["churn.model"]._cron_train()
            self.env["lifecycle.run"]._process_pending()
            model = self.env["churn.model"]._get_active(self.company)
            self.assertIn(model.rung, ("2", "3"))
            self.assertGreater(model.auc, 0.79)
            self.assertLess(model.brier, 0.111)
            self.assertLess(model.auc_low, model.auc)
            self.assertLess(model.brier, model.brier_recency)
            self.assertLess(model.brier_recency, model.brier_base)
            # the papers' customers, less those who only got gifts
            self.assertEqual(model.customer_count, 2349)
            self.assertAlmostEqual(model.observed_share, 0.829, delta=0.003)
            self.assertIn(f"{round(100 * model.auc)} of 100", model.ranking_text)
            self.assertIn(f"{model.brier:.4f}", model.probability_text)
            self.assertEqual(
                sum(group["count"] for group in model.calibration), model.judged_count
            )
            self.assertLess(model.clv_mae, model.clv_mae_last)
            profiles = self.env["lifecycle.profile"].search(
                [("company_id", "=", self.company.id)]
            )
            buyers = profiles.filtered("order_count")
            self.assertEqual(len(buyers.filtered("churn_method")), len(buyers))
            self.assertEqual(set((profiles - buyers).mapped("churn_method")), {False})
            # some hundreds of customers at a time it is the same
            with patch.object(lifecycle_engine_churn, "_BLOCK", 300):
                run = self._recompute()
            self.assertGreater(run.customer_count, 2000)
            self.assertFalse(run.changed_count)

    def test_what_came_of_the_scores(self):
        """Scores of a day of the past, beside what the customers then did."""
        self.script.load(self.env, self.company)
        scores = self._score(self.today - timedelta(days=_HORIZON), _HORIZON)
        scores = scores[scores["churn_probability"].notna()]
        self.assertEqual(len(scores), 2349)
        spend, orders = self._find_rest(self.file, scores["reference"], _HORIZON)
        left, probability = orders == 0, scores["churn_probability"].to_numpy()
        self.assertGreater(metrics.auc_delong(left, probability)[0], 0.82)
        self.assertLess(metrics.brier(left, probability), 0.086)
        self.assertLess(metrics.brier(left, probability), left.mean() * (~left).mean())
        self.assertGreater(metrics.top_decile_lift(spend, scores["clv_expected"]), 5.6)

    def test_value_of_the_next_half_year(self):
        """The whole data set: 23,570 customers, 69,659 purchases."""
        record = self.script.load(self.env, self.company, name=self.script.FULL)
        self.assertEqual(record.imported_count, 69659)
        self.assertEqual(record.created_count, 23570)
        file = self._read_full()
        scores = self._score(self.today - timedelta(days=_HALF_YEAR), _HALF_YEAR)
        scores = scores[scores["clv_expected"].notna()]
        self.assertEqual(len(scores), 23502)
        spend, orders = self._find_rest(file, scores["reference"], _HALF_YEAR)
        value = scores["clv_expected"].to_numpy()
        self.assertLess(metrics.mae(spend, value), 20.5)
        self.assertGreater(metrics.top_decile_lift(spend, value), 5.6)
        left, probability = orders == 0, scores["churn_probability"].to_numpy()
        self.assertGreater(metrics.auc_delong(left, probability)[0], 0.8)
        self.assertLess(metrics.brier(left, probability), 0.13)

    def _score(self, as_of, horizon):
        """What ``make score`` writes, as a DataFrame."""
        out = io.BytesIO()
        self.env["lifecycle.score"]._write_csv(
            self.company, as_of, out, horizon=horizon
        )
        out.seek(0)
        return pd.read_csv(out)

    def _read_full(self):
        """The whole data set by other means than the import."""
        file = pd.read_csv(
            self.script.find_sample(name=self.script.FULL),
            sep=r"\s+",
            header=0,
            names=["customer", "date", "cds", "amount"],
            dtype={"customer": str},
        )
        file["date"] = pd.to_datetime(file["date"], format="%Y%m%d")
        file["date"] += pd.Timestamp(self.today) - file["date"].max()
        file["customer"] = "CDNOW-" + file["customer"]
        return file

    def _find_rest(self, file, customers, days):
        """What customers spent in the last days of the file, and their orders."""
        begin = pd.Timestamp(self.today - timedelta(days=days))
        rest = file[(file["date"] > begin) & (file["amount"] > 0)]
        by_customer = rest.groupby("customer")["amount"].agg(["sum", "size"])
        found = by_customer.reindex(customers).fillna(0)
        return found["sum"].to_numpy(), found["size"].to_numpy(np.int64)
