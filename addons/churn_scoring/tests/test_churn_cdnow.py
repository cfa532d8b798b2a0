"""CDNOW in Odoo: imported, trained and scored by the scheduled actions."""

from datetime import timedelta

import scipy.optimize
import scipy.special  # noqa: F401

from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.test_cdnow import CdnowCase

# From 1997-12-30 to 1998-06-30: the papers look at the first 39 weeks and judge on the
# 13 that follow, which end then.
_REST = 182
_HORIZON = 91


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
